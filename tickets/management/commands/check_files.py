"""Say what of the customers' files is missing, changed or left over."""

from django.core.management.base import BaseCommand, CommandError

from tickets import inventory


class Command(BaseCommand):
    help = "Compara los archivos guardados con la base de datos, uno por uno, y dice lo que no cuadra."

    def handle(self, **options) -> None:
        """Ends with 1 when something is wrong."""
        count = 0
        for count, fault in enumerate(inventory.faults(), start=1):  # noqa: B007  counted as they come
            self.stderr.write(fault)
        if count:
            raise CommandError(f"No cuadra: {count}.")
        self.stdout.write("Los archivos y la base de datos cuadran.")
