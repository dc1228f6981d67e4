"""Write the documentation as a folder of Markdown files."""

from pathlib import Path

from django.core.management.base import BaseCommand

from docs_kb.importing import export_articles


class Command(BaseCommand):
    help = "Exporta todos los artículos a una carpeta, en el formato que lee import_articles."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="carpeta de destino")

    def handle(self, *, path: Path, **options):
        self.stdout.write(f"Artículos exportados: {export_articles(folder=path)}.")
