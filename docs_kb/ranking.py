"""BM25F over stems and over six-letter prefixes: which of the candidates answers best.

Pure arithmetic on what the index keeps of an article; no database. The parameters were chosen on judged
queries with `evaluate_search` and move its figures by less than its noise when nudged.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from docs_kb.search_index import BAR, WEIGHT_UNIT
from docs_kb.words import PREFIX_LENGTH, prefix

K1 = 1.5 * WEIGHT_UNIT
COVERED = 0.3
COVERED_BY_TITLE = 0.6
PAIR_BONUS = 0.07
SYNONYM_WEIGHT = 0.65
SYNONYM_COVERS = 0.9


@dataclass(frozen=True)
class Group:
    """Words of the query and what may stand in an article instead of them."""

    own: frozenset[str]
    others: tuple[tuple[str, ...], ...]
    weight: float = SYNONYM_WEIGHT


@dataclass(frozen=True)
class Question:
    """A query as stems in order, its groups, and how many articles have each stem and prefix."""

    stems: tuple[str, ...]
    groups: tuple[Group, ...]
    articles: int
    stem_counts: dict[str, int]
    prefix_counts: dict[str, int]


@dataclass(frozen=True)
class Candidate:
    """One article's row of the index."""

    article_id: int
    head: str
    vector: str


@dataclass(slots=True)
class _View:
    """The question as one of the two views sees it."""

    terms: dict[str, float]
    groups: list[tuple[list[str], list[tuple[float, list[tuple[str, float]]]]]]
    needed: frozenset[str] = field(default_factory=frozenset)
    total: float = 1.0


def rank(question: Question, candidates: Iterable[Candidate]) -> list[tuple[int, float]]:
    """Article ids with scores, best first.

    A score is 1 for an article that is best in both views and has every word of the query; it falls with the
    share of the query that the best article leaves uncovered, so it can be compared between queries.
    """
    stem_view = _view(question, question.stem_counts, str)
    prefix_view = _view(question, question.prefix_counts, prefix)
    pairs = [f" {a} {b} " for a, b in zip(question.stems, question.stems[1:], strict=False) if a != b]
    scores: tuple[dict, dict] = ({}, {})
    bonus: dict[int, int] = {}
    covered = 0.0
    for candidate in candidates:
        title = candidate.head.split(BAR, 1)[0].split()
        weights, prefix_weights = json.loads(candidate.vector)
        found = _score(stem_view, weights, weights, title)
        coarse = _score(prefix_view, weights, prefix_weights, [prefix(term) for term in title])
        if coarse[0]:
            scores[0][candidate.article_id] = found[0]
            scores[1][candidate.article_id] = coarse[0]
            covered = max(covered, coarse[1])
            if pairs:
                head = f" {candidate.head} "
                bonus[candidate.article_id] = sum(pair in head for pair in pairs)
    return _fuse(scores, bonus, covered)


def _view(question: Question, counts: dict[str, int], key) -> _View:
    def idf(term: str) -> float:
        count = counts.get(term, 0)
        return math.log(1 + (question.articles - count + 0.5) / (count + 0.5))

    terms = {key(stemmed): idf(key(stemmed)) for stemmed in question.stems}
    groups = []
    for group in question.groups:
        others = []
        for phrase in group.others:
            keys = [key(term) for term in phrase]
            if all(counts.get(term) for term in keys):
                others.append((group.weight / math.sqrt(len(keys)), [(term, idf(term)) for term in keys]))
        if others:
            groups.append(([key(term) for term in group.own], others))
    needed = set(terms)
    needed.update(term for _, others in groups for _, phrase in others for term, _ in phrase)
    return _View(terms, groups, frozenset(needed), sum(terms.values()) or 1.0)


def _score(view: _View, weights: dict, coarse: dict, title: list[str]) -> tuple[float, float]:
    """An article's score in one view, and the share of the query's information that it has."""
    found = {}
    for term in view.needed:
        weight = (coarse if len(term) == PREFIX_LENGTH else weights).get(term)
        if weight:
            found[term] = weight / (K1 + weight)
    if not found:
        return 0.0, 0.0
    part = {term: idf * found[term] for term, idf in view.terms.items() if term in found}
    score = sum(part.values())
    covers = dict.fromkeys(part, 1.0)
    in_title = {term: 1.0 for term in part if term in title}
    for own, others in view.groups:
        best, best_in_title = _best_other(others, found, title)
        if best:
            score += max(0.0, best - sum(part.get(term, 0.0) for term in own))
            for term in own:
                covers.setdefault(term, SYNONYM_COVERS)
                if best_in_title:
                    in_title.setdefault(term, SYNONYM_COVERS)
    covered = sum(view.terms.get(term, 0.0) * share for term, share in covers.items()) / view.total
    titled = sum(view.terms.get(term, 0.0) * share for term, share in in_title.items()) / view.total
    return score * (1 - COVERED + COVERED * covered) * (1 + COVERED_BY_TITLE * titled), covered


def _best_other(others: list, found: dict[str, float], title: list[str]) -> tuple[float, bool]:
    """The best of a group counts, not the sum; a phrase only when the article has all of it."""
    best, best_in_title = 0.0, False
    for weight, phrase in others:
        score = 0.0
        for term, idf in phrase:
            share = found.get(term)
            if share is None:
                break
            score += idf * share
        else:
            if score * weight > best:
                best, best_in_title = score * weight, all(term in title for term, _ in phrase)
    return best, best_in_title


def _fuse(scores: tuple[dict, dict], bonus: dict[int, int], covered: float) -> list[tuple[int, float]]:
    fused: dict[int, float] = dict.fromkeys(scores[1], 0.0)
    for view in scores:
        top = max(view.values(), default=0.0)
        if not top:
            continue
        with_bonus = {pk: score / top + PAIR_BONUS * bonus.get(pk, 0) for pk, score in view.items()}
        new_top = max(with_bonus.values())
        for pk, score in with_bonus.items():
            fused[pk] += score / new_top / 2
    ranked = [(pk, round(score * covered, 6)) for pk, score in fused.items()]
    return sorted(ranked, key=lambda item: (-item[1], item[0]))
