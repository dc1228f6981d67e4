"""Write the documentation as a folder of Markdown files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from docs_kb.exporting import export_articles


class Command(BaseCommand):
    help = "Exporta todos los artículos a una carpeta, en el formato que lee import_articles."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="carpeta de destino")

    def handle(self, *, path: Path, **options):
        """Ends with 1 when the bytes of a file are gone; the rest is written."""
        try:
            done = export_articles(folder=path)
        except OSError as error:
            raise CommandError(f"No se puede escribir en {path}: {error.strerror}.")
        for name in done.left_over:
            self.stderr.write(f"Sobra {name}: ya estaba y no es de ninguna guía.")
        self.stdout.write(f"Artículos exportados: {done.articles}. Archivos: {done.files}.")
        if done.missing:
            raise CommandError(f"Faltan en el almacén: {', '.join(done.missing)}.")
