"""Take off the second factor of someone who has lost it, where nobody else of the team can."""

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from helpdesk import second_factor


class Command(BaseCommand):
    help = "Takes off the second factor of someone of the team who has lost it, and tells them by mail."

    def add_arguments(self, parser) -> None:
        parser.add_argument("username", help="nombre de usuario con el que entra")
        parser.add_argument("--yes", action="store_true", help="no pregunta antes")

    def handle(self, *, username: str, yes: bool, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"No hay ninguna cuenta que se llame «{username}».")
        if not yes and not self._agreed(username):
            raise CommandError("No se ha quitado nada.")
        removed = second_factor.reset(user, by=None)
        said = f"Quitado a «{username}»: {removed}." if removed else f"«{username}» no tiene segundo factor."
        self.stdout.write(said)

    def _agreed(self, username: str) -> bool:
        """Only a clear yes is one; a closed input is none."""
        try:
            return input(f"¿Quitar el segundo factor a «{username}»? [s/N] ").strip().lower() in (
                "s",
                "sí",
                "si",
            )
        except EOFError:
            return False
