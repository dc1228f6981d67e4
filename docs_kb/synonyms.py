"""Groups of synonyms: how staff write them, how a search reads them, which of them speak of a query.

A group is words and short phrases between commas; who types one of them also means the others. What stands
behind a «>» is what guides say and customers do not: it is looked for, never recognised. A phrase is kept as
a line of stems.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from docs_kb.words import (
    FUNCTION_WORDS,
    LINKING_WORDS,
    LONGEST_WORD,
    NEGATIONS,
    STOP_WORDS,
    WRITTEN_WORD,
    fold,
    stem,
    words,
)

ONE_WAY = ">"
MUTE = "-"
SPREAD = 2
Phrases = tuple[tuple[str, ...], ...]


def lines_of(text: str) -> list[str]:
    """The phrases of a group as stems, each once, those behind the «>» beginning with it.

    Words that only link others are left out («me han robado la clave» and «han robado mi clave» are one);
    other function words begin with «-», because no article can be found by them («dos pasos»).
    """
    said, _, meant = text.replace("\n", ",").partition(ONE_WAY)
    lines = [_line(phrase) for phrase in said.split(",")]
    lines += [ONE_WAY + line for phrase in meant.replace(ONE_WAY, ",").split(",") if (line := _line(phrase))]
    return list(dict.fromkeys(line for line in lines if line))


def _line(phrase: str) -> str:
    """The stems of a phrase; nothing when only function words are left."""
    found = words(phrase)
    telling = [word for word in found if word not in LINKING_WORDS]
    if all(word in FUNCTION_WORDS for word in telling):
        return ""
    return " ".join(MUTE * (word in FUNCTION_WORDS - NEGATIONS) + stem(word) for word in telling)


def words_of(text: str) -> list[dict[str, str]]:
    """The content words of a group with what is kept of each: targets of corrections, and how it is found."""
    written = {fold(word)[:LONGEST_WORD]: word[:60] for word in WRITTEN_WORD.findall(text.lower())}
    return [
        {"term": word, "stem": stem(word), "reversed": word[::-1], "written": written.get(word, word)}
        for word in sorted(set(words(text)) - FUNCTION_WORDS)
    ]


@dataclass(frozen=True)
class Said:
    """A query's words as phrases are looked for in them, and which of them carry no meaning."""

    stems: list[str]
    mute: list[bool]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for at, term in enumerate(self.stems):
            found[term].append(at)
        return found


def said_in(found: Iterable[str]) -> Said:
    """A query's words but for those that only link others."""
    kept = [word for word in found if word not in LINKING_WORDS]
    return Said([stem(word) for word in kept], [word in STOP_WORDS - NEGATIONS for word in kept])


def stems_of(stored: str) -> set[str]:
    """Every stem of a stored group."""
    return {term.lstrip(ONE_WAY + MUTE) for term in stored.split()}


def meanings(stored: str, said: Said) -> tuple[Phrases, Phrases] | None:
    """The phrases of a query that a stored group speaks of, and those that may stand for them in an article;
    nothing when the query uses none of the group."""
    lines = [line for line in stored.split("\n") if line]
    phrases = [line.split() for line in lines if not line.startswith(ONE_WAY)]
    own = [phrase for phrase in phrases if _occurs(phrase, said)]
    if not own:
        return None
    others = [phrase for phrase in phrases if phrase not in own]
    others += [line.removeprefix(ONE_WAY).split() for line in lines if line.startswith(ONE_WAY)]
    return _each_once(own), _each_once(others)


def _each_once(phrases: list[list[str]]) -> Phrases:
    return tuple(dict.fromkeys(_voiced(phrase) for phrase in phrases))


def _voiced(phrase: list[str]) -> tuple[str, ...]:
    """What of a phrase an article can be found by."""
    return tuple(term for term in phrase if not term.startswith(MUTE))


def _occurs(phrase: list[str], said: Said) -> bool:
    """Whether all words of a phrase stand together, in any order, with two other words between at most.

    A negation comes first, and one word that carries no meaning may stand between: «no me está llegando el
    correo» says «no llega», and does not say «no sé el correo».
    """
    needed = {term.removeprefix(MUTE) for term in phrase}
    if not needed <= said.places.keys():
        return False
    if len(needed) == 1:
        return True
    if phrase[0] in NEGATIONS:
        return any(_is_denied(needed, said, at) for at in said.places[phrase[0]])
    width = len(phrase) + SPREAD
    starts = [at for term in needed for at in said.places[term]]
    return any(needed.issubset(said.stems[at : at + width]) for at in starts)


def _is_denied(needed: set[str], said: Said, at: int) -> bool:
    """Whether the words follow the negation at a place, no other meaning between."""
    end = at + len(needed) + SPREAD - 1
    missing = set(needed)
    for term, is_mute in zip(said.stems[at:end], said.mute[at:end], strict=True):
        if term not in needed and not is_mute:
            break
        missing.discard(term)
    return not missing
