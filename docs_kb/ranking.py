"""BM25F over stems and over six-letter prefixes: which articles answer a question best.

Pure arithmetic on the postings of the question's stems; no database. The parameters were chosen on judged
queries with `evaluate_search` and move its figures by less than its noise when nudged.
"""

import math
from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import chain, pairwise

from docs_kb.postings import BLOCK, HEAVIEST, Postings, by_block
from docs_kb.search_index import IN_ORDER, IN_TITLE, TITLE_ENDS, TITLE_PLACES, WEIGHT_UNIT
from docs_kb.words import prefix

K1 = 10 * WEIGHT_UNIT
COVERED = 0.3
COVERED_BY_TITLE = 0.9
PAIR_BONUS = 0.07
PHRASE_BONUS = 0.1
PHRASE_DISCOUNT = 0.1
TITLE_BONUS = 1.0
SYNONYM_WEIGHT = 1.0
SYNONYM_COVERS = 0.9
FRAGMENT = 0.8
MOST_READ = 40_000
LOOKED_AT = 300
SCORED_IN_FULL = 101
SHARES = [weight / (K1 + weight) for weight in range(HEAVIEST + 1)]


@dataclass(frozen=True)
class Group:
    """Phrases of the query and what may stand in an article instead of them."""

    said: tuple[tuple[str, ...], ...]
    others: tuple[tuple[str, ...], ...]
    weight: float = SYNONYM_WEIGHT

    @property
    def own(self) -> list[str]:
        """The words of those phrases, each once."""
        return sorted(set(chain.from_iterable(self.said)))


@dataclass(frozen=True)
class Question:
    """A query as stems in order, its groups, the number of articles, and the postings of all its stems and of
    the stems that share a prefix with them. `as_title` is the query as the index would hold it as a title."""

    stems: tuple[str, ...]
    groups: tuple[Group, ...]
    articles: int
    postings: dict[str, Postings]
    as_title: tuple[str, ...] = ()

    @cached_property
    def pairs(self) -> set[tuple[str, str]]:
        """Neighbours in the query, as they stand and without filler; one of the two carries meaning («no
        puedo enviar» is told from «envía»)."""
        telling = set(self.stems)
        found = {*pairwise(self.stems), *pairwise(self.as_title)}
        return {(left, right) for left, right in found if left != right and telling & {left, right}}

    @cached_property
    def phrases(self) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
        """What may stand for the query in several words: by its first word, with the number of its group."""
        found: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for number, group in enumerate(self.groups):
            for phrase in group.others:
                if len(phrase) > 1 and self.postings.keys() >= set(phrase):
                    found[phrase[0]].append((number, phrase))
        return found

    def idf(self, count: int) -> float:
        """What a word says that so many articles have."""
        count = min(count, self.articles)
        return math.log(1 + (self.articles - count + 0.5) / (count + 0.5))


