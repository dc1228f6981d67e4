"""Tomás, who keeps the guides, sees in a browser what was searched in vain and does something about it."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from docs_kb import feedback, search_log
from docs_kb.models import Article, SearchQuery
from docs_kb.search import search
from docs_kb.tests.factories import make_article
from helpdesk.tests.hands import press
from helpdesk.tests.looks import LOOKS, dress
from helpdesk.tests.staff_session import enter
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
    enter(page, User.objects.get(username="tomas")).goto("/admin/")
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


def test_report_and_its_pages_are_accessible(searched, page, axe, overflow):
    feedback.explain(article=searched, voter="v" * 64, reason="unclear", comment="No sé qué es un MX")
    opinion = searched.feedback.get()
    query = SearchQuery.objects.get(text="cambiar tarjeta")
    ignored = SearchQuery.objects.get(text="docker")
    SearchQuery.objects.filter(pk=ignored.pk).update(is_ignored=True)
    enter(page, User.objects.get(username="tomas"))
    problems = {}

    def look(address: str, looks=LOOKS[:2]) -> None:
        assert page.goto(address).status == 200, address
        found = dress(page, looks, axe, overflow)
        if spoken := complaints(visible_text(page.content())):
            found["voice"] = spoken
        if found:
            problems[address] = found

    look(f"{REPORT}?dias=90&ignorada={ignored.pk}", LOOKS)
    look("/admin/")
    look(reverse("admin:docs_kb_searchquery_add_to", args=[query.pk]), LOOKS)
    look(reverse("admin:docs_kb_articlefeedback_changelist"), LOOKS)
    look(reverse("admin:docs_kb_articlefeedback_change", args=[opinion.pk]))
    look(reverse("admin:docs_kb_articlefeedback_delete", args=[opinion.pk]))
    look(reverse("admin:docs_kb_synonym_add"))
    SearchQuery.objects.all().delete()
    look(REPORT)
    assert problems == {}
