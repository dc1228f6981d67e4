"""Tokens of any reader -> our structure: headings, anchors, regions, figures, links that lead somewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.html import format_html
from django.utils.text import slugify
from markdown_it.token import Token

from docs_kb.markup.sanitiser import OWN_FILE, OWN_PATHS
from docs_kb.models import ArticleFile

FOREIGN = ("http://", "https://")
SCHEMES = (*FOREIGN, "mailto:", "tel:")
BREAKS = ("softbreak", "hardbreak")
# The title of a picture that says nothing, written by its author in the Markdown.
DECORATIVE = "decorativa"
WIDE = 30


@dataclass
class Page:
    """The files that an article may show, by key, and what has been seen of it so far."""

    pictures: Mapping[str, ArticleFile]
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    # Ids that foreign HTML gave its headings -> our anchors.
    renamed: dict[str, str] = field(default_factory=dict)
    tables: int = 0


def settle(tokens: list[Token], page: Page) -> list[Token]:
    """Our structure; links come last, when all anchors are known."""
    settled = list(_blocks(tokens, page))
    for token in settled:
        if token.type == "inline" and token.children:
            token.children = list(_kept_links(token.children, page))
    return settled


def _blocks(tokens: list[Token], page: Page) -> Iterator[Token]:
    """Headings get levels and anchors, tables a region, wide code a tab stop, pictures a figure."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.type == "heading_open":
            yield from _heading(tokens[index : index + 3], page)
            index += 2
        elif token.type == "paragraph_open":
            yield from _split_at_figures(tokens[index : index + 3], page)
            index += 2
        elif token.type == "inline":
            yield from _split_at_figures([token], page)
        elif token.type in ("fence", "code_block"):
            yield _code(token)
        elif token.type == "table_open":
            page.tables += 1
            yield from (_html(_region_open(page)), token)
        elif token.type == "table_close":
            yield from (token, _html("</div>"))
        else:
            if token.type == "th_open":
                _spare_empty_header(tokens[index : index + 3])
            yield token
        index += 1


def _heading(tokens: list[Token], page: Page) -> Iterator[Token]:
    opening, inline, closing = tokens
    inline.children = _settle_images(inline.children or [], page)
    text = words_of(inline.children).strip()
    if not text:
        return
    deepest_allowed = (page.headings[-1][0] if page.headings else 1) + 1
    level = min(max(int(opening.tag[1]), 2), deepest_allowed, 6)
    anchor = _anchor(text, page)
    page.headings.append((level, anchor, text))
    for name in opening.meta.get("ids", []):
        page.renamed.setdefault(name, anchor)
    opening.tag = closing.tag = f"h{level}"
    opening.attrs = {"id": anchor}
    yield from (opening, inline, closing)


def _anchor(text: str, page: Page) -> str:
    """A fragment of the page's own kind («s-…»), so that an article can never take an id of the page."""
    base = "s-" + (slugify(text)[:60] or "apartado")
    anchor = base
    while anchor in page.anchors:
        page.anchors[base] += 1
        anchor = f"{base}-{page.anchors[base]}"
    page.anchors[anchor] = 1
    return anchor


def _spare_empty_header(tokens: list[Token]) -> None:
    """A header cell that says nothing is an ordinary cell."""
    opening, content, closing = tokens
    if content.type == "inline" and not content.content.strip():
        opening.tag = closing.tag = "td"


def _region_open(page: Page) -> str:
    near = f": {page.headings[-1][2]}" if page.headings else ""
    return format_html(
        '<div class="table-scroll" role="region" tabindex="0" aria-label="{}">', f"Tabla {page.tables}{near}"
    )


def _html(markup: str, text: str = "") -> Token:
    return Token("html_block", "", 0, content=markup, meta={"text": text})


def _code(token: Token) -> Token:
    """A block that may scroll sideways on a phone must be reachable by keyboard."""
    escaped = token.content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    wide = any(len(line) > WIDE for line in token.content.splitlines())
    return _html(f"<pre{' tabindex=0' if wide else ''}><code>{escaped}</code></pre>\n")


# --- Pictures -------------------------------------------------------------------------------------


def own_picture(image: Token, page: Page) -> ArticleFile | None:
    """The file of ours that an image shows, if there is one."""
    address = OWN_FILE.match(local(str(image.attrs.get("src", ""))))
    file = page.pictures.get(address[1]) if address else None
    return file if file and file.is_picture else None


def is_decorative(image: Token, file: ArticleFile | None) -> bool:
    title = str(image.attrs.get("title", "")).strip().lower()
    return title == DECORATIVE or bool(file and file.is_decorative)


def description(image: Token, file: ArticleFile | None) -> str:
    """What a picture is to somebody who does not see it; nothing for a decorative one."""
    if is_decorative(image, file):
        return ""
    return words_of(image.children or []).strip() or (file.alt_text if file else "")


