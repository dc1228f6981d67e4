"""How good the search is: standard retrieval figures on a file of judged queries.

A judgement is one JSON line `{"qid", "kind", "query", "relevant": {slug: grade}}`; grade 2 answers, 1 helps,
an empty `relevant` means that nothing answers. Such queries count for times only.
"""

import json
import math
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path

from docs_kb.search import search

DEPTH = 10
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Judgement:
    """A query and the articles that answer it."""

    qid: str
    kind: str
    query: str
    relevant: dict[str, int]

    def with_typo(self) -> "Judgement":
        """The same query with one slip in one of its longer words, the same one every time."""
        chance = random.Random(self.qid)
        words = self.query.split()
        places = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
        if not places:
            return self
        place = chance.choice(places)
        words[place] = _slip(words[place], chance)
        return replace(self, query=" ".join(words))

    def first_half(self) -> "Judgement":
        """The same query cut in the middle, as suggestions see it while somebody types."""
        return replace(self, query=self.query[: len(self.query) // 2])


@dataclass(frozen=True)
class Outcome:
    """What one query brought."""

    judgement: Judgement
    found: list[str]
    total: int
    seconds: float

    @property
    def ndcg(self) -> float:
        gains = [2 ** self.judgement.relevant.get(slug, 0) - 1 for slug in self.found[:DEPTH]]
        best = sorted((2**grade - 1 for grade in self.judgement.relevant.values()), reverse=True)[:DEPTH]
        return _discounted(gains) / _discounted(best) if best else 0.0

    def recall(self, depth: int) -> float:
        hits = sum(slug in self.judgement.relevant for slug in self.found[:depth])
        return hits / min(depth, len(self.judgement.relevant))

    def success(self, depth: int) -> float:
        return float(any(slug in self.judgement.relevant for slug in self.found[:depth]))

    @property
    def reciprocal_rank(self) -> float:
        ranks = (rank for rank, slug in enumerate(self.found, 1) if slug in self.judgement.relevant)
        return 1 / next(ranks, math.inf)


@dataclass(frozen=True)
class Row:
    """A line of the table: nDCG@10, Recall@3, MRR, success@1 and @3, share without results; p50 and p99."""

    count: int
    figures: tuple[float, ...]
    milliseconds: tuple[float, float]


@dataclass(frozen=True)
class Table:
    """The outcomes of a run, summed up by kind of query."""

    outcomes: list[Outcome]

    def kinds(self) -> list[str]:
        return ["all", *dict.fromkeys(outcome.judgement.kind for outcome in self.outcomes)]

    def row(self, kind: str) -> Row:
        chosen = [o for o in self.outcomes if kind in ("all", o.judgement.kind)]
        judged = [o for o in chosen if o.judgement.relevant]
        figures = (
            _mean([o.ndcg for o in judged]),
            _mean([o.recall(3) for o in judged]),
            _mean([o.reciprocal_rank for o in judged]),
            _mean([o.success(1) for o in judged]),
            _mean([o.success(3) for o in judged]),
            _mean([float(not o.total) for o in judged]),
        )
        times = sorted(o.seconds * 1000 for o in chosen) or [0.0]
        return Row(len(chosen), figures, (times[len(times) // 2], times[math.ceil(len(times) * 0.99) - 1]))

    def ndcg(self, kind: str) -> float:
        return self.row(kind).figures[0]


def read_judgements(file: Path) -> list[Judgement]:
    """Read a judgement file. Raises OSError or ValueError."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    try:
        return [Judgement(str(d["qid"]), d["kind"], d["query"], d["relevant"]) for d in lines]
    except (KeyError, TypeError) as error:
        raise ValueError(f"falta {error}")


def evaluate(judgements: list[Judgement]) -> Table:
    """Run every query against the articles that are there now."""
    search("calentar")
    return Table([_run(judgement) for judgement in judgements])


def _run(judgement: Judgement) -> Outcome:
    started = time.perf_counter()
    results = search(judgement.query, limit=DEPTH)
    seconds = time.perf_counter() - started
    return Outcome(judgement, [hit.article.slug for hit in results.hits], results.total, seconds)


def _slip(word: str, chance: random.Random) -> str:
    """One letter dropped, doubled up with another, replaced, or swapped with the next."""
    at = chance.randrange(len(word) - 1)
    letter = chance.choice(LETTERS)
    ends = {
        "drop": word[at + 1 :],
        "insert": letter + word[at:],
        "replace": letter + word[at + 1 :],
        "swap": word[at + 1] + word[at] + word[at + 2 :],
    }
    return word[:at] + chance.choice(list(ends.values()))


def _discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
