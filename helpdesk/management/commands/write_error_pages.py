"""Write 500.html and 503.html with today's channels, for the proxy to show when nothing else answers."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import timezone

from contact.availability import read_situation
from contact.help_block import help_entries
from contact.timetable import week_text


class Command(BaseCommand):
    help = "Escribe 500.html y 503.html, con los canales y sus horarios, en una carpeta."

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--back-at", default="", help="«el martes a las 7:00 h»: título de la 503")

    def handle(self, *, folder: Path, back_at: str, **options) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        context = {
            "site_name": settings.SITE_NAME,
            "support_email": settings.SUPPORT_EMAIL,
            "back_at": back_at,
            "channels": _channels(),
        }
        for name in ("500.html", "503.html"):
            (folder / name).write_text(render_to_string(name, context), encoding="utf-8")
            self.stdout.write(str(folder / name))


def _channels() -> list[dict]:
    """The six ways with their weekly hours: a file cannot know whether it is open now."""
    situation = read_situation(timezone.now())
    hours = {state.kind: week_text(state.calendar) for state in situation.states if state.calendar}
    return [
        {"name": entry.name, "url": entry.url, "hours": hours.get(entry.kind, "")}
        for entry in help_entries(situation)
    ]
