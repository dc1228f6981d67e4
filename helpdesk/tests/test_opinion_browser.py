"""The opinion at the end of a guide, with and without scripts, and what the browser tells in passing."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contact.setup import create_default_channels
from docs_kb import search_log
from docs_kb.models import ArticleDay, SearchOpening
from docs_kb.tests.factories import make_article
from helpdesk.tests.hands import press
from helpdesk.tests.voice import complaints, visible_text

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FAILED = "No hemos podido guardar tu respuesta. Inténtalo otra vez."


@pytest.fixture
def guide(db):
    create_default_channels()
    return make_article("No recibo correos", body="## Mira el espacio\n\nVacía la papelera.")


def say_no_and_why(page, guide) -> None:
    page.goto(guide.get_absolute_url())
    press(page, "No del todo")
    page.get_by_label("Los pasos no funcionan").check()
    page.get_by_label("Cuéntanos más (opcional)").fill("El botón no está. Soy lucia@example.com")
    press(page, "Enviar")
    expect(page.locator(".opinion__status")).to_have_text("Gracias. Nos ayuda a mejorar.")
    said = guide.feedback.get()
    assert (said.is_helpful, said.reason) == (False, "steps_fail")
    assert said.comment == "El botón no está. Soy [correo]"
    page.goto(guide.get_absolute_url())
    expect(page.locator("#opinion")).to_contain_text("Ya respondiste a esta guía.")
    page.get_by_role("link", name="Cambiar mi respuesta").click()
    press(page, "Sí, gracias")
    expect(page.locator(".opinion__status")).to_have_text("Gracias. Nos ayuda a mejorar.")
    assert guide.feedback.get().is_helpful


def test_reader_says_no_and_why_and_then_yes(guide, page):
    say_no_and_why(page, guide)


def test_reader_says_no_and_why_and_then_yes_without_scripts(guide, page_without_js):
    say_no_and_why(page_without_js, guide)
    expect(page_without_js).to_have_url(re.compile(r"\?opinion=gracias#opinion$"))


def test_answer_stays_on_the_page_and_takes_the_focus_along(guide, page):
    page.clock.install()
    page.goto(guide.get_absolute_url())
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="No del todo").press("Enter")
    expect(page.get_by_label("No explica mi caso")).to_be_visible()
    expect(page.locator("#opinion")).to_be_focused()
    page.get_by_label("Cuéntanos más (opcional)").fill("a" * 900)
    page.clock.run_for(1000)
    expect(page.locator("[data-counter-for]")).to_have_text("Te quedan 100 caracteres")
    press(page, "Enviar")
    expect(page.locator(".opinion__status")).to_have_text("Gracias. Nos ayuda a mejorar.")
    assert page.evaluate("window.sameDocument")


def test_comment_that_is_too_long_comes_back_with_its_text(guide, page, page_without_js):
    for reader in (page, page_without_js):
        reader.context.watch.expect("422")
        reader.goto(guide.get_absolute_url() + "?opinion=motivo#opinion")
        reader.get_by_label("Cuéntanos más (opcional)").fill("a" * 1001)
        press(reader, "Enviar")
        expect(reader.locator("#opinion .error")).to_contain_text(
            "El comentario debe tener 1000 caracteres o menos"
        )
        expect(reader.get_by_label("Cuéntanos más (opcional)")).to_have_value("a" * 1001)
    expect(page.get_by_label("Cuéntanos más (opcional)")).to_be_focused()
    assert not guide.feedback.exists()


def test_answer_that_cannot_be_sent_says_so_and_may_be_tried_again(guide, page):
    page.context.watch.expect("Failed to load resource")
    page.goto(guide.get_absolute_url())
    page.route("**/opinion/", lambda route: route.abort())
    press(page, "Sí, gracias")
    expect(page.locator(".opinion__status")).to_have_text(FAILED)
    page.unroute("**/opinion/")
    page.route("**/opinion/", lambda route: route.fulfill(status=500, body="<h1>No</h1>"))
    press(page, "Sí, gracias")
    expect(page.locator(".opinion__status")).to_have_text(FAILED)
    page.unroute("**/opinion/")
    press(page, "Sí, gracias")
    expect(page.locator(".opinion__status")).to_have_text("Gracias. Nos ayuda a mejorar.")
    assert guide.feedback.count() == 1


def test_every_state_is_accessible(guide, page, inspect):
    page.context.watch.expect("422")

    def look(stage: str) -> None:
        assert inspect(page) == {}, stage
        assert complaints(visible_text(page.content())) == [], stage

    for stage in ("cambiar", "motivo", "gracias"):
        page.goto(f"{guide.get_absolute_url()}?opinion={stage}#opinion")
        look(stage)
    page.goto(f"{guide.get_absolute_url()}?opinion=motivo#opinion")
    press(page, "Enviar")
    expect(page.locator("#opinion .error")).to_be_visible()
    look("something to review")
    page.evaluate("document.querySelector('#opinion form').submit()")
    expect(page).to_have_title(re.compile("^Error: ¿Qué ha fallado?"))
    look("the page of its own")


def test_guide_in_sight_for_five_seconds_is_a_visit(guide, page):
    page.clock.install()
    page.goto(guide.get_absolute_url())
    page.clock.run_for(4_000)
    assert not ArticleDay.objects.exists()
    with page.expect_request("**/senales/"):
        page.clock.run_for(2_000)
    page.clock.run_for(60_000)
    page.goto(reverse("docs_kb:home"))
    assert ArticleDay.objects.get().views == 1


def test_result_opened_from_a_search_is_counted(guide, page):
    page.goto(reverse("docs_kb:search") + "?q=correos")
    if not SearchOpening.objects.exists():
        search_log.record(text="correos", results=1)
    with page.expect_request("**/senales/"):
        page.get_by_role("link", name="No recibo correos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No recibo correos")
    assert ArticleDay.objects.get().opens == 1
    assert SearchOpening.objects.get().query.text == "correos"
