"""Markdown (or foreign HTML) -> the safe HTML of an article: the one function that makes markup from text.

The renderer gives the structure, the sanitiser works on its result and has the last word. Nothing is fetched:
pictures of other hosts become links.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

LONGEST_SOURCE = 200_000
LONGEST_RUN = 200
MOST_SQUARED_MARKS = 4_000_000
MOST_BLOCKS = 5000
MOST = {"\n": (10_000, "líneas"), "|": (10_000, "celdas"), "]:": (1000, "referencias")}
DEEPEST = 30
OWN_PATHS = ("/documentacion/", "/tickets/nuevo/", "/contacto/", "/mi-cuenta/")
FOREIGN = ("http://", "https://")
TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "rel"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "ol": {"start"},
    "pre": {"tabindex"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
MARK_RUNS = re.compile(rf"([>\[\]*_`~!(<])(?:[ \t]*\1){{{LONGEST_RUN},}}")
INLINE_MARKS = re.compile(r"[\[\]*_`~!<&\\]")


class MarkupRefused(ValueError):
    """The source is too long or too deeply nested to be an article; the text says which."""


@dataclass(frozen=True)
class Rendered:
    """An article's HTML, its second-level headings as (anchor, text), and the words in it."""

    html: SafeString
    toc: list[dict[str, str]]
    word_count: int


@dataclass
class _Page:
    """What has been seen of the document so far."""

    headings: list[tuple[int, str, str]] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    tables: int = 0


def render(source: str) -> Rendered:
    """Render an article's Markdown.

    Raises MarkupRefused for what is no article: over 200,000 characters, nested beyond 30 levels, or made of
    thousands of marks. HTML in the source is shown as text. Headings start at level two without gaps.
    """
    _refuse_monsters(source)
    markdown = _parser()
    page = _Page()
    tokens = markdown.parse(source)
    if max((token.level for token in tokens), default=0) > DEEPEST:
        raise MarkupRefused(f"Más de {DEEPEST} niveles anidados.")
    tokens = list(_rewrite(tokens, page))
    _settle_links(tokens, page)
    html = nh3.clean(
        markdown.renderer.render(tokens, markdown.options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    toc = [{"anchor": anchor, "text": text} for level, anchor, text in page.headings if level == 2]
    # Sanitised one line above: the only place where article text becomes markup.
    return Rendered(mark_safe(html), toc, len(source.split()))


def _refuse_monsters(source: str) -> None:
    if len(source) > LONGEST_SOURCE:
        raise MarkupRefused("El texto pasa de 200 000 caracteres.")
    if "\x00" in source:
        raise MarkupRefused("El texto contiene caracteres nulos.")
    for text, (most, name) in MOST.items():
        if source.count(text) > most:
            raise MarkupRefused(f"Hay más de {most} {name}.")
    if MARK_RUNS.search(source):
        raise MarkupRefused("Hay cientos de signos seguidos que no forman un texto.")


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST + 10})
    markdown.core.ruler.before("inline", "refuse_mazes", _refuse_mazes)
    return markdown.enable(["table", "strikethrough"])


def _refuse_mazes(state: StateCore) -> None:
    """Stop before the inline rules, whose time grows with the square of the marks in one block."""
    blocks = [token.content for token in state.tokens if token.type == "inline"]
    if len(blocks) > MOST_BLOCKS:
        raise MarkupRefused(f"Hay más de {MOST_BLOCKS} párrafos o celdas.")
    if sum(len(INLINE_MARKS.findall(text)) ** 2 for text in blocks) > MOST_SQUARED_MARKS:
        raise MarkupRefused("Hay miles de signos de formato en un mismo párrafo.")


