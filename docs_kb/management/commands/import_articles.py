"""Bring a folder of Markdown articles into the documentation."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from docs_kb.importing import Report, import_articles


class Command(BaseCommand):
    help = "Importa una carpeta de artículos en Markdown. Repetirlo no cambia nada."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="carpeta con <tema>/<artículo>.md")
        parser.add_argument("--dry-run", action="store_true", help="cuenta lo que haría, sin guardar nada")

    def handle(self, *, path: Path, dry_run: bool, verbosity: int, **options):
        show = self._show_progress if verbosity and sys.stderr.isatty() else None
        try:
            report = import_articles(folder=path, dry_run=dry_run, progress=show)
        except FileNotFoundError:
            raise CommandError(f"No existe la carpeta {path}.")
        if verbosity:
            self._print(report, dry_run=dry_run)

    def _show_progress(self, done: int, total: int) -> None:
        filled = 30 * done // max(total, 1)
        self.stderr.write(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{total}", ending="")
        if done == total:
            self.stderr.write("")

    def _print(self, report: Report, *, dry_run: bool) -> None:
        for name, reason in report.refused:
            self.stderr.write(f"Rechazado {name}: {reason}")
        would = "Simulación, nada guardado. " if dry_run else ""
        self.stdout.write(
            f"{would}Nuevos: {len(report.new)}. Cambiados: {len(report.changed)}. "
            f"Sin cambios: {len(report.unchanged)}. Rechazados: {len(report.refused)}."
        )
