from contextlib import suppress
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.markup import MarkupRefused, file_keys, plain_text, render
from docs_kb.models import ArticleFile
from docs_kb.tests.cpu_limit import TooMuchWork, cpu_limit
from docs_kb.tests.safe_html import dangers
from docs_kb.tests.safe_html import elements as elements_of
from docs_kb.tests.shared_data import shared_file

pytestmark = pytest.mark.once
KEY = "0123456789abcdef" * 2
ADDRESS = f"/documentacion/archivos/{KEY}/panel.png"


def elements(source: str, **options) -> list[tuple[str, dict]]:
    return elements_of(render(source, **options).html)


def tags(source: str, **options) -> list[str]:
    return [tag for tag, _ in elements(source, **options)]


def picture(key: str = KEY, **values) -> ArticleFile:
    values = {"name": "panel.png", "content_type": "image/png", "alt_text": "El panel"} | values
    return ArticleFile(key=key, **({"width": 640, "height": 480} | values))


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
        "[x](java&#x09;script:alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](//evil.example/)",
        "[x](/documentacion/../admin/)",
        f'![x"><script>]({ADDRESS} "<script>alert(1)</script>")',
        "![x](/documentacion/archivos/../../admin/x.png)",
    ],
)
def test_render_leaves_nothing_that_runs(source):
    assert dangers(render(source).html) == []


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
        "".join("> " * depth + "a\n" for depth in range(400)),
        "<b>" * 20_000 + "</b>" * 20_000,
        "_a_" * 60_000,
        "&amp;" * 39_000,
        "<!--" * 49_000,
        "http://a.b/" * 18_000,
        "![](" * 199,
        "`" * 199 + " " + "`a" * 40_000,
        "~~a " * 40_000,
    ],
    ids=lambda source: f"{source[:6]!r}x{len(source)}",
)
def test_render_refuses_or_survives_monsters_quickly(source):
    page = ""
    with cpu_limit(1), suppress(MarkupRefused):
        page = render(source).html
    assert dangers(page) == []


def test_cpu_limit_ends_what_takes_too_long():
    with pytest.raises(TooMuchWork), cpu_limit(0.05):
        [number for number in count() if number < 0]


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
        assert dangers(render(body).html) == [], path.name


# --- Pictures of our own --------------------------------------------------------------------------


def test_picture_alone_in_its_line_is_a_figure_with_size_and_caption():
    html = render(f'![El *panel* nuevo]({ADDRESS} "La barra & el menú")', pictures={KEY: picture()}).html
    assert html.strip() == (
        f'<figure><img src="{ADDRESS}" alt="El panel nuevo" width="640" height="480" loading="lazy">'
        "<figcaption>La barra &amp; el menú</figcaption></figure>"
    )


def test_picture_without_words_in_the_text_has_the_description_of_its_file():
    assert elements(f"![]({ADDRESS})", pictures={KEY: picture()})[1][1]["alt"] == "El panel"


@pytest.mark.parametrize(
    ("title", "file"), [(' "Decorativa"', picture()), ("", picture(alt_text="", is_decorative=True))]
)
def test_decorative_picture_says_nothing(title, file):
    found = elements(f"![Adorno]({ADDRESS}{title})", pictures={KEY: file})
    assert [tag for tag, _ in found] == ["figure", "img"]
    assert found[1][1]["alt"] == ""


def test_picture_is_asked_for_under_its_own_name():
    source = f"![a](/documentacion/archivos/{KEY}/otro.png) y más"
    assert dict(elements(source, pictures={KEY: picture()}))["img"]["src"] == ADDRESS


def test_picture_among_words_stays_in_the_line():
    html = render(f"Pulsa ![engranaje]({ADDRESS}) y sigue.", pictures={KEY: picture()}).html
    assert html.startswith('<p>Pulsa <img src="')
    assert html.strip().endswith("y sigue.</p>")


def test_figures_split_the_paragraph_that_they_stand_in():
    source = f"Antes\n![uno]({ADDRESS})\n![dos]({ADDRESS}) ![tres]({ADDRESS})\ndespués"
    assert tags(source, pictures={KEY: picture()}) == ["p", *["figure", "img"] * 3, "p"]


def test_figure_in_a_step_stays_in_the_step():
    source = f"1. Abre el panel\n   ![a]({ADDRESS})\n2. Sigue"
    assert tags(source, pictures={KEY: picture()}) == ["ol", "li", "figure", "img", "li"]
    assert "Abre el panel<figure>" in render(source, pictures={KEY: picture()}).html.replace("\n", "")


@pytest.mark.parametrize("source", [f"## ![a]({ADDRESS}) Título", f"[![a]({ADDRESS})](https://example.org/)"])
def test_picture_in_a_heading_or_link_is_no_figure(source):
    found = tags(source, pictures={KEY: picture()})
    assert "img" in found
    assert "figure" not in found


def test_link_of_a_decorative_picture_says_where_it_leads():
    source = f'[![]({ADDRESS} "decorativa")](https://example.org/)'
    assert ">https://example.org/<img" in render(source, pictures={KEY: picture()}).html


@pytest.mark.parametrize(
    ("address", "pictures"),
    [
        (ADDRESS, {}),
        (ADDRESS, {KEY: picture(content_type="application/pdf")}),
        ("panel.png", {}),
        ("/static/panel.png", {}),
    ],
)
def test_picture_that_is_not_there_leaves_its_description(address, pictures):
    assert render(f"![El panel]({address})", pictures=pictures).html == "<p>El panel</p>\n"


def test_whole_addresses_of_our_own_site_are_ours(settings):
    source = f"![a]({settings.SITE_URL}{ADDRESS}) y [b]({settings.SITE_URL}/documentacion/dns/mx/)"
    found = dict(elements(source, pictures={KEY: picture()}))
    assert found["img"]["src"] == ADDRESS
    assert found["a"] == {"href": "/documentacion/dns/mx/"}


def test_link_to_a_file_stays_a_link():
    html = render(f"[guía](/documentacion/archivos/{KEY}/guia.pdf)").html
    assert html == f'<p><a href="/documentacion/archivos/{KEY}/guia.pdf">guía</a></p>\n'


def test_file_keys_are_those_that_a_body_names():
    other = "f" * 32
    source = f"![a]({ADDRESS}) [b](/documentacion/archivos/{other}/x.pdf) /documentacion/archivos/corta/x"
    assert file_keys(source) == {KEY, other}


def test_plain_text_of_markdown_is_the_markdown():
    assert plain_text("## Uno\n\n<b>", "markdown") == "## Uno\n\n<b>"


# --- Whatever goes in -----------------------------------------------------------------------------

scraps = st.sampled_from(
    [
        "<script>", "</script>", "javascript:", "<", ">", "[", "](", ")", "![", '"', "'", "`", "```\n", "\n",
        "\n\n",
        "> ", "- ", "1. ", "| a | b |\n|---|---|\n", "# ", "*", "**", "~~", "&#106;", "&lt;", "\\", "http://a.b",
        "onload=x", f"({ADDRESS})", "[x]: javascript:x\n", "data:text/html,", "\t", "\u202e", "á",
    ]
)  # fmt: skip


@given(st.lists(scraps | st.text(max_size=5), max_size=40).map("".join))
def test_render_makes_safe_html_of_any_markdown(source):
    with suppress(MarkupRefused):
        assert dangers(render(source, pictures={KEY: picture()}).html) == []
