"""How fast the search is with 1,360 real articles and with 20,000 made of them, on each database at hand.

`python -m bench.search 0` leaves the many out, another number makes as many.
"""

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.desk import ROOT, Desk
from bench.many_articles import read_originals, write_many
from helpdesk.tests import services

SHARED = Path(os.environ.get("SHARED_DATA_DIR") or ROOT.parent / "shared" / "data")
MANY = 20_000
ROUNDS = 3
# Run inside the desk: milliseconds of every query, and the bytes of everything that the search reads.
MEASURE = """
import json, sys, time
from django.db import connection
from docs_kb.models import Article, Posting, SearchDocument, VocabularyTerm
from docs_kb.search import search
queries = json.loads({queries!r})
times = []
search("calentar")
for query in queries * {rounds}:
    started = time.perf_counter()
    search(query)
    times.append((time.perf_counter() - started) * 1000)
tables = [model._meta.db_table for model in (Posting, SearchDocument, VocabularyTerm)]
with connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT sum(pg_total_relation_size(t::regclass)) FROM unnest(%s::text[]) AS t", [tables]
        )
    else:
        places = ", ".join(["%s"] * len(tables))
        cursor.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name IN "
            f"(SELECT name FROM sqlite_master WHERE tbl_name IN ({{places}}))", tables
        )
    size = cursor.fetchone()[0]
times.sort()
at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
print(json.dumps([Article.objects.count(), at(0.5), at(0.99), int(size)]))
"""


@dataclass(frozen=True)
class Row:
    """One database with one shelf of articles."""

    database: str
    articles: int
    median_ms: float
    p99_ms: float
    index_bytes: int
    import_seconds: float


def sources() -> tuple[Path, Path]:
    """The folder of articles and the file of queries; the demo's where the real ones are missing."""
    if SHARED.is_dir():
        return SHARED / "kb_es" / "articles", SHARED / "relevance_dev.jsonl"
    print("Without the shared articles: the search is measured on the demo's.")
    return ROOT / "demo" / "articles", ROOT / "demo" / "relevance.jsonl"


def measure(many_articles: int = MANY) -> None:
    """Print a row for each database and each size, and how long it took."""
    began = perf_counter()
    articles, judgements = sources()
    queries = [json.loads(line)["query"] for line in judgements.read_text(encoding="utf-8").splitlines()]
    queries += [" ".join(query for query in queries if len(query) > 80)[:2000]]
    print(f"\n{'search':<12}{'articles':>9}{'p50 ms':>9}{'p99 ms':>9}{'index MB':>10}{'import s':>10}")
    with ExitStack() as stack:
        many = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-many-")))
        if many_articles:
            write_many(read_originals(articles), folder=many, count=many_articles)
        for database in ("SQLite", "PostgreSQL"):
            if database == "PostgreSQL" and "postgresql" in services.missing():
                print("PostgreSQL is not installed here")
                continue
            for folder in (articles, many) if many_articles else (articles,):
                _print(_row(database, folder, queries))
    print(f"took {(perf_counter() - began) / 60:.1f} minutes")


def _row(database: str, folder: Path, queries: list[str]) -> Row:
    with ExitStack() as stack:
        variables = {}
        if database == "PostgreSQL":
            variables["DATABASE_URL"] = stack.enter_context(services.postgres())
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-search-"))
        desk = stack.enter_context(Desk(home, **variables))
        started = perf_counter()
        desk.manage("import_articles", str(folder))
        seconds = perf_counter() - started
        if database == "PostgreSQL":  # as its own autovacuum, off in this cluster, would within a minute
            desk.ask("from django.db import connection; connection.cursor().execute('VACUUM ANALYZE')")
        told = desk.ask(MEASURE.format(queries=json.dumps(queries), rounds=ROUNDS))
        return Row(database, *json.loads(told.splitlines()[-1]), seconds)


def _print(row: Row) -> None:
    print(
        f"{row.database:<12}{row.articles:>9}{row.median_ms:>9.1f}{row.p99_ms:>9.1f}"
        f"{row.index_bytes / 1e6:>10.1f}{row.import_seconds:>10.0f}",
        flush=True,
    )


if __name__ == "__main__":
    measure(int(sys.argv[1]) if sys.argv[1:] else MANY)
