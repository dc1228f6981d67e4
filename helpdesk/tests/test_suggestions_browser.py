"""Guides in the ticket form in a real browser: they help, and never stand in the way."""

import re

import pytest
from playwright.sync_api import expect

from docs_kb.models import Article, ArticleDay
from docs_kb.tests.factories import make_article
from helpdesk.tests.hands import press
from helpdesk.tests.voice import complaints, visible_text
from tickets.guides import met_by
from tickets.models import Ticket
from tickets.tests.factories import picture_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FORM = "/tickets/nuevo/"
ASK = "**/tickets/nuevo/sugerencias/"
# How long typing rests before the guides are asked for, and how far two questions are apart; in ms.
PAUSE, EVERY = 1200, 3000
STORY = "La contraseña del buzón me la pide siempre el Outlook de mi Mac"
OTHER_STORY = "El certificado de mi dominio caduca mañana y la renovación falla"
FOREIGN = "El lavavajillas hace mucho ruido y no desagua bien desde ayer"
TWO_HELP = "2 artículos pueden ayudarte; están debajo de la descripción"
ONE_HELPS = "Un artículo puede ayudarte; está debajo de la descripción"
PICTURE = {"name": "panel.png", "mimeType": "image/png", "buffer": picture_bytes()}
# All that a screen reader would hear from the live regions, in order.
RECORDER = """
addEventListener("DOMContentLoaded", () => {
  window.heard = [];
  const hear = (region) => new MutationObserver(() => heard.push(region.textContent))
    .observe(region, { childList: true, characterData: true, subtree: true });
  document.querySelectorAll("[role=status], [role=alert], [aria-live]").forEach(hear);
});
"""


@pytest.fixture(autouse=True)
def _in_a_hurry(settings):
    """A browser that is driven fills in a form in less than three seconds."""
    settings.RATE_LIMITS = False


@pytest.fixture(autouse=True)
def guides(django_db_serialized_rollback, transactional_db) -> list[Article]:
    """Two guides about one problem and one about another, among others."""
    for number in range(12):
        make_article(f"Otra guía sobre impresoras {number}", body="Papel, tinta y bandejas.")
    return [
        make_article(
            "Outlook para Mac pide la contraseña del buzón",
            body="Recordar la contraseña del buzón en Outlook para Mac.",
        ),
        make_article("Outlook para Mac y la contraseña del buzón", body="Recordar la contraseña del buzón."),
        make_article(
            "Renovar el certificado de un dominio",
            body="Qué hacer cuando la renovación del certificado falla o caduca mañana.",
        ),
    ]


def fill_in(page, description: str = STORY) -> None:
    page.get_by_label("Nombre completo").fill("Lucía Ferrer")
    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    page.get_by_label("Descripción del problema").fill(description)


def open_form(page) -> None:
    """The form, whose time passes only when a test says so."""
    page.clock.install()
    page.goto(FORM)
    page.clock.pause_at("2040-01-01")


def write_and_rest(page) -> None:
    fill_in(page)
    page.clock.run_for(PAUSE)
    expect(section(page)).to_be_visible()


def answered(page) -> None:
    """The last question has had its answer, or none."""
    expect(page.locator("[data-suggestions]")).not_to_have_attribute("aria-busy", "true")


def section(page):
    return page.get_by_role("region", name="Quizá esto lo resuelva ahora")


def heard(page) -> list[str]:
    return [text for text in page.evaluate("heard") if text.strip()]


def the_ticket(page) -> Ticket:
    expect(page.get_by_role("heading", level=1)).to_have_text("Hemos recibido tu ticket")
    return Ticket.objects.get()


# --- With scripts ---------------------------------------------------------------------------


