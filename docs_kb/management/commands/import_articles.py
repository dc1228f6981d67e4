"""Bring a folder of Markdown articles into the documentation."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from docs_kb.importing import Report, import_articles

BAR = 30


class Command(BaseCommand):
    help = "Importa una carpeta de artículos en Markdown. Repetirlo no cambia nada."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="carpeta con <tema>/<artículo>.md")
        parser.add_argument("--dry-run", action="store_true", help="cuenta lo que haría, sin guardar nada")
        parser.add_argument(
            "--replace", action="store_true", help="sustituye también las guías que vinieron de otra fuente"
        )

    def handle(self, *, path: Path, dry_run: bool, replace: bool, verbosity: int, **options):
        """Ends with 1 when a file was refused; the others are in."""
        self.tenths = 0
        show = self._draw_bar if sys.stderr.isatty() else self._tell_tenths
        try:
            report = import_articles(
                folder=path, dry_run=dry_run, replace=replace, progress=show if verbosity else None
            )
        except FileNotFoundError:
            raise CommandError(f"No existe la carpeta {path}.")
        if verbosity:
            self._print(report, dry_run=dry_run, names=verbosity > 1)
        if report.refused:
            raise CommandError(f"Rechazados: {len(report.refused)}.")

    def _draw_bar(self, done: int, total: int) -> None:
        filled = BAR * done // total
        bar = "#" * filled + "." * (BAR - filled)
        self.stderr.write(
            f"\r[{bar}] {done}/{total}", lambda text: text, ending="\n" if done == total else ""
        )

    def _tell_tenths(self, done: int, total: int) -> None:
        """A line for each ten per cent, where a bar would fill a log."""
        tenths = 10 * done // total
        if tenths > self.tenths:
            self.tenths = tenths
            self.stdout.write(f"{10 * tenths} % ({done} de {total})")

    def _print(self, report: Report, *, dry_run: bool, names: bool) -> None:
        for name, reason in report.refused:
            self.stderr.write(f"Rechazado {name}: {reason}")
        if names:
            for word, slugs in (("Nuevo", report.new), ("Cambiado", report.changed)):
                self.stdout.write("".join(f"{word} {slug}\n" for slug in slugs), ending="")
        would = "Simulación, nada guardado. " if dry_run else ""
        self.stdout.write(
            f"{would}Nuevos: {len(report.new)}. Cambiados: {len(report.changed)}. "
            f"Sin cambios: {len(report.unchanged)}. Rechazados: {len(report.refused)}."
        )
