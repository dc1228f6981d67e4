"""Whether a page may show an article's HTML: read as a browser does, against lists of its own."""

from html.parser import HTMLParser

TAGS = {
    "a", "blockquote", "br", "caption", "code", "del", "div", "em", "figcaption", "figure", "h2", "h3", "h4",
    "h5", "h6", "hr", "img", "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "rel"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
ADDRESSES = (
    "http://", "https://", "mailto:", "tel:", "#s-", "/documentacion/", "/tickets/nuevo/", "/contacto/",
    "/mi-cuenta/",
)  # fmt: skip
VOID = {"br", "hr", "img"}


class Elements(HTMLParser):
    """Collects the elements of a document, its text, and what is not well nested."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.text = ""
        self.open: list[str] = []
        self.broken: list[str] = []
        self.deepest = 0
        self.feed(str(html))
        self.close()
        self.broken += self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.broken.append(f"<!--{data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def elements(html: str) -> list[tuple[str, dict]]:
    return Elements(html).found


def dangers(html: str) -> list[str]:
    """What has no place in an article; empty for safe HTML."""
    page = Elements(html)
    found = [f"not closed: {name}" for name in page.broken]
    found += ["nested too deeply"] if page.deepest > 80 else []
    for tag, attributes in page.found:
        found += [] if tag in TAGS else [tag]
        found += [f"{tag}.{name}" for name in attributes if name not in ATTRIBUTES.get(tag, ())]
        if not (attributes.get("href") or "#s-").startswith(ADDRESSES):
            found.append(f"href={attributes['href']}")
        if tag == "img" and not (attributes.get("src") or "").startswith("/documentacion/archivos/"):
            found.append(f"src={attributes.get('src')}")
        if attributes.get("class", "table-scroll") != "table-scroll":
            found.append(f"class={attributes['class']}")
        if not (attributes.get("id") or "s-x").startswith("s-"):
            found.append(f"id={attributes['id']}")
    return found