def test_guides_appear_below_after_a_pause_and_disturb_nothing(page, guides):
    page.add_init_script(RECORDER)
    open_form(page)
    field = page.get_by_label("Descripción del problema")
    expect(field).to_have_accessible_description(
        re.compile("Mientras escribes te sugeriremos guías debajo"),
    )
    field.fill(STORY)
    field.evaluate("field => field.setSelectionRange(7, 12)")
    before = field.bounding_box(), page.evaluate("scrollY")
    page.clock.run_for(PAUSE)
    expect(section(page)).to_be_visible()
    links = section(page).get_by_role("link")
    expect(links).to_have_text([f"{guide.title} (se abre en otra pestaña)" for guide in guides[:2]])
    expect(field).to_be_focused()
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [7, 12]
    assert (field.bounding_box(), page.evaluate("scrollY")) == before
    assert section(page).bounding_box()["y"] > before[0]["y"] + before[0]["height"]
    assert heard(page) == [TWO_HELP]

    field.press("End")
    with page.expect_response(ASK):
        field.type(" desde ayer")
        page.clock.run_for(EVERY)
    answered(page)
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()
    assert heard(page) == [TWO_HELP]


def test_guides_change_with_the_text_and_go_when_none_is_good(page, guides):
    page.add_init_script(RECORDER)
    open_form(page)
    write_and_rest(page)
    field = page.get_by_label("Descripción del problema")
    field.fill(OTHER_STORY)
    page.clock.run_for(EVERY)
    expect(section(page).get_by_role("link")).to_have_text([re.compile(guides[2].title)])
    field.fill(FOREIGN)
    page.clock.run_for(EVERY)
    expect(section(page)).to_have_count(0)
    assert heard(page) == [TWO_HELP, ONE_HELPS]


def test_nothing_is_asked_below_forty_characters_while_typing_or_within_three_seconds(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "sugerencias" in request.url else None)
    open_form(page)
    field = page.get_by_label("Descripción del problema")
    field.fill(STORY[:39])
    field.blur()
    page.clock.run_for(5000)
    for number in range(5):
        field.fill(f"{STORY} {number}")
        page.clock.run_for(800)
    page.wait_for_timeout(200)
    assert asked == []
    with page.expect_request(ASK):
        page.clock.run_for(500)
    field.fill(f"{STORY} desde ayer")
    page.clock.run_for(1500)
    page.wait_for_timeout(200)
    assert len(asked) == 1
    with page.expect_request(ASK):
        page.clock.run_for(1500)


def test_leaving_the_field_asks_at_once(page):
    open_form(page)
    field = page.get_by_label("Descripción del problema")
    field.fill(STORY)
    page.clock.run_for(100)
    expect(section(page)).to_have_count(0)
    field.blur()
    page.clock.run_for(100)
    expect(section(page)).to_be_visible()


