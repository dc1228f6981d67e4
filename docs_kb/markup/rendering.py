"""From source to page: read, settle, write, sanitise."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from docs_kb.markup import limits, settling
from docs_kb.markup.foreign_html import read_html
from docs_kb.markup.markdown import read_markdown, write_html
from docs_kb.markup.sanitiser import sanitise
from docs_kb.models import Article, ArticleFile

_FILE_ADDRESS = re.compile(r"/documentacion/archivos/([0-9a-f]{32})/")


@dataclass(frozen=True)
class Rendered:
    """An article's HTML, its second-level headings as (anchor, text), and the words in it."""

    html: SafeString
    toc: list[dict[str, str]]
    word_count: int


def render(
    source: str,
    *,
    body_format: str = Article.Format.MARKDOWN,
    pictures: Mapping[str, ArticleFile] | None = None,
) -> Rendered:
    """Render an article's body; `pictures` are our own files by key, no other picture is shown.

    Raises MarkupRefused for what is no article: over 200,000 characters, nested beyond 30 levels, made of
    thousands of marks. HTML in Markdown is shown as text. Headings start at level two without gaps.
    """
    tokens = read(source, body_format)
    is_html = body_format == Article.Format.HTML
    words = sum(len(text.split()) for _, text in _lines(tokens)) if is_html else len(source.split())
    page = settling.Page(pictures or {})
    html = sanitise(write_html(settling.settle(tokens, page)))
    toc = [{"anchor": anchor, "text": text} for level, anchor, text in page.headings if level == 2]
    # Sanitised three lines above: the only place where article text becomes markup.
    return Rendered(mark_safe(html), toc, words)


def read(source: str, body_format: str) -> list[Token]:
    """The tokens of a body as its author wrote it. Raises MarkupRefused."""
    limits.refuse_long(source)
    return read_html(source) if body_format == Article.Format.HTML else read_markdown(source)


def plain_text(source: str, body_format: str) -> str:
    """A body to read without its tags: HTML with a block a line and its headings marked as Markdown marks
    them; Markdown as it is. Raises MarkupRefused."""
    if body_format != Article.Format.HTML:
        return source
    return "\n".join(mark + text for mark, text in _lines(read(source, body_format)))


def file_keys(source: str) -> set[str]:
    """The keys of our own files that a body names."""
    return set(_FILE_ADDRESS.findall(source))


def _lines(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """The text of each block with what marks it, for a heading «## »."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "fence":
            yield "", token.content.strip()
        elif token.type == "inline" and token.content:
            is_heading = before is not None and before.type == "heading_open"
            yield "#" * int(before.tag[1]) + " " if is_heading else "", token.content
