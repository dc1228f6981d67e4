"""Groups of synonyms: how staff write them, how a search reads them, which of them speak of a query.

A group is words and short phrases between commas; who types one of them also means the others. What stands
behind a «>» is what guides say and customers do not: it is looked for, never recognised. A phrase is kept as
a line of stems.
"""

from collections.abc import Iterable

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


def said_in(found: Iterable[str]) -> list[str]:
    """A query's words as phrases are looked for in them; those that carry no meaning begin with «-»."""
    return [
        MUTE * (word in STOP_WORDS - NEGATIONS) + stem(word) for word in found if word not in LINKING_WORDS
    ]


def stems_of(stored: str) -> set[str]:
    """Every stem of a stored group."""
    return {term.lstrip(ONE_WAY + MUTE) for term in stored.split()}


def meanings(stored: str, said: list[str]) -> tuple[Phrases, Phrases] | None:
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


def _occurs(phrase: list[str], said: list[str]) -> bool:
    """Whether all words of a phrase stand together, in any order, with two other words between at most.

    A negation comes first, and one word that carries no meaning may stand between: «no me ha llegado el
    correo» says «no llega», and does not say «no sé el correo».
    """
    needed = {term.removeprefix(MUTE) for term in phrase}
    plain = [term.removeprefix(MUTE) for term in said]
    if len(phrase) == 1:
        return not needed.isdisjoint(plain)
    starts = [at for at, term in enumerate(plain) if term in needed]
    if phrase[0] not in NEGATIONS:
        width = len(phrase) + SPREAD
        return any(needed.issubset(plain[at : at + width]) for at in starts)
    width = len(phrase) + SPREAD - 1
    return any(
        needed.issubset(_until_other(said[at : at + width], needed))
        for at in starts
        if plain[at] == phrase[0]
    )


def _until_other(said: list[str], needed: set[str]) -> list[str]:
    """Words up to the first that means something else."""
    found = []
    for term in said:
        plain = term.removeprefix(MUTE)
        if plain not in needed and plain == term:
            break
        found.append(plain)
    return found
