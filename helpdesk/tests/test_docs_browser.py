"""The documentation in a real browser: every page in each of its states."""

from itertools import pairwise

import pytest

from contact.setup import create_default_channels
from docs_kb import article_files, publishing
from docs_kb.models import Article, Section
from docs_kb.tests.factories import make_article, make_category, make_upload, picture_bytes
from docs_kb.tests.own_files import own_files
from helpdesk.tests.test_shell_browser import TAB_STOP

__all__ = ["own_files"]

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

GUIDE = "/documentacion/correo-y-moviles/no-recibo-correos/"
PAGES = {
    "home": "/documentacion/",
    "topic": "/documentacion/correo-y-moviles/",
    "guide": GUIDE,
    "results": "/documentacion/buscar/?q=corroes",
    "results of a topic": "/documentacion/buscar/?q=correo&tema=correo-y-moviles",
    "no results": "/documentacion/buscar/?q=zzzzqqq",
    "nothing asked": "/documentacion/buscar/?q=",
    "not found": "/documentacion/correo-y-moviles/recibo-correos/",
    "gone": "/documentacion/correo-y-moviles/antigua/",
}
# Whether what has the focus moves sideways within two seconds.
SCROLLED = """new Promise(done => {
  const until = performance.now() + 2000;
  const look = () => document.activeElement.scrollLeft > 0 ? done(true)
    : performance.now() > until ? done(false) : requestAnimationFrame(look);
  look();
})"""
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => +e.tagName[1])"
BODY = """
Mira primero el [correo web](/documentacion/dominios/registros-mx/) y la [norma](https://example.com/norma).

## Comprueba el espacio

1. Abre el panel.
2. Mira «Cuentas de correo».

{picture}

## Comprueba los registros

| Registro | Servidor entrante | Servidor de salida | Puerto entrante | Puerto de salida |
| --- | --- | --- | --- | --- |
| MX | entrada.correo.example.com | salida.correo.example.com | 993 | 465 |

## Pregunta al servidor

    dig +short MX correo.example.com @servidor-de-nombres.example.com +time=2 +tries=1 +nocomments +noall

## Si nada de eso sirve

Escríbenos.
"""


@pytest.fixture(autouse=True)
def shelves() -> None:
    """A small documentation with a guide that has everything that a guide may have."""
    create_default_channels()
    mail = make_category(
        "Correo y móviles", slug="correo-y-moviles", description="Entrar, enviar y recibir.", position=1
    )
    frequent = Section.objects.create(category=mail, name="Problemas frecuentes", slug="problemas")
    guide = make_article("No recibo correos", slug="no-recibo-correos", category=mail, section=frequent)
    picture = article_files.store(
        upload=make_upload("panel.png", picture_bytes("PNG", size=(640, 320))),
        article=guide,
        alt_text="El panel con las cuentas de correo",
        is_decorative=False,
        by=None,
    )
    article_files.store(
        upload=make_upload("registros.txt", b"MX 10 correo.example.com\n"),
        article=guide,
        alt_text="",
        is_decorative=False,
        by=None,
    )
    guide.summary = "Suele ser un buzón lleno, un filtro o un registro MX cambiado."
    guide.body = BODY.format(picture=article_files.markdown_for(picture))
    guide.is_featured = True
    publishing.save_article(article=guide)
    for title in ("Recibo correos, pero no puedo enviar", "Mi buzón de correo está lleno"):
        make_article(title, category=mail, summary="Casi siempre falta la autenticación.")
    make_article("Registros MX", slug="registros-mx", category=make_category("Dominios", slug="dominios"))
    make_article("Antigua", slug="antigua", category=mail, status=Article.Status.ARCHIVED, replacement=guide)


def visit(page, address: str):
    """Go there; the browser complains of every status above 399."""
    page.context.watch.expect("the server responded with a status of")
    page.goto(address)
    return page


def test_documentation_is_accessible_and_never_scrolls_sideways(page, inspect):
    for name, address in PAGES.items():
        assert inspect(visit(page, address), spaced=True) == {}, name


def test_documentation_needs_no_scripts(page_without_js):
    page, titles = page_without_js, []
    for name, address in PAGES.items():
        visit(page, address)
        titles.append(page.title())
        levels = page.evaluate(HEADINGS)
        assert levels.count(1) == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name
        assert page.get_by_role("searchbox", name="Buscar en la documentación").count() == 1, name
        assert page.locator("main").get_by_role("link", name="Abrir un ticket").count() >= 1 or name in (
            "topic",
            "gone",
        ), name
    assert len(set(titles)) == len(PAGES)
    assert all(title.endswith(" · Soporte de Ejemplo") for title in titles)


