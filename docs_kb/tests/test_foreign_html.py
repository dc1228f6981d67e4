"""HTML from elsewhere: what it becomes, and that nothing in it runs, loads, or keeps us busy."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.markup import MarkupRefused, plain_text, read, render
from docs_kb.markup.sanitiser import sanitise
from docs_kb.models import ArticleFile
from docs_kb.tests.cpu_limit import cpu_limit
from docs_kb.tests.safe_html import Elements, dangers, elements

pytestmark = pytest.mark.once
KEY = "0123456789abcdef" * 2
ADDRESS = f"/documentacion/archivos/{KEY}/panel.png"
PICTURES = {
    KEY: ArticleFile(
        key=KEY, name="panel.png", content_type="image/png", alt_text="El panel", width=640, height=480
    )
}


def html(source: str) -> str:
    """The page in one line, so that it can be compared."""
    return re.sub(r">\n+<", "><", render(source, body_format="html", pictures=PICTURES).html).strip()


# --- What it becomes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("suelto", "<p>suelto</p>"),
        ("<p>uno<p>dos", "<p>uno</p><p>dos</p>"),
        ("<div>uno<div>dos</div>tres</div>", "<p>uno</p><p>dos</p><p>tres</p>"),
        ("<p>a <b>b <i>c</b> d</i> e</p>", "<p>a <strong>b <em>c</em></strong><em> d</em> e</p>"),
        ("<b><p>uno</p><p>dos</p></b>", "<p><strong>uno</strong></p><p><strong>dos</strong></p>"),
        ("<p><span style='x'>a</span> <font>b</font></p>", "<p>a b</p>"),
        ("<p> a\n\n  b&nbsp;c </p>", "<p>a b&nbsp;c </p>"),
        ("uno<br>dos<br><br>", "<p>uno<br>\ndos</p>"),
        ("<p></p><b></b><p> </p>", ""),
        ("1 < 2 &amp; 3 > 2 &lt;b&gt;", "<p>1 &lt; 2 &amp; 3 &gt; 2 &lt;b&gt;</p>"),
        ("H<sub>2</sub>O <kbd>Ctrl</kbd>", "<p>H<sub>2</sub>O <kbd>Ctrl</kbd></p>"),
        ("<hr><hr/>", "<hr><hr>"),
        (
            "<ul><li>uno<li>dos<ul><li>tres</ul></ul>",
            "<ul><li>uno</li><li>dos<ul><li>tres</li></ul></li></ul>",
        ),
        ("<ul><ul><li>a</ul><li>b</ul>", "<ul><li><ul><li>a</li></ul></li><li>b</li></ul>"),
        ("<ol start=3><li><p>a</p><p>b</p></li></ol>", '<ol start="3"><li><p>a</p><p>b</p></li></ol>'),
        ("<li>a</li></ul><ul></ul>", "<p>a</p>"),
        ("<blockquote>a<p>b</blockquote>c", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>"),
        ("<pre>\n  a <b>b</b><br>c\n\n</pre>", "<pre><code>  a b\nc\n</code></pre>"),
        ("<td>a</td><tr><tbody>b", "<p>a</p><p>b</p>"),
        ("<!-- x --><!doctype html><?php echo 1 ?><![CDATA[y]]>z", "<p>z</p>"),
        ("<script>a < b</script><style>p{}</style><svg><p>x</p><svg></svg></svg>y", "<p>y</p>"),
        ("<p>a</p></div></li></b>b", "<p>a</p><p>b</p>"),
    ],
)
def test_html_becomes_our_structure(source, expected):
    assert html(source) == expected


def test_html_table_gets_a_region_a_body_and_no_empty_header():
    source = "<table><caption>Puertos</caption><tr><th><th>IMAP<tr><td colspan=2>a<td rowspan=x>b</table>c"
    assert html(source) == (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Tabla 1"><table>'
        "<caption>Puertos</caption><tbody><tr><td></td><th>IMAP</th></tr>"
        '<tr><td colspan="2">a</td><td>b</td></tr></tbody></table></div><p>c</p>'
    )


def test_html_closing_tag_in_a_cell_closes_nothing_outside_it():
    assert html("<ul><li><table><tr><td>a</li></ul>b</td></tr></table>c</li></ul>").endswith(
        "<td>ab</td></tr></tbody></table></div>c</li></ul>"
    )


def test_html_headings_start_at_two_without_gaps_and_make_the_list():
    rendered = render("<h1>Uno</h1><h4 id=x>Dos</h4><h2></h2><h2>Tres</h2>", body_format="html")
    assert [tag for tag, _ in elements(rendered.html)] == ["h2", "h3", "h2"]
    assert rendered.toc == [{"anchor": "s-uno", "text": "Uno"}, {"anchor": "s-tres", "text": "Tres"}]


def test_html_anchors_of_its_own_lead_to_ours():
    source = '<h2 id="ap1">Uno</h2><h2><a name="ap2">Dos</a></h2><a href="#ap1">a</a> <a href="#ap2">b</a>'
    assert '<a href="#s-uno">a</a> <a href="#s-dos">b</a>' in html(source)
    assert 'id="ap' not in html(source)


def test_html_links_are_those_that_lead_somewhere():
    source = (
        '<a href="HTTPS://Example.org/?a=1&copy=2">uno</a> <a href="../dos.html">dos</a> '
        '<a href=/admin/>tres</a> <a href=" mailto:a@example.org ">cuatro</a> '
        '<a href="/contacto/" target=x onclick=x>cinco</a>'
    )
    assert html(source) == (
        '<p><a href="https://Example.org/?a=1&amp;copy=2" rel="external noopener">uno</a> dos tres '
        '<a href="mailto:a@example.org">cuatro</a> <a href="/contacto/">cinco</a></p>'
    )


def test_html_pictures_of_ours_are_figures_and_those_of_others_links():
    ours = f'<figure><img src="{ADDRESS}" alt="A&quot;b"><figcaption>Pie <b>de</b> foto</figcaption></figure>'
    assert html(ours) == (
        f'<figure><img src="{ADDRESS}" alt="A&quot;b" width="640" height="480" loading="lazy">'
        "<figcaption>Pie de foto</figcaption></figure>"
    )
    others = "<figure><img src=http://x.y/a.png alt=Fuera><figcaption>Pie</figcaption></figure>"
    assert html(others) == (
        '<p><a href="http://x.y/a.png" rel="external noopener">Imagen: Fuera</a></p><p>Pie</p>'
    )


def test_html_wide_code_can_be_reached_by_keyboard():
    assert '<pre tabindex="0">' in html(f"<pre>{'x' * 60}</pre>")


def test_html_words_are_counted_without_tags():
    assert render("<h2>Uno dos</h2><p title='no'>tres</p>", body_format="html").word_count == 3


def test_html_reads_as_text_with_its_headings_marked():
    source = "<h2>Uno</h2><p>dos <a href='https://x.y/'>tres</a></p><script>no</script><pre>a\nb</pre>"
    assert plain_text(source, "html") == "## Uno\ndos tres\na\nb"


# --- What it never does ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><p>x</p></svg>",
        "<svg><script>alert(1)</script></svg>",
        "<a href=javascript:alert(1)>x</a>",
        '<a href="JaVa&#x09;ScRiPt:alert(1)">x</a>',
        '<a href="java\nscript:alert(1)">x</a>',
        '<a href="&#106;&#97;vascript&colon;alert(1)">x</a>',
        '<a href="&#0000106avascript:alert(1)">x</a>',
        '<a href="\x01 javascript:alert(1)">x</a>',
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href=vbscript:x>x</a>",
        "<a href=//evil.example/>x</a>",
        "<a href='https:javascript:alert(1)'>x</a>",
        "<p style='background:url(javascript:x)' class=btn id=contenido name=x data-url=/x>x</p>",
        '<p title="</p><script>alert(1)</script>">x</p>',
        "<iframe src=javascript:alert(1)></iframe><object data=x></object><embed src=x>",
        "<form action=/admin/><input name=q><button formaction=javascript:x>x</button></form>",
        "<meta http-equiv=refresh content='0;url=//evil'><base href=//evil/><link rel=icon href=//evil>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=x&gt;'></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style></math>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'></svg>",
        "<template><script>alert(1)</script></template><textarea></textarea><img src=x onerror=alert(1)>",
        "<xmp><script>alert(1)</script></xmp>",
        "<title><a href='</title><img src=x onerror=alert(1)>'></title>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!-- --!><img src=x onerror=alert(1)> -->",
        "<![CDATA[><img src=x onerror=alert(1)>]]>",
        "<?x ><img src=x onerror=alert(1)>?>",
        "<script/xss src=//evil></script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src='/documentacion/archivos/../../x' onerror=x>",
        f'<img src="{ADDRESS}" srcset="//evil/x 2x" alt="&quot; onload=alert(1)" width="1" style=x>',
        f'<figure><img src="{ADDRESS}"><figcaption>"<img src=x onerror=y>&lt;script&gt;</figcaption>',
        "<a href=https://a.b/><a href=javascript:x>x</a></a>",
        "<table><td><script>x</script><td background=//evil><th scope=x onclick=x>y",
        "<h2 id='s-x onmouseover=x'>&lt;img src=x&gt;</h2>",
        "<p/onclick=x>x<p\x0conclick=x>y<P\tONCLICK=x>z",
        "<video src=//evil><p>x</p></video><audio autoplay src=//evil></audio>",
        "\ufeff<\u017fcript>alert(1)</\u017fcript><\uff1cscript>",
    ],
)
def test_html_leaves_nothing_that_runs_or_loads(source):
    rendered = render(source, body_format="html", pictures=PICTURES)
    assert dangers(rendered.html) == []
    assert (
        "alert" not in "".join(str(attributes) for _, attributes in elements(rendered.html))
        or "alt" in source
    )


@pytest.mark.parametrize(
    "made",
    [
        '<img src="https://evil.example/x.png">',
        f'<img src="{ADDRESS}/../../x">',
        f'<img src="{ADDRESS}" onload="x" style="x" class="x" id="x">',
        '<a href="//evil.example/" target="_blank">x</a>',
        '<a href="/admin/">x</a>',
        '<div class="btn" id="contenido" role="dialog" tabindex="1">x</div>',
        '<h2 id="contenido">x</h2>',
        "<h1>x</h1><form><input></form><script>x</script><style>x</style>",
    ],
)
def test_sanitiser_has_the_last_word_whatever_a_reader_made(made):
    kept = sanitise(made)
    assert [danger for danger in dangers(kept) if danger != "src=None"] == []
    assert not re.search("evil|admin|contenido|dialog|onload|btn|target", kept)


@pytest.mark.parametrize(
    "source",
    [
        "<!-- sin final",
        "<![CDATA[ sin final",
        "<p title='",
        "<a href=x",
        "<script>alert(1)",
        "<svg><p>x",
        "</p",
        "<style>",
        "x" * 200_001,
        "a\x00b",
        "a\ud800b",
    ],
)
def test_html_without_an_end_is_refused_and_not_cut_off(source):
    with pytest.raises(MarkupRefused):
        render(source, body_format="html")


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 20_000,
        "<div>" * 10_000 + "x" + "</div>" * 10_000,
        "<b>" * 20_000 + "x",
        "<b><i>x" * 10_000,
        "<b>x<i>y</b>z</i>" * 5000,
        "<a href=https://a.b/>x" * 9000,
        "<blockquote>" * 16_000,
        "<ul><li>" * 20_000,
        "<ol>" * 20_000,
        "<table><tr><td>" * 13_000,
        "<td>" * 20_000,
        "<table>" + "<tr><td>x" * 10_000,
        "<p>x" * 20_000,
        "<br>" * 20_000,
        "x<br>" * 20_000,
        "<h2>x" * 20_000,
        "<h2>" + "<a name=x>" * 19_000,
        "<svg>" * 20_000,
        "<svg>" * 10_000 + "</svg>" * 10_000,
        "<pre>" * 20_000,
        "<img>" * 20_000,
        "<" * 199_000,
        "</" * 90_000,
        "<!" * 90_000,
        "<!--" * 49_000,
        "<!---->" * 28_000,
        "<a " * 66_000,
        "<a '" * 49_000,
        '<a x="' * 33_000,
        "<a" + " x" * 99_000 + ">",
        "<a x=" + "=" * 199_000 + ">",
        "<a href='" + "&amp" * 49_000 + "'>x</a>",
        "<script></scrip" * 13_000,
        "<title></titl" * 15_000,
        "&" * 199_000,
        "&lt;" * 49_000,
        "&#1114111;" * 19_000,
        " " * 199_000,
        "a " * 99_000,
        "\n" * 199_000,
        "<p>" + "\ufdfa" * 190_000,
        "x" * 5_000_000,
        "<p>" * 1_700_000,
        "<font size=1><nobr><a href=x>" * 6000,
        "<dl><dt><dd><li>" * 5000,
    ],
    ids=lambda source: f"{source[:12]!r}x{len(source)}",
)
def test_html_monsters_are_refused_or_harmless_at_once(source):
    page = ""
    with cpu_limit(3), suppress(MarkupRefused):
        page = render(source, body_format="html").html
    assert dangers(page) == []


@pytest.mark.parametrize("source", ["<blockquote>", "<ul><li>", "<table><tr><td>"])
def test_html_nested_too_deeply_is_refused_before_it_is_built(source):
    with pytest.raises(MarkupRefused, match="Más de 30 niveles"):
        read(source * 20_000 if len(source) < 10 else source * 10_000, "html")


TAGS = (
    "script /script style /style svg /svg math !-- !--> ![CDATA[ p /p b /b i /i /a table /table tr td /td th"
    " ul /ul caption li ol h2 /h2 pre /pre br hr blockquote /blockquote div /div figure figcaption"
    " /figcaption iframe /iframe noscript /noscript textarea /textarea template /template code /code sub"
    " a|href=javascript:x a|href='https://a.b/' h5|id=x img|src=x|onerror=y|alt='a'"
)
scraps = st.sampled_from(
    [
        *(f"<{tag.replace('|', ' ')}>" for tag in TAGS.split()),
        *(["-->", "]]>", "&lt;", "&#106;", "&", "<", ">", "'", '"', "=", "/", "x", "á"]),
        *(f"<img src='{ADDRESS}'>", " ", "\n"),
    ]
)


@given(st.lists(scraps | st.text(max_size=4), max_size=60).map("".join))
def test_render_makes_safe_html_of_any_html(source):
    with suppress(MarkupRefused):
        assert dangers(render(source, body_format="html", pictures=PICTURES).html) == []


@given(st.lists(st.sampled_from(["a", "b ", "<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "<td>", "<h2>"])))
def test_html_loses_no_words(pieces):
    source = "".join(pieces)
    with suppress(MarkupRefused):
        shown = Elements(render(source, body_format="html").html).text
        assert re.sub(r"\s", "", shown) == re.sub(r"<.*?>|\s", "", source)
