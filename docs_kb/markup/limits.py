"""How much an article may be: what is more is refused before anything works on it."""

import re

from markdown_it.token import Token

LONGEST_SOURCE = 200_000
LONGEST_RUN = 200
MOST_SQUARED_MARKS = 4_000_000
MOST_BLOCKS = 5000
MOST_TAGS = 20_000
MOST = {"\n": (10_000, "líneas"), "|": (10_000, "celdas"), "]:": (1000, "referencias")}
DEEPEST = 30
MARK_RUNS = re.compile(rf"([>\[\]*_`~!(<])(?:[ \t]*\1){{{LONGEST_RUN},}}")
INLINE_MARKS = re.compile(r"[\[\]*_`~!<&\\]")


class MarkupRefused(ValueError):
    """The source is too long or too deeply nested to be an article; the text says which."""


def refuse_long(source: str) -> None:
    if len(source) > LONGEST_SOURCE:
        raise MarkupRefused("El texto pasa de 200 000 caracteres.")
    if "\x00" in source:
        raise MarkupRefused("El texto contiene caracteres nulos.")
    try:
        source.encode()
    except UnicodeEncodeError:
        raise MarkupRefused("El texto contiene medios caracteres.")


def refuse_monsters(source: str) -> None:
    """Stop before the Markdown's block rules."""
    for text, (most, name) in MOST.items():
        if source.count(text) > most:
            raise MarkupRefused(f"Hay más de {most} {name}.")
    if MARK_RUNS.search(source):
        raise MarkupRefused("Hay cientos de signos seguidos que no forman un texto.")


def refuse_mazes(blocks: list[Token]) -> None:
    """Stop before the Markdown's inline rules, whose time grows with the square of the marks in a block."""
    if sum(len(INLINE_MARKS.findall(block.content)) ** 2 for block in blocks) > MOST_SQUARED_MARKS:
        raise MarkupRefused("Hay miles de signos de formato en un mismo párrafo.")


def refuse_many(blocks: int) -> None:
    if blocks > MOST_BLOCKS:
        raise MarkupRefused(f"Hay más de {MOST_BLOCKS} párrafos o celdas.")


def refuse_deep(levels: int) -> None:
    if levels > DEEPEST:
        raise MarkupRefused(f"Más de {DEEPEST} niveles anidados.")
