"""BM25F over stems and over six-letter prefixes: which of the candidates answers best.

Pure arithmetic on what the index keeps of an article; no database. The parameters were chosen on judged
queries with `evaluate_search` and move its figures by less than its noise when nudged.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from docs_kb.search_index import BAR, WEIGHT_UNIT
from docs_kb.words import prefix

K1 = 1.5 * WEIGHT_UNIT
COVERED = 0.3
COVERED_BY_TITLE = 0.6
PAIR_BONUS = 0.07
TITLE_BONUS = 1.0
SYNONYM_WEIGHT = 0.65
SYNONYM_COVERS = 0.9
SCORED_IN_FULL = 100


@dataclass(frozen=True)
class Group:
    """Words of the query and what may stand in an article instead of them."""

    own: frozenset[str]
    others: tuple[tuple[str, ...], ...]
    weight: float = SYNONYM_WEIGHT


@dataclass(frozen=True)
class Question:
    """A query as stems in order, its groups, and how many articles have each of their stems and of the stems
    that share a prefix with them. `as_title` is the whole query as the index would hold it as a title."""

    stems: tuple[str, ...]
    groups: tuple[Group, ...]
    articles: int
    counts: dict[str, int]
    as_title: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One article's row of the index."""

    article_id: int
    head: str
    stems: str
    weights: str


class View:
    """The question as one view sees it: every stem by itself, or all stems of a prefix as one."""

    def __init__(self, question: Question, key):
        self.key = key
        self.articles = question.articles
        self.counts: dict[str, int] = {}
        for term, count in question.counts.items():
            self.counts[key(term)] = min(self.counts.get(key(term), 0) + count, question.articles)
        self.terms = {key(term): self.idf(key(term)) for term in question.stems}
        self.total = sum(self.terms.values()) or 1.0
        self.groups: list[tuple[list[str], list]] = []
        self.groups_of: dict[str, set[int]] = {}
        for group in question.groups:
            self._add(group)

    def idf(self, term: str) -> float:
        count = self.counts.get(term, 0)
        return math.log(1 + (self.articles - count + 0.5) / (count + 0.5))

    def _add(self, group: Group) -> None:
        others = []
        for phrase in group.others:
            keys = [self.key(term) for term in phrase]
            if all(self.counts.get(term) for term in keys):
                others.append(
                    (group.weight / math.sqrt(len(keys)), [(term, self.idf(term)) for term in keys])
                )
                for term in keys:
                    self.groups_of.setdefault(term, set()).add(len(self.groups))
        self.groups.append(([self.key(term) for term in group.own], others))

    def score(self, weights: dict[str, int], title: list[str]) -> tuple[float, float]:
        """An article's score, and the share of the query's information that it has."""
        found = {term: weight / (K1 + weight) for term, weight in weights.items()}
        part = {term: self.terms[term] * share for term, share in found.items() if term in self.terms}
        score = sum(part.values())
        covers = dict.fromkeys(part, 1.0)
        in_title = {term: 1.0 for term in part if term in title}
        for index in set().union(*(self.groups_of.get(term, ()) for term in found)):
            own, others = self.groups[index]
            best, best_in_title = _best_other(others, found, title)
            if best:
                score += max(0.0, best - sum(part.get(term, 0.0) for term in own))
                for term in own:
                    covers.setdefault(term, SYNONYM_COVERS)
                    if best_in_title:
                        in_title.setdefault(term, SYNONYM_COVERS)
        covered, titled = self._share(covers), self._share(in_title)
        return score * (1 - COVERED + COVERED * covered) * (1 + COVERED_BY_TITLE * titled), covered

    def _share(self, parts: dict[str, float]) -> float:
        return sum(self.terms.get(term, 0.0) * share for term, share in parts.items()) / self.total


def rank(question: Question, candidates: Iterable[Candidate]) -> list[tuple[int, float]]:
    """Article ids with scores, best first.

    A score is 1 for an article that is best in both views and has every word of the query; it falls with the
    share of the query that the best article leaves uncovered, so it can be compared between queries.
    """
    by_stem, by_prefix = View(question, str), View(question, prefix)
    pairs = [f" {a} {b} " for a, b in zip(question.stems, question.stems[1:], strict=False) if a != b]
    scores: tuple[dict[int, float], dict[int, float]] = ({}, {})
    bonus: dict[int, float] = {}
    covered = 0.0
    for candidate, found in _likeliest(question, candidates):
        coarse: dict[str, int] = {}
        for term, weight in found.items():
            coarse[prefix(term)] = coarse.get(prefix(term), 0) + weight
        title = candidate.head.split(BAR, 1)[0].split()
        scores[0][candidate.article_id], _ = by_stem.score(found, title)
        score, share = by_prefix.score(coarse, [prefix(term) for term in title])
        scores[1][candidate.article_id] = score
        covered = max(covered, share)
        head = f" {candidate.head} "
        bonus[candidate.article_id] = PAIR_BONUS * sum(pair in head for pair in pairs)
        if tuple(title) == question.as_title:
            bonus[candidate.article_id] += TITLE_BONUS
    return _fuse(scores, bonus, covered)


def _likeliest(question: Question, candidates: Iterable[Candidate]) -> list[tuple[Candidate, dict[str, int]]]:
    """The candidates worth scoring in full, with their weights of the question's stems.

    A plain sum over stems, prefix mates and synonyms alike puts them in an order good enough to cut by.
    """
    worth = _worth(question)
    wanted = frozenset(worth)
    own_title = f"{' '.join(question.as_title)} {BAR}"
    rough = []
    for candidate in candidates:
        stems = candidate.stems.split()
        has = wanted.intersection(stems)
        weights = candidate.weights.split()
        found = {term: int(weights[stems.index(term)]) for term in has}
        sum_ = math.inf if candidate.head.startswith(own_title) else 0.0
        for term, weight in found.items():
            sum_ += worth[term] * weight / (K1 + weight)
        rough.append((sum_, candidate, found))
    rough.sort(key=lambda item: (-item[0], item[1].article_id))
    return [(candidate, found) for _, candidate, found in rough[:SCORED_IN_FULL]]


def _worth(question: Question) -> dict[str, float]:
    own, starts = set(question.stems), {prefix(term) for term in question.stems}
    worth = {}
    for term, count in question.counts.items():
        share = 1.0 if term in own else 0.7 if prefix(term) in starts else 0.5
        worth[term] = share * math.log(1 + (question.articles - count + 0.5) / (count + 0.5))
    return worth


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


def _fuse(scores: tuple[dict, dict], bonus: dict[int, float], covered: float) -> list[tuple[int, float]]:
    fused: dict[int, float] = dict.fromkeys(scores[1], 0.0)
    for view in scores:
        top = max(view.values(), default=0.0)
        if not top:
            continue
        with_bonus = {pk: score / top + bonus.get(pk, 0.0) for pk, score in view.items()}
        new_top = max(with_bonus.values())
        for pk, score in with_bonus.items():
            fused[pk] += score / new_top / 2
    ranked = [(pk, round(score * covered, 6)) for pk, score in fused.items() if score]
    return sorted(ranked, key=lambda item: (-item[1], item[0]))
