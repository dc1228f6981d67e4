import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest

from docs_kb import markup
from docs_kb.markup import MarkupRefused, render
from docs_kb.tests.shared_data import shared_file

pytestmark = pytest.mark.once


class Elements(HTMLParser):
    """Collects the elements and addresses of a document."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def elements(source: str) -> list[tuple[str, dict]]:
    return Elements(render(source).html).found


def is_safe(found: list[tuple[str, dict]]) -> bool:
    allowed = {name for names in markup.ATTRIBUTES.values() for name in names}
    schemes = (
        "http://",
        "https://",
        "mailto:",
        "tel:",
        "/documentacion/",
        "/tickets/",
        "/contacto/",
        "/mi-c",
        "#",
    )
    return all(
        tag in markup.TAGS and set(attrs) <= allowed and attrs.get("href", "#").startswith(schemes)
        for tag, attrs in found
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](http://a.b/"onmouseover="alert(1))',
        '![x](http://a.b/" onerror="alert(1))',
        "![x](javascript:alert(1))",
        '```html" onload="x\n<b>\n```',
        '# <b onclick="x">T</b> "&<>\n\n| a |\n|---|\n| <svg onload=x> |',
        "<!-- --><style>@import 'x'</style><iframe src=//x>",
        "<math><mtext></p><img src=x onerror=alert(1)>",
    ],
)
def test_render_leaves_nothing_that_runs(source):
    assert is_safe(elements(source))


@pytest.mark.parametrize(
    "source",
    [
        ">" * 20_000,
        "> " * 20_000,
        "[" * 20_000,
        "![a" * 20_000,
        "[a](" * 20_000,
        "*a " * 20_000,
        "**a _b " * 10_000,
        ">*_[" * 20_000,
        "\\" * 199_000,
        "<div>" * 20_000,
        "# a\n" * 9_000,
        "a\n" * 99_000,
        "|a" * 5000 + "|\n" + "|-" * 5000 + "|\n",
        "".join(f"[a{number}]: /x\n" for number in range(10_000)),
        "".join("  " * depth + "- a\n" for depth in range(300)),
        "a" * 5_000_000,
        "1. " * 20_000,
    ],
    ids=lambda source: f"{source[:6]!r}x{len(source)}",
)
def test_render_refuses_or_survives_monsters_quickly(source):
    started = time.process_time()
    with suppress(MarkupRefused):
        assert is_safe(elements(source))
    assert time.process_time() - started < 1.0


def test_render_refuses_more_than_200_000_characters():
    with pytest.raises(MarkupRefused):
        render("a " * 100_001)


def test_render_never_loads_a_picture_of_another_host():
    found = elements("![El panel](https://example.org/panel.png)")
    assert [tag for tag, _ in found] == ["p", "a"]
    assert found[1][1] == {"href": "https://example.org/panel.png", "rel": "external noopener"}
    assert "Imagen: El panel" in render("![El panel](https://example.org/panel.png)").html


def test_render_keeps_the_text_of_links_that_lead_nowhere():
    html = render("[uno](../uno.md) [dos](/admin/) [tres](//example.org) [cuatro](#no-existe)").html
    assert html.strip() == "<p>uno dos tres cuatro</p>"


def test_render_keeps_links_to_our_own_pages_and_headings():
    html = render("[guía](/documentacion/dns/mx/) y [abajo](#los-pasos)\n\n## Los pasos").html
    assert '<a href="/documentacion/dns/mx/">guía</a>' in html
    assert '<a href="#s-los-pasos">abajo</a>' in html


def test_render_gives_a_link_without_text_its_address():
    assert ">http://example.org/</a>" in render("[](http://example.org/)").html


def test_render_starts_headings_at_two_without_gaps():
    found = [
        tag for tag, _ in elements("# Uno\n\n##### Dos\n\n## Tres\n\n##\n\n#### Cuatro") if tag[0] == "h"
    ]
    assert found == ["h2", "h3", "h2", "h3"]


def test_render_lists_second_level_headings_with_unique_anchors():
    toc = render("## Paso\n\n## Paso\n\n### Detalle\n\n## Paso 2").toc
    assert [entry["text"] for entry in toc] == ["Paso", "Paso", "Paso 2"]
    assert len({entry["anchor"] for entry in toc}) == 3


def test_render_wraps_tables_in_a_labelled_region_that_takes_focus():
    found = dict(elements('## Puertos "IMAP" & más\n\n| a | |\n|---|---|\n| 1 | 2 |'))
    assert found["div"]["tabindex"] == "0"
    assert found["div"]["role"] == "region"
    assert found["div"]["aria-label"].startswith("Tabla 1: Puertos")


def test_render_turns_an_empty_header_cell_into_a_plain_one():
    found = [tag for tag, _ in elements("| a | |\n|---|---|\n| 1 | 2 |")]
    assert found.count("th") == 1
    assert found.count("td") == 3


def test_render_makes_wide_code_reachable_by_keyboard():
    assert dict(elements("```\n" + "x" * 60 + "\n```"))["pre"] == {"tabindex": "0"}
    assert dict(elements("```\nx\n```"))["pre"] == {}


def test_render_every_shared_article_safely():
    for path in sorted(shared_file("kb_es/articles").rglob("*.md")):
        body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
        assert is_safe(elements(body)), path.name
