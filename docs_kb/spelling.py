"""Typing mistakes: an unknown word -> the known words one or two slips away.

A slip is a letter missing, extra, wrong, or swapped with its neighbour. One slip leaves either the first or
the last half of a word whole, and two slips most often a third, so two index ranges bring all candidates but
one: the word whose two middle letters were swapped («bakcup»), which is looked up as itself.
"""

from dataclasses import dataclass
from operator import itemgetter

from django.db.models import Q, Value

from docs_kb.models import SynonymWord, VocabularyTerm
from docs_kb.words import STOP_WORDS

SHORTEST = 4
SHORTEST_FOR_TWO = 7
SHORTEST_IN_PROSE = 6
MOST_UNKNOWN_WORDS = 8
ALTERNATIVES = 3


@dataclass(frozen=True)
class Correction:
    """A known word that an unknown one may stand for."""

    word: str
    stem: str
    written: str
    slips: int
    articles: int


def is_one_slip(left: str, right: str) -> bool:
    """Whether one letter missing, extra, wrong, or swapped with its neighbour is all that differs."""
    if not -1 <= len(left) - len(right) <= 1:
        return False
    at = 0
    for letter, other in zip(left, right, strict=False):
        if letter != other:
            break
        at += 1
    left, right = left[at:], right[at:]
    if left[1:] == right[1:] or left[1:] == right or left == right[1:]:
        return left != right
    return left[:2] == right[1::-1] and left[2:] == right[2:]


def slips_between(left: str, right: str, most: int = 2) -> int:
    """Damerau-Levenshtein distance (optimal string alignment), or `most` + 1 when it is larger."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        older, before, row = before, row, [i] + [0] * len(right)
        for j, other in enumerate(right, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                row[j] = min(row[j], older[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def corrections(unknown: list[str], *, in_prose: bool = False) -> dict[str, list[Correction]]:
    """For each unknown word the likeliest known ones, best first; one query for all of them.

    A description has many right words that no article has: `in_prose` only one slip in a longer word counts,
    and only towards a word that articles are about.
    """
    shortest = SHORTEST_IN_PROSE if in_prose else SHORTEST
    candidates = [w for w in unknown if len(w) >= shortest and not w[0].isdigit()][:MOST_UNKNOWN_WORDS]
    if not candidates:
        return {}
    known = _known_near(candidates, Q(heads__gte=1) if in_prose else Q(articles__gte=2) | Q(heads__gte=1))
    return {word: found for word in candidates if (found := _best(word, known, in_prose))}


def guesses(found: list[str]) -> dict[str, str]:
    """For a query that found nothing: unknown words and what may have been meant, as it is written. That is a
    word that begins like it («contras»), or one with two slips; never one that nobody looks for («quizá»)."""
    candidates = [w for w in found if len(w) >= SHORTEST and not w[0].isdigit()][:MOST_UNKNOWN_WORDS]
    if not candidates:
        return {}
    known = [row for row in _known_near(candidates, Q(articles__gte=1)) if row[0] not in STOP_WORDS]
    terms = {row[0] for row in known}
    meant = {word: _guess(word, known) for word in candidates if word not in terms}
    return {word: written for word, written in meant.items() if written}


def _guess(word: str, known: list[tuple]) -> str | None:
    longer = [row for row in known if row[0].startswith(word)]
    alike = [row for row in known if len(word) > SHORTEST and slips_between(word, row[0]) <= 2]
    rows = sorted(longer or alike, key=lambda row: (slips_between(word, row[0]), -row[3], row[0]))
    return rows[0][2] if rows else None


def _known_near(candidates: list[str], seen_often: Q) -> list[tuple]:
    """Term, stem, spelling and number of articles of the known words that may be meant."""
    near = Q()
    for word in candidates:
        near |= _near(word)
    columns = ("term", "stem", "written")
    rows = VocabularyTerm.objects.filter(near, seen_often, kind=VocabularyTerm.Kind.WORD)
    synonyms = SynonymWord.objects.filter(near).values_list(*columns, Value(0))
    every = sorted(rows.values_list(*columns, "articles").union(synonyms), key=itemgetter(3))
    return list({row[0]: row for row in every}.values())


def _near(word: str) -> Q:
    """Known words that share the first or the last part of a word and about its length."""
    parts = 3 if len(word) >= SHORTEST_FOR_TWO else 2
    size = max(1, len(word) // parts)
    start, end = word[:size], word[::-1][:size]
    middle = len(word) // 2
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    near = Q(term__gte=start, term__lt=start + "~") | Q(reversed__gte=end, reversed__lt=end + "~")
    return near | Q(term=swapped)


def _best(word: str, known: list[tuple], in_prose: bool) -> list[Correction]:
    """The known words with the fewest slips; two are looked for only when nothing is one slip away."""
    found = [Correction(*row[:3], 1, row[3]) for row in known if is_one_slip(word, row[0])]
    if not found and not in_prose and len(word) >= SHORTEST_FOR_TWO:
        letters = set(word)
        likely = [row for row in known if abs(len(row[0]) - len(word)) <= 2 and _share(letters, row[0])]
        found = [Correction(*row[:3], 2, row[3]) for row in likely if slips_between(word, row[0]) == 2]
    found.sort(key=lambda c: (c.word[0] != word[0], -c.articles, c.word))
    return list({correction.word: correction for correction in found}.values())[:ALTERNATIVES]


def _share(letters: set[str], other: str) -> bool:
    """Whether two slips may lie between words of these letters: each takes away or adds one at most."""
    return len(letters.difference(other)) <= 2 and len(set(other).difference(letters)) <= 2