def test_guides_stay_as_they_are_while_one_is_among_them(page, guides):
    open_form(page)
    write_and_rest(page)
    field = page.get_by_label("Descripción del problema")
    first = section(page).get_by_role("link").first
    first.focus()
    with page.expect_response(ASK):
        # What was typed last is answered only now.
        field.evaluate(
            "(field, text) => { field.value = text; field.dispatchEvent(new Event('input')) }", FOREIGN
        )
        page.clock.run_for(EVERY)
    answered(page)
    expect(first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.clock.run_for(1)
    expect(section(page)).to_have_count(0)


def test_control_that_is_used_below_stays_where_it_was(page):
    open_form(page)
    page.get_by_label("Descripción del problema").fill(STORY)
    chooser = page.get_by_role("button", name="Elegir archivos")
    chooser.focus()
    page.evaluate("scrollBy(0, 300)")
    before = chooser.bounding_box()["y"]
    page.clock.run_for(PAUSE)
    expect(section(page)).to_be_attached()
    assert abs(chooser.bounding_box()["y"] - before) < 2
    expect(chooser).to_be_focused()


@pytest.mark.parametrize("way", ["error", "abort", "garbage"])
def test_form_works_while_guides_cannot_be_had(page, way):
    page.context.watch.expect("sugerencias")
    page.context.watch.expect("Failed to load resource")
    page.add_init_script(RECORDER)
    answers = {
        "error": lambda route: route.fulfill(status=500, body="<h1>500</h1>"),
        "abort": lambda route: route.abort(),
        "garbage": lambda route: route.fulfill(status=200, body="nada"),
    }
    page.route(ASK, answers[way])
    open_form(page)
    with page.expect_request(ASK):
        fill_in(page)
        page.clock.run_for(PAUSE)
    answered(page)
    expect(section(page)).to_have_count(0)
    assert heard(page) == []
    press(page, "Enviar ticket")
    assert the_ticket(page).messages.get().body == STORY


def test_read_guide_opens_beside_the_draft_and_reaches_staff(page, guides):
    open_form(page)
    write_and_rest(page)
    with page.context.expect_page() as opened:
        section(page).get_by_role("link").nth(1).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(guides[1].title)
    expect(page.get_by_label("Descripción del problema")).to_have_value(STORY)
    press(page, "Enviar ticket")
    met = met_by(the_ticket(page))
    assert (met.read, met.suggested) == ([guides[1]], [guides[0]])


def test_enter_in_a_field_sends_while_guides_are_shown(page):
    open_form(page)
    write_and_rest(page)
    page.get_by_label("Nombre completo").press("Enter")
    the_ticket(page)


def test_second_button_is_for_those_without_scripts(page):
    page.goto(FORM)
    expect(page.get_by_role("button", name="Ver guías antes de enviar")).to_have_count(0)


# --- With and without them ------------------------------------------------------------------


def solve_and_undo(page, guides) -> None:
    def solved() -> int:
        return sum(ArticleDay.objects.filter(article=guides[0]).values_list("solved", flat=True))

    press(page, "Ya lo he resuelto")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nos alegra. No hemos enviado nada.")
    assert solved() == 1
    page.reload()
    assert solved() == 1
    press(page, "Deshacer")
    told = page.locator(".notice[data-focus-notice]")
    expect(told).to_contain_text("Aquí sigue tu ticket, tal como lo dejaste.")
    expect(page.get_by_label("Descripción del problema")).to_have_value(STORY)
    expect(page.get_by_role("button", name="Quitar panel.png")).to_be_visible()
    assert solved() == 0
    press(page, "Enviar ticket")
    assert the_ticket(page).messages.get().attachments.count() == 1


def test_solved_ticket_can_be_taken_back_and_sent(page, guides):
    open_form(page)
    write_and_rest(page)
    page.locator("input[type=file]").set_input_files([PICTURE])
    solve_and_undo(page, guides)


def test_guides_by_button_without_scripts(page_without_js, guides):
    page = page_without_js
    page.goto(FORM)
    fill_in(page)
    page.locator("input[type=file]").set_input_files([PICTURE])
    press(page, "Ver guías antes de enviar")
    expect(section(page)).to_be_focused()
    expect(section(page)).to_be_in_viewport()
    expect(section(page).get_by_role("link")).to_have_count(2)
    expect(page.get_by_label("Nombre completo")).to_have_value("Lucía Ferrer")
    expect(page.get_by_label("Descripción del problema")).to_have_value(STORY)
    expect(page.get_by_role("button", name="Quitar panel.png")).to_be_visible()
    solve_and_undo(page, guides)
    met = met_by(Ticket.objects.get())
    assert (met.read, met.suggested) == ([], guides[:2])


def test_button_without_scripts_says_when_there_is_none(page_without_js):
    page = page_without_js
    page.goto(FORM)
    fill_in(page, FOREIGN)
    press(page, "Ver guías antes de enviar")
    none = page.locator("#sugerencias")
    expect(none).to_have_text("No hemos encontrado guías sobre esto; envía el ticket y te ayudamos.")
    expect(none).to_be_focused()
    press(page, "Enviar ticket")
    the_ticket(page)


def test_guides_are_accessible_in_every_state(page, inspect):
    def look() -> None:
        page.wait_for_load_state()
        assert inspect(page) == {}
        assert complaints(visible_text(page.content())) == []

    page.goto(FORM)
    fill_in(page)
    page.get_by_label("Descripción del problema").blur()
    expect(section(page)).to_be_visible()
    look()
    press(page, "Ya lo he resuelto")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nos alegra. No hemos enviado nada.")
    look()
    press(page, "Deshacer")
    expect(section(page)).to_be_visible()
    look()