def test_reader_gets_from_the_search_to_a_guide_and_its_end_without_scripts(page_without_js):
    page = visit(page_without_js, "/documentacion/")
    page.get_by_label("Buscar en la documentación").last.fill("no resibo correos")
    page.get_by_role("button", name="Buscar").click()
    assert page.title().endswith("resultados para «no resibo correos» · Soporte de Ejemplo")
    page.get_by_role("link", name="No recibo correos", exact=True).click()
    assert page.url.endswith(GUIDE)
    assert page.get_by_role("img", name="El panel con las cuentas de correo").is_visible()
    assert page.get_by_text("registros.txt (TXT, 1\xa0KB)").is_visible()
    page.get_by_role("button", name="Sí, gracias").click()
    assert page.get_by_text("Gracias. Nos ayuda a mejorar.").is_visible()
    page.locator(".after").get_by_role("link", name="Abrir un ticket").click()
    assert page.url.endswith("?articulo=no-recibo-correos")


def test_contents_of_a_guide_are_folded_on_a_narrow_screen_and_open_on_a_wide_one(open_context):
    for width, is_open in ((320, False), (1280, True)):
        page = open_context(java_script_enabled=False, viewport={"width": width, "height": 640}).new_page()
        contents = visit(page, GUIDE).get_by_role("navigation", name="En esta página")
        assert contents.count() == 1
        link = contents.get_by_role("link", name="Pregunta al servidor")
        assert link.is_visible() is is_open
        if not is_open:
            contents.get_by_text("En esta página").click()
        link.click()
        assert page.url.endswith("#s-pregunta-al-servidor")


def test_what_is_wide_scrolls_by_keyboard(phone):
    page = visit(phone, GUIDE)
    table = page.get_by_role("region", name="Tabla 1: Comprueba los registros")
    for wide in (table, page.locator("pre")):
        wide.focus()
        assert wide.evaluate("e => e === document.activeElement && e.scrollWidth > e.clientWidth")
        page.keyboard.press("ArrowRight")
        assert page.evaluate(SCROLLED), wide


def test_every_tab_stop_of_a_guide_and_of_results_is_seen_ringed_and_large_enough(open_context):
    page = open_context(viewport={"width": 320, "height": 256}).new_page()
    for name in ("guide", "results of a topic"):
        visit(page, PAGES[name])
        stops = []
        while (stop := (page.keyboard.press("Tab"), page.evaluate(TAB_STOP))[1]) and len(stops) < 100:
            stops.append(stop)
        assert len(stops) > 20, name
        for stop in stops:
            assert stop["seen"], stop
            assert stop["uncovered"], stop
            assert stop["ring"] >= 2, stop
            assert stop["inline"] or stop["height"] >= 23.9, stop


def test_links_of_lists_have_room_for_a_finger(open_context):
    page = open_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 640}).new_page()
    heights = "links => links.map(link => link.getBoundingClientRect().height)"
    lists = ".index-list a, .shelf a, .topic-list a, .result-list a, .link-list a, .guide__files a"
    for name in ("home", "topic", "guide", "results"):
        found = visit(page, PAGES[name]).locator("main").locator(lists)
        seen = [height for height in found.evaluate_all(heights) if height]
        assert seen, name
        assert min(seen) >= 44, name


def test_print_keeps_the_guide_with_its_date_address_and_links(page):
    visit(page, GUIDE).emulate_media(media="print")
    for selector in (
        ".site-nav",
        ".breadcrumb",
        ".search-box",
        ".side-col",
        "#opinion",
        ".after",
        ".help-block",
    ):
        assert not page.locator(selector).first.is_visible(), selector
    foot = page.locator(".print-foot")
    assert foot.is_visible()
    assert "Actualizado el" in foot.inner_text()
    assert foot.inner_text().endswith(GUIDE)
    written_out = "e => getComputedStyle(e, '::after').content"
    for link, address in (
        ("correo web", "/documentacion/dominios/registros-mx/"),
        ("norma", "https://example.com/norma"),
    ):
        shown = page.locator(".prose").get_by_role("link", name=link).evaluate(written_out)
        assert address in shown