class View:
    """The question as one view sees it: every stem by itself, or all stems of a prefix as one."""

    def __init__(self, question: Question, key):
        self.key = key
        self.question = question
        self.counts: dict[str, int] = defaultdict(int)
        for term, postings in question.postings.items():
            self.counts[key(term)] += postings.count
        self.terms = {key(term): self.idf(key(term)) for term in question.stems}
        self.total = sum(self.terms.values()) or 1.0
        self.groups: list[tuple[list[str], list]] = []
        self.groups_of: dict[str, set[int]] = {}
        for group in question.groups:
            self._add(group)
        said = {tuple(map(key, phrase)) for group in question.groups for phrase in group.said}
        self.phrases = [frozenset(phrase) for phrase in said if len(phrase) > 1]

    def idf(self, term: str) -> float:
        return self.question.idf(self.counts.get(term, 0))

    def _add(self, group: Group) -> None:
        """What stands for words says no more than they do: «clave», seldom used, is worth «contraseña»."""
        others = []
        most = sum(self.idf(self.key(term)) for term in group.own)
        for phrase in group.others:
            keys = [self.key(term) for term in phrase]
            if all(self.counts.get(term) for term in keys):
                scale = min(most / sum(map(self.idf, keys)), len(keys) ** -PHRASE_DISCOUNT)
                others.append((group.weight * scale, [(term, self.idf(term)) for term in keys]))
                for term in keys:
                    self.groups_of.setdefault(term, set()).add(len(self.groups))
        self.groups.append(([self.key(term) for term in group.own], others))

    def score(self, weights: dict[str, int], head: Set[str], title: Set[str]) -> tuple[float, float]:
        """An article's score, and the share of the query's information that it has."""
        found = {term: weight / (K1 + weight) for term, weight in weights.items()}
        part = {term: self.terms[term] * share for term, share in found.items() if term in self.terms}
        for term in self._fragments(head):
            if term in part:
                part[term] *= FRAGMENT
        covers = dict.fromkeys(part, 1.0)
        in_title = {term: 1.0 for term in part if term in title}
        stand_ins = []
        for index in set().union(*(self.groups_of.get(term, ()) for term in found)):
            own, others = self.groups[index]
            best, best_in_title = _best_other(others, found, head, title)
            if best:
                stand_ins.append((-best, index))
                for term in own:
                    covers.setdefault(term, SYNONYM_COVERS)
                    if best_in_title:
                        in_title.setdefault(term, SYNONYM_COVERS)
        for best, index in sorted(stand_ins):
            self._replace(part, self.groups[index][0], -best)
        score = sum(part.values())
        covered, titled = self._share(covers), self._share(in_title)
        return score * (1 - COVERED + COVERED * covered) * (1 + COVERED_BY_TITLE * titled), covered

    def _fragments(self, head: Set[str]) -> set[str]:
        """Words of the query that mean what they mean only in a phrase which this article does not have:
        «hablar» of «hablar con alguien»."""
        return set().union(*(phrase for phrase in self.phrases if not head >= phrase))

    def _replace(self, part: dict[str, float], own: list[str], value: float) -> None:
        """Let what stands for words of the query count instead of them where it says more: a word that has
        synonyms in three groups says no more than one that has them in one."""
        if value > sum(part.get(term, 0.0) for term in own):
            most = sum(map(self.idf, own)) or 1.0
            for term in own:
                part[term] = max(part.get(term, 0.0), value * self.idf(term) / most)

    def _share(self, parts: dict[str, float]) -> float:
        return sum(self.terms.get(term, 0.0) * share for term, share in parts.items()) / self.total


def rank(question: Question, within: Set[int] | None = None) -> list[tuple[int, float]]:
    """Keys of articles with scores, best first; of those `within`, if given.

    A score is 1 for an article that is best in both views and has every word of the query; it falls with the
    share of the query that the best article leaves uncovered, so it can be compared between queries.
    """
    by_stem, by_prefix = View(question, str), View(question, prefix)
    titled = _with_title(question)
    articles = _likeliest(question, titled, within)
    wanted = by_block(articles)
    weights = _by_article({term: each.weights_of(wanted) for term, each in question.postings.items()})
    places = _by_article({term: each.places_of(wanted) for term, each in question.postings.items()})
    scores: tuple[dict[int, float], dict[int, float]] = ({}, {})
    bonus: dict[int, float] = {}
    covered = 0.0
    for article in articles:
        found, heads = weights[article], places[article]
        title = {term for term, place in heads.items() if place & IN_TITLE}
        coarse: dict[str, int] = defaultdict(int)
        for term, weight in found.items():
            coarse[prefix(term)] += weight
        scores[0][article], _ = by_stem.score(found, heads.keys(), title)
        scores[1][article], share = by_prefix.score(
            coarse, {prefix(term) for term in heads}, {prefix(term) for term in title}
        )
        covered = max(covered, share)
        bonus[article] = (
            PAIR_BONUS * _pairs(question, heads)
            + PHRASE_BONUS * _phrases(question, heads)
            + TITLE_BONUS * (article in titled)
        )
    return _fuse(scores, bonus, covered)


def _with_title(question: Question) -> set[int]:
    """The articles whose title is the whole query, word by word."""
    postings = [question.postings.get(term) for term in question.as_title]
    if not postings or not all(postings):
        return set()
    rarest = min(postings, key=lambda each: each.count)
    wanted = {block: list(row.heads) for block, row in rarest.rows.items()}
    known = {term: question.postings[term].places_of(wanted) for term in set(question.as_title)}
    articles = [block * BLOCK + offset for block, offsets in wanted.items() for offset in offsets]
    return {article for article in articles if _is_title(question.as_title, known, article)}


def _is_title(words: tuple[str, ...], places: dict[str, dict[int, int]], article: int) -> bool:
    here = {term: each.get(article, 0) for term, each in places.items()}
    in_place = all(here[term] >> min(at, TITLE_PLACES) & 1 for at, term in enumerate(words))
    taken = sum((place & IN_TITLE).bit_count() for place in here.values())
    ends = bool(here[words[-1]] & TITLE_ENDS)
    return in_place and ends and taken == min(len(words), TITLE_PLACES + 1)


