"""Score the running search on a file of judged queries."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from docs_kb.evaluation import Judgement, evaluate, read_judgements

HEADS = ("tipo", "n", "nDCG@10", "Recall@3", "MRR", "éxito@1", "éxito@3", "vacías", "p50 ms", "p99 ms")


class Command(BaseCommand):
    help = "Mide el buscador con un archivo de consultas juzgadas (JSON por líneas)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--typos", action="store_true", help="mide también con una errata por consulta")
        parser.add_argument(
            "--half", action="store_true", help="mide también los tickets cortados por la mitad"
        )
        parser.add_argument("--misses", action="store_true", help="lista las consultas con nDCG bajo 0,5")

    def handle(self, *, file: Path, typos: bool, half: bool, misses: bool, **options):
        try:
            judgements = read_judgements(file)
        except (OSError, ValueError) as error:
            raise CommandError(f"No se puede leer {file}: {error}")
        table = evaluate(judgements)
        self._print(table)
        if typos:
            kept = evaluate([j.with_typo() for j in judgements]).ndcg("all") / (table.ndcg("all") or 1)
            self.stdout.write(f"Con una errata por consulta se conserva el {100 * kept:.1f} % del nDCG.")
        if half:
            tickets = [j.first_half() for j in judgements if j.kind == "ticket"]
            success = evaluate(tickets).row("ticket").figures[4] if tickets else 0.0
            self.stdout.write(f"Con la primera mitad de cada ticket, éxito@3: {success:.3f}.")
        if misses:
            self._print_misses(table.outcomes)

    def _print(self, table) -> None:
        self.stdout.write("".join(f"{head:>12}" for head in HEADS))
        for kind in table.kinds():
            row = table.row(kind)
            cells = [f"{kind:>12}", f"{row.count:>12}", *(f"{value:>12.3f}" for value in row.figures)]
            cells += [f"{value:>12.1f}" for value in row.milliseconds]
            self.stdout.write("".join(cells))

    def _print_misses(self, outcomes) -> None:
        for outcome in outcomes:
            if outcome.judgement.relevant and outcome.ndcg < 0.5:
                self._print_miss(outcome.judgement, outcome)

    def _print_miss(self, judgement: Judgement, outcome) -> None:
        self.stdout.write(f"\n{outcome.ndcg:.2f} [{judgement.kind}] {judgement.query}")
        self.stdout.write(f"   quería: {', '.join(judgement.relevant)}")
        self.stdout.write(f"   obtuvo: {', '.join(outcome.found[:5])}")
