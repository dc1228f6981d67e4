"""The demo: a team, its articles, channels and a few dozen tickets with a past, from the folder `demo/`.

Tickets go through the same doors as everybody's, at the moments of their story; their mails are stored as
sent then, so that nothing leaves now.
"""

import re
from datetime import datetime, time, timedelta
from pathlib import Path

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from contact.models import Channel
from contact.setup import create_default_channels
from docs_kb.importing import import_articles
from docs_kb.models import Article
from helpdesk import demo_readers
from helpdesk.demo_pictures import draw_window
from tickets import attachments, conversation, surveys, timekeeping, triage
from tickets.models import Attachment, Message, OutboxMessage, Requester, Ticket
from tickets.rating import rate

FOLDER = Path(settings.BASE_DIR) / "demo"
TEAM = (
    ("ana", "Ana", "Serrano", ["Agente"]),
    ("marta", "Marta", "Gil", ["Agente"]),
    ("nuria", "Nuria", "Campos", ["Agente"]),
    ("pilar", "Pilar", "Reyes", ["Supervisión"]),
    ("tomas", "Tomás", "Vega", ["Documentación"]),
)
_AGO = re.compile(r"(\d+)m|(\d+)h|(\d+)d (\d\d):(\d\d)")


def load(*, hashed_password: str) -> bool:
    """Fill an empty desk, whole or not at all; False, and nothing done, when it is not empty.

    `hashed_password` becomes the password of the whole team.
    """
    if Ticket.objects.exists() or Article.objects.exists() or Channel.objects.exists():
        return False
    with transaction.atomic():
        create_default_channels()
        import_articles(folder=FOLDER / "articles")
        team = create_team(hashed_password)
        now = timezone.now()
        for story in yaml.safe_load((FOLDER / "tickets.yaml").read_text(encoding="utf-8")):
            tell(story, team, now)
        timekeeping.forecast(now)
        timekeeping.remind(now)
        mail_as_of(now, since=now)
        demo_readers.tell(FOLDER / "readers.yaml", today=timezone.localdate(now))
    return True


def create_team(hashed_password: str) -> dict[str, User]:
    """The demo's staff by user name, each in their groups."""
    team = {}
    for username, first_name, last_name, groups in TEAM:
        user, _ = User.objects.get_or_create(
            username=username,
            defaults={
                "first_name": first_name,
                "last_name": last_name,
                "email": f"{username}.equipo@example.com",
                "password": hashed_password,
                "is_staff": True,
            },
        )
        user.groups.set([Group.objects.get(name=name) for name in groups])
        team[username] = user
    return team


def tell(story: dict, team: dict[str, User], now: datetime) -> Ticket:
    """Open the ticket of a story and let happen what happened."""
    at = moment(story["at"], now)
    ticket = conversation.open_ticket(
        name=story["name"],
        email=story["email"],
        description=story["text"],
        form_key=stage_pictures(story.get("pictures", [])),
        article=Article.objects.filter(slug=story.get("article", "")).first(),
        search_query=story.get("search", ""),
        is_marked_urgent=story.get("urgent", False),
        at=at,
    )
    mail_as_of(at, since=now)
    for step in story.get("then", []):
        at = moment(step["at"], now)
        happen(ticket, step, team, at)
        mail_as_of(at, since=now)
    backdate(ticket)
    return ticket


def happen(ticket: Ticket, step: dict, team: dict[str, User], at: datetime) -> None:
    """One step of a story, by its own verb."""
    who = team.get(step["who"])
    match step:
        case {"say": text}:
            message = conversation.reply(
                ticket=ticket, author=who, body=text, next_status=step.get("status"), at=at
            )
            if error := step.get("mail_error"):
                message.outbox.update(state=OutboxMessage.State.FAILED, last_error=error, attempts=1)
        case {"note": text}:
            conversation.add_note(ticket=ticket, author=who, body=text, at=at)
        case {"assign": name}:
            triage.assign(ticket=ticket, to=team[name], by=who, at=at)
        case {"priority": priority}:
            triage.change_priority(ticket=ticket, to=priority, by=who, at=at)
        case {"status": status}:
            triage.change_status(ticket=ticket, to=status, by=who, at=at)
        case {"rate": rating}:
            rate(survey=surveys.survey_of(ticket), rating=rating, comment=step.get("comment", ""), at=at)
        case {"spam": is_spam}:
            triage.mark_spam(ticket=ticket, by=who, is_spam=is_spam, at=at)
        case _:
            raise ValueError(f"no verb in {step}")


def mail_as_of(at: datetime, *, since: datetime) -> None:
    """Give the mails written since then the moment of their step, and store them as sent at it."""
    mails = OutboxMessage.objects.filter(created_at__gt=since)
    keys = list(mails.values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=keys).update(created_at=at, due_at=at)
    sent = {"state": OutboxMessage.State.SENT, "sent_at": at + timedelta(seconds=1), "attempts": 1}
    OutboxMessage.objects.filter(pk__in=keys).unsent().update(**sent)


def backdate(ticket: Ticket) -> None:
    """Give customer and files the time of their story."""
    for message in ticket.messages.all():
        Attachment.objects.filter(message=message).update(created_at=message.created_at)
    Requester.objects.filter(pk=ticket.requester_id, created_at__gt=ticket.created_at).update(
        created_at=ticket.created_at
    )
    came_back = ticket.messages.filter(kind=Message.Kind.CUSTOMER)[1:2]
    for message in came_back:  # only the signed link lets a customer answer
        Requester.objects.filter(pk=ticket.requester_id).update(verified_at=message.created_at)


def stage_pictures(pictures: list[list[str]]) -> str:
    """Draw screenshots and leave them as drafts of a form; its key."""
    form_key = attachments.new_form_key()
    for number, (title, *lines) in enumerate(pictures, start=1):
        name = f"captura-{number}.png"
        upload = SimpleUploadedFile(name, draw_window(title, lines), content_type="image/png")
        attachments.stage(form_key=form_key, upload=upload)
    return form_key


def moment(text: str, now: datetime) -> datetime:
    """When «25m», «3h» or «4d 10:24» (four days ago at that hour) was. Raises ValueError otherwise."""
    found = _AGO.fullmatch(text)
    if not found:
        raise ValueError(f"no moment: {text}")
    minutes, hours, days, hour, minute = (int(part or 0) for part in found.groups())
    if not found[3]:
        return now - timedelta(minutes=minutes, hours=hours)
    day = timezone.localdate(now) - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