def _pairs(question: Question, heads: dict[str, int]) -> int:
    """How many neighbours of the query are neighbours in the article's head."""
    return sum(
        bool((heads.get(left, 0) & IN_ORDER) << 1 & heads.get(right, 0) & IN_ORDER)
        for left, right in question.pairs
    )


def _phrases(question: Question, heads: dict[str, int]) -> int:
    """For how many groups the article's head has, word by word, a phrase that may stand for the query's."""
    return len(
        {
            group
            for first in heads.keys() & question.phrases.keys()
            for group, phrase in question.phrases[first]
            if _stands(phrase, heads)
        }
    )


def _stands(phrase: tuple[str, ...], heads: dict[str, int]) -> bool:
    """Whether the words of a phrase stand in this order somewhere in a head."""
    place = heads.get(phrase[0], 0) & IN_ORDER
    for term in phrase[1:]:
        place = place << 1 & heads.get(term, 0) & IN_ORDER
        if not place:
            break
    return bool(place)


def _likeliest(question: Question, titled: set[int], within: Set[int] | None) -> list[int]:
    """The articles worth scoring in full: a plain sum over stems, prefix mates and synonyms puts them in an
    order good enough to cut by. The most telling stems are read whole, the others for the best so far."""
    worth = _worth(question)
    order = sorted(worth, key=lambda term: (-worth[term], term))
    read = unread = 0
    while unread < len(order) and read < MOST_READ:
        read += question.postings[order[unread]].count
        unread += 1
    sums = _best(_sums(question, worth, order[:unread]), LOOKED_AT, within)
    wanted = by_block(sums)
    for term in order[unread:]:
        for article, weight in question.postings[term].weights_of(wanted).items():
            sums[article] += worth[term] * SHARES[weight]
    best = nlargest(SCORED_IN_FULL, sums, key=lambda article: (sums[article], -article))
    return sorted({*best, *(titled if within is None else titled & within)})


def _sums(question: Question, worth: dict[str, float], terms: list[str]) -> dict[int, list[float]]:
    """By block, what each of its articles has of these stems."""
    sums: dict[int, list[float]] = {}
    for term in terms:
        value = worth[term]
        for block, row in question.postings[term].rows.items():
            if block not in sums:
                sums[block] = [0.0] * BLOCK
            here = sums[block]
            for offset, weight in zip(row.offsets, row.weights, strict=True):
                here[offset] += value * SHARES[weight]
    return sums


def _best(sums: dict[int, list[float]], count: int, within: Set[int] | None) -> dict[int, float]:
    """The keys of the highest sums, lower keys first among equals."""
    if within is not None:
        for block, here in sums.items():
            base = block * BLOCK
            sums[block] = [value if base + at in within else 0.0 for at, value in enumerate(here)]
    lowest = nlargest(count, chain.from_iterable(sums.values()))[-1:]
    enough = [
        (-value, block * BLOCK + at)
        for block, here in sums.items()
        for at, value in enumerate(here)
        if value and value >= lowest[0]
    ]
    return {article: -value for value, article in sorted(enough)[:count]}


def _worth(question: Question) -> dict[str, float]:
    """What each stem is worth in that plain sum: those that begin like it less, synonyms half."""
    idf = {term: question.idf(postings.count) for term, postings in question.postings.items()}
    own, starts = set(question.stems), {prefix(term) for term in question.stems}
    most: dict[str, float] = {}
    for group in question.groups:
        value = sum(idf.get(term, 0.0) for term in group.own)
        for start in {prefix(term) for phrase in group.others for term in phrase}:
            most[start] = max(most.get(start, 0.0), value)
    worth = {}
    for term, value in idf.items():
        if term in own:
            worth[term] = value
        elif prefix(term) in starts:
            worth[term] = 0.7 * value
        elif prefix(term) in most:
            worth[term] = 0.5 * min(value, most[prefix(term)] or value)
    return worth


def _by_article(by_term: dict[str, dict[int, int]]) -> dict[int, dict[str, int]]:
    turned: dict[int, dict[str, int]] = defaultdict(dict)
    for term, values in by_term.items():
        for article, value in values.items():
            turned[article][term] = value
    return turned


def _best_other(others: list, found: dict[str, float], head: Set[str], title: Set[str]) -> tuple[float, bool]:
    """The best of a group counts, not the sum; a phrase only when the article has all of it in its head."""
    best, best_in_title = 0.0, False
    for weight, phrase in others:
        score = 0.0
        for term, idf in phrase:
            share = found.get(term)
            if share is None or (len(phrase) > 1 and term not in head):
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
