"""Tomás, who keeps the guides, sees in a browser what was searched in vain and does something about it."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from docs_kb import feedback, search_log
from docs_kb.models import Article, SearchQuery
from docs_kb.search import search
from docs_kb.tests.factories import make_article
from helpdesk.tests.test_staff_journey import press, sign_in
from helpdesk.tests.voice import complaints, visible_text
from tickets.tests.factories import make_agent

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
REPORT = "/admin/docs_kb/searchquery/"


@pytest.fixture
def searched():
    """A guide, and what people searched instead of it."""
    article = make_article("Cambiar la forma de pago")
    make_agent("tomas", group="Documentación")
    for text, results in (("bizum", 0), ("docker", 0), ("asdf" * 12, 0), ("cambiar tarjeta", 1)):
        search_log.record(text=text, results=results)
    search_log.ticket_opened(text="bizum")
    return article


def row(page, text: str):
    return page.locator("tbody tr", has=page.get_by_role("rowheader", name=text, exact=True))


def look_after_searches(page, article) -> None:
    sign_in(page, "tomas")
    page.get_by_role("link", name="Búsquedas sin resultado").click()
    expect(page.get_by_role("rowheader").first).to_have_text("bizum")
    expect(row(page, "bizum").get_by_role("cell").nth(4)).to_contain_text("1")

    row(page, "bizum").get_by_role("link", name="Añadir a una guía").click()
    expect(page.locator(".empty")).to_contain_text("Ninguna guía coincide.")
    page.get_by_label("Buscar guías").fill("forma de pago")
    press(page, "Buscar")
    page.get_by_label("Palabras que se añaden").fill("bizum, pagar con el móvil")
    page.get_by_role("button", name="Añadir aquí").click()
    expect(page.locator(".messagelist")).to_contain_text("que ahora da 1 resultado.")
    expect(row(page, "bizum")).to_have_count(0)
    assert [hit.article for hit in search("Bizum").hits] == [article]

    row(page, "docker").get_by_role("button", name="Ignorar").click()
    expect(page.locator(".report__undo")).to_contain_text("«docker» ya no sale en la lista.")
    press(page, "Deshacer")
    expect(page.locator(".messagelist")).to_contain_text("«docker» vuelve a la lista.")
    row(page, "docker").get_by_role("button", name="Crear guía").click()
    expect(page.get_by_label("Título")).to_have_value("Docker")
    draft = Article.objects.get(title="Docker")
    assert (draft.status, draft.keywords) == (Article.Status.DRAFT, "docker")


def test_searches_are_looked_after(searched, page):
    look_after_searches(page, searched)


def test_searches_are_looked_after_without_scripts(searched, page_without_js):
    look_after_searches(page_without_js, searched)


def test_report_is_downloaded_as_a_file(searched, page):
    for _ in range(2):
        search_log.record(text="bizum", results=0)
    sign_in(page, "tomas")
    page.goto(REPORT)
    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar en CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(";")[:2] for line in text.splitlines()[1:]] == [['"bizum"', '"3"']]


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 320), ("light", 320), ("dark", 1280)]
)
def test_report_and_its_pages_are_accessible(searched, open_context, axe, overflow, scheme, width):
    page = open_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    feedback.explain(article=searched, voter="v" * 64, reason="unclear", comment="No sé qué es un MX")
    opinion = searched.feedback.get()
    query = SearchQuery.objects.get(text="cambiar tarjeta")
    ignored = SearchQuery.objects.get(text="docker")
    SearchQuery.objects.filter(pk=ignored.pk).update(is_ignored=True)
    sign_in(page, "tomas")
    addresses = [
        f"{REPORT}?dias=90&ignorada={ignored.pk}",
        reverse("admin:docs_kb_searchquery_add_to", args=[query.pk]),
        reverse("admin:docs_kb_articlefeedback_changelist"),
        reverse("admin:docs_kb_articlefeedback_change", args=[opinion.pk]),
        reverse("admin:docs_kb_articlefeedback_delete", args=[opinion.pk]),
        reverse("admin:docs_kb_synonym_add"),
    ]
    problems = {}
    for address in ["/admin/", *addresses]:
        assert page.goto(address).status == 200, address
        found = {
            "axe": axe(page),
            "overflow": overflow(page),
            "voice": complaints(visible_text(page.content())),
        }
        if any(found.values()):
            problems[address] = found
    SearchQuery.objects.all().delete()
    page.goto(REPORT)
    if found := axe(page):
        problems["empty report"] = found
    assert problems == {}
