"""Make the staff login and, with DEMO=1, fill an empty desk with the demo."""

from django.conf import settings
from django.core.management.base import BaseCommand

from helpdesk import demo, staff_login


class Command(BaseCommand):
    help = "Makes the staff login; with DEMO=1 fills an empty desk with demo data. Can be run again."

    def handle(self, **options) -> None:
        login = staff_login.ensure("equipo")
        if settings.DEMO and demo.load(hashed_password=login.hashed):
            self.stdout.write("Datos de demostración cargados.")