def _split_at_figures(tokens: list[Token], page: Page) -> Iterator[Token]:
    """A paragraph, or the words of an item or cell, with its figures between its parts."""
    inline = tokens[len(tokens) // 2]
    for part in _parts(inline.children or [], page):
        if isinstance(part, str):
            yield _html(part)
            continue
        words = Token(inline.type, "", 0, children=_settle_images(part, page), content=inline.content)
        yield from (words if token is inline else token for token in tokens)


def _parts(children: list[Token], page: Page) -> Iterator[list[Token] | str]:
    """The lines between figures, and the figures as HTML. A picture among words stays among them."""
    kept: list[Token] = []
    found = False
    for line in _lines(children):
        pictures = [child for child in line if child.type == "image" and own_picture(child, page)]
        others = [child for child in line if child not in pictures and child.type not in BREAKS]
        if not pictures or any(child.type != "text" or child.content.strip() for child in others):
            kept += line
            continue
        found = True
        if _without_breaks(kept):
            yield _without_breaks(kept)
        kept = []
        yield from (_figure(child, page) for child in pictures)
    if _without_breaks(kept) or not found:
        yield _without_breaks(kept)


def _lines(children: list[Token]) -> Iterator[list[Token]]:
    """The children up to each line break that stands outside links and emphasis."""
    line: list[Token] = []
    depth = 0
    for child in children:
        depth += child.nesting
        line.append(child)
        if child.type in BREAKS and depth == 0:
            yield line
            line = []
    yield line


def _without_breaks(children: list[Token]) -> list[Token]:
    ends = [index for index, child in enumerate(children) if child.type not in BREAKS]
    return children[ends[0] : ends[-1] + 1] if ends else []


def _figure(image: Token, page: Page) -> str:
    caption = str(image.attrs.get("title", "")).strip()
    shown = format_html("<figcaption>{}</figcaption>", caption) if _is_caption(caption) else ""
    return format_html("<figure>{}{}</figure>\n", _img(image, own_picture(image, page)), shown)


def _is_caption(title: str) -> bool:
    return bool(title) and title.lower() != DECORATIVE


def _img(image: Token, file: ArticleFile) -> str:
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        file.get_absolute_url(),
        description(image, file),
        file.width,
        file.height,
    )


def _settle_images(children: list[Token], page: Page) -> list[Token]:
    """Pictures among words. None is loaded from elsewhere: that becomes a link with its description."""
    settled: list[Token] = []
    in_link = 0
    for child in children:
        in_link += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type != "image":
            settled.append(child)
            continue
        file = own_picture(child, page)
        source, label = str(child.attrs.get("src", "")), description(child, file)
        if file:
            settled.append(Token("html_inline", "", 0, content=_img(child, file), meta={"text": label}))
        elif in_link or not _is_foreign(source):
            settled.append(_plain(label))
        else:
            settled += _link(source, f"Imagen: {label}" if label else "Ver la imagen")
    return settled


def _plain(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _link(href: str, text: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": href}), _plain(text), Token("link_close", "a", -1)]


# --- Links ----------------------------------------------------------------------------------------


def local(address: str) -> str:
    """An address of our own site without the site."""
    own = settings.SITE_URL + "/"
    return address[len(own) - 1 :] if address.startswith(own) else address


def destination(address: str, page: Page) -> str:
    """Where a link may lead, or nothing."""
    address = local(address)
    scheme, _, rest = address.partition(":")
    if address.lower().startswith(SCHEMES):
        return f"{scheme.lower()}:{rest}"
    if address.startswith(OWN_PATHS):
        return address
    if address.startswith("#"):
        name = address[1:]
        anchor = page.renamed.get(name) or "s-" + slugify(name.removeprefix("s-"))[:60]
        return f"#{anchor}" if anchor in page.anchors else ""
    return ""


def _kept_links(children: list[Token], page: Page) -> Iterator[Token]:
    """Links that lead somewhere; of the others (relative ones of another site) the text stays."""
    kept = True
    for index, child in enumerate(children):
        if child.type == "link_open":
            href = destination(str(child.attrs.get("href", "")), page)
            kept = bool(href)
            if kept:
                child.attrs = {"href": href} | ({"rel": "external noopener"} if _is_foreign(href) else {})
                yield child
                if not words_of(_until_close(children[index + 1 :])).strip():
                    yield _plain(href)
        elif child.type == "link_close":
            if kept:
                yield child
            kept = True
        else:
            yield child


def _is_foreign(address: str) -> bool:
    return address.lower().startswith(FOREIGN)


def _until_close(children: list[Token]) -> list[Token]:
    closing = next((i for i, child in enumerate(children) if child.type == "link_close"), len(children))
    return children[:closing]


def words_of(children: list[Token]) -> str:
    """The text of inline tokens; of a picture its description."""
    return "".join(" " if child.type in BREAKS else _words_of(child) for child in children)


def _words_of(child: Token) -> str:
    if child.type == "html_inline":
        return child.meta["text"]
    return words_of(child.children or []) or child.content
