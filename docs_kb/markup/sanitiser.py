"""The last word on an article's HTML: what is not listed here does not reach a page."""

import re

import nh3

OWN_PATHS = ("/documentacion/", "/tickets/nuevo/", "/contacto/", "/mi-cuenta/")
OWN_FILE = re.compile(r"/documentacion/archivos/([0-9a-f]{32})/[^/?#]+")
TAGS = {
    "a", "blockquote", "br", "caption", "code", "del", "div", "em", "figcaption", "figure", "h2", "h3", "h4",
    "h5", "h6", "hr", "img", "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_NUMBER = re.compile(r"\d{1,6}")
_SPAN = re.compile(r"[1-9]\d{0,2}")
_HEADINGS = {f"h{level}": {"id": re.compile(r"s-[a-z0-9_-]+")} for level in range(2, 7)}
# Every attribute that may stand in an article, and what it may say.
ATTRIBUTES = {
    "a": {
        "href": re.compile(
            rf"(?:https?://|mailto:|tel:|#s-|{'|'.join(map(re.escape, OWN_PATHS))}).*", re.DOTALL
        ),
        "rel": re.compile("external noopener"),
    },
    "div": {
        "class": re.compile("table-scroll"),
        "role": re.compile("region"),
        "tabindex": re.compile("0"),
        "aria-label": re.compile(".*", re.DOTALL),
    },
    "img": {
        "src": OWN_FILE,
        "alt": re.compile(".*", re.DOTALL),
        "width": _NUMBER,
        "height": _NUMBER,
        "loading": re.compile("lazy"),
    },
    "ol": {"start": _NUMBER},
    "pre": {"tabindex": re.compile("0")},
    "td": {"colspan": _SPAN, "rowspan": _SPAN},
    "th": {"colspan": _SPAN, "rowspan": _SPAN},
    **_HEADINGS,
}


def sanitise(html: str) -> str:
    return _CLEANER.clean(html)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    pattern = ATTRIBUTES.get(tag, {}).get(attribute)
    return value if pattern and pattern.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={tag: set(attributes) for tag, attributes in ATTRIBUTES.items()},
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