def _rewrite(tokens: list[Token], page: _Page) -> Iterator[Token]:
    """Walk the blocks: headings get levels and anchors, tables a region, wide code a tab stop."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "heading_open":
            yield from _heading(tokens[index : index + 3], page)
            index += 3
            continue
        if token.type in ("fence", "code_block"):
            token.info = ""
            token.attrs = {}
            yield _code(token)
        elif token.type == "table_open":
            page.tables += 1
            yield _html(_region_open(page))
            yield token
        elif token.type == "table_close":
            yield token
            yield _html("</div>")
        elif token.type == "th_open" and not tokens[index + 1].content.strip():
            token.tag = tokens[index + 2].tag = "td"
            yield token
        else:
            if token.type == "inline":
                token.children = _settle_images(token.children or [])
            yield token
        index += 1


def _heading(tokens: list[Token], page: _Page) -> Iterator[Token]:
    opening, inline, closing = tokens
    inline.children = _settle_images(inline.children or [])
    text = _text(inline.children).strip()
    if not text:
        return
    deepest_allowed = (page.headings[-1][0] if page.headings else 1) + 1
    level = min(max(int(opening.tag[1]), 2), deepest_allowed, 6)
    anchor = _anchor(text, page)
    page.headings.append((level, anchor, text))
    opening.tag = closing.tag = f"h{level}"
    opening.attrs = {"id": anchor}
    yield from (opening, inline, closing)


def _anchor(text: str, page: _Page) -> str:
    """A fragment of the page's own kind («s-…»), so that an article can never take an id of the page."""
    base = "s-" + (slugify(text)[:60] or "apartado")
    anchor = base
    while anchor in page.anchors:
        page.anchors[base] += 1
        anchor = f"{base}-{page.anchors[base]}"
    page.anchors[anchor] = 1
    return anchor


def _region_open(page: _Page) -> str:
    near = f": {page.headings[-1][2]}" if page.headings else ""
    label = f"Tabla {page.tables}{near}".replace("&", "y").replace('"', "").replace("<", "").replace(">", "")
    return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">'


def _html(markup: str) -> Token:
    return Token("html_block", "", 0, content=markup)


def _code(token: Token) -> Token:
    """A block that may scroll sideways on a phone must be reachable by keyboard."""
    escaped = token.content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    wide = any(len(line) > 30 for line in token.content.splitlines())
    return _html(f"<pre{' tabindex=0' if wide else ''}><code>{escaped}</code></pre>\n")


def _settle_images(children: list[Token]) -> list[Token]:
    """No picture is loaded from elsewhere: it becomes a link with its description, or the description."""
    settled: list[Token] = []
    depth = 0
    for child in children:
        depth += (child.type == "link_open") - (child.type == "link_close")
        if child.type != "image":
            settled.append(child)
            continue
        source, label = str(child.attrs.get("src", "")), _text(child.children or []).strip()
        if depth or not source.startswith(FOREIGN):
            settled.append(_plain(label))
        else:
            settled += _link(source, f"Imagen: {label}" if label else "Ver la imagen")
    return settled


def _plain(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _link(href: str, text: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": href}), _plain(text), Token("link_close", "a", -1)]


def _settle_links(tokens: list[Token], page: _Page) -> None:
    """Keep links that lead somewhere; of the others (relative ones of another site) the text stays."""
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = list(_kept_links(token.children, page))


def _kept_links(children: list[Token], page: _Page) -> Iterator[Token]:
    kept = True
    for index, child in enumerate(children):
        if child.type == "link_open":
            href = _destination(str(child.attrs.get("href", "")), page)
            kept = bool(href)
            if kept:
                foreign = href.startswith(FOREIGN)
                child.attrs = {"href": href} | ({"rel": "external noopener"} if foreign else {})
                yield child
                if not _text(_until_close(children[index + 1 :])).strip():
                    yield _plain(href)
        elif child.type == "link_close":
            if kept:
                yield child
            kept = True
        else:
            yield child


def _until_close(children: list[Token]) -> list[Token]:
    closing = next((i for i, child in enumerate(children) if child.type == "link_close"), len(children))
    return children[:closing]


def _destination(href: str, page: _Page) -> str:
    """Where a link may lead, or nothing."""
    if href.startswith((*FOREIGN, "mailto:", "tel:")) or href.startswith(OWN_PATHS):
        return href
    if href.startswith("#"):
        anchor = "s-" + slugify(href[1:].removeprefix("s-"))[:60]
        return f"#{anchor}" if anchor in page.anchors else ""
    return ""


def _text(children: list[Token]) -> str:
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else _text(child.children or []) or child.content
        for child in children
    )
