"""A text in HTML -> its tags with their attributes and the text between them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docs_kb.markup import limits
from docs_kb.markup.limits import MarkupRefused

# Their content is no markup; the parser looks for nothing but the end tag.
RAW = {"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title"}
TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
TAG_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*+)")
ATTRIBUTE = re.compile(
    r"[\s/]*+(?:(>)|([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++))?)?)"
)
ENDED = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")


@dataclass(frozen=True)
class Piece:
    """A tag with its attributes, or text (then without a name)."""

    name: str = ""
    text: str = ""
    is_end: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


def pieces(source: str) -> Iterator[Piece]:
    """Left to right. Raises MarkupRefused for too many tags, or one that never ends."""
    position = tags = 0
    while start := TAG_START.search(source, position):
        if start.start() > position:
            yield Piece(text=html.unescape(source[position : start.start()]))
        tags += 1
        if tags > limits.MOST_TAGS:
            raise MarkupRefused(f"Hay más de {limits.MOST_TAGS} etiquetas.")
        name = TAG_NAME.match(source, start.start())
        if name is None:
            position = _after_comment(source, start.start())
            continue
        attributes, position = _attributes(source, name.end())
        piece = Piece(name=name[1].lower(), is_end=source[start.start() + 1] == "/", attributes=attributes)
        yield piece
        if piece.name in RAW and not piece.is_end:
            position = _after_raw(source, position, piece.name)
    if position < len(source):
        yield Piece(text=html.unescape(source[position:]))


def _after_comment(source: str, start: int) -> int:
    """The place after a comment, a doctype or what browsers take for one."""
    is_comment = source.startswith("<!--", start)
    mark = "-->" if is_comment else ">"
    end = source.find(mark, start + 2)
    if end < 0:
        raise MarkupRefused("Hay un comentario o una declaración «<!» que no se cierra.")
    return end + len(mark)


def _attributes(source: str, position: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag (the first of each name counts) and the place after its «>»."""
    found: dict[str, str] = {}
    while match := ATTRIBUTE.match(source, position):
        position = match.end()
        closing, name, *values = match.groups()
        if closing:
            return found, position
        value = next((value for value in values if value is not None), "")
        found.setdefault(name.lower(), ENDED.sub(lambda entity: html.unescape(entity[0]), value))
    raise MarkupRefused("Hay una etiqueta que no se cierra con «>».")


def _after_raw(source: str, position: int, name: str) -> int:
    """The place of the end tag of an element whose content is no markup."""
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, position)
    if end is None:
        raise never_closed(name)
    return end.start()


def never_closed(name: str) -> MarkupRefused:
    """The refusal of an element without its end tag."""
    return MarkupRefused(f"La etiqueta «{name}» no se cierra.")
