"""The customer's own page of a ticket, in a browser: news that move nothing, resolved, rated, open again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from helpdesk.tests.hands import press
from tickets.conversation import reply
from tickets.links import signed_token, survey_token
from tickets.tests.factories import make_agent, make_ticket
from tickets.triage import change_status

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NEWS = "Hay una respuesta nueva."
TYPED = "Uso Firefox en el portátil"
COURTESY = "Muchas gracias"


@pytest.fixture
def ticket(django_db_serialized_rollback):
    return make_ticket(at=timezone.now() - timedelta(hours=1))


def enter(page, ticket) -> None:
    page.goto(f"/t/{signed_token(ticket)}/")
    press(page, "Abrir mi ticket")
    expect(page.get_by_role("heading", level=1)).to_have_text(ticket.subject)


def test_new_answer_is_announced_and_shown_only_when_asked_for(page, ticket):
    page.clock.install()
    enter(page, ticket)
    page.get_by_label("Tu respuesta").fill(TYPED)
    before = page.locator("[data-news-part=thread]").inner_html()
    place = page.get_by_label("Tu respuesta").bounding_box()
    reply(ticket=ticket, author=make_agent(), body="¿Qué navegador usas?", notify=False)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-news-sentence]")).to_have_text(NEWS)
    assert page.locator("[data-news-part=thread]").inner_html() == before
    assert page.get_by_label("Tu respuesta").bounding_box() == place
    press(page, "Mostrarla")
    expect(page.locator("#ultimo")).to_be_focused()
    expect(page.locator("#ultimo")).to_have_text("Ana, del equipo de soporte")
    expect(page.get_by_label("Tu respuesta")).to_have_value(TYPED)
    expect(page.locator("[data-news-sentence]")).to_be_empty()


def test_polling_ends_politely_when_the_access_does(page, ticket):
    page.context.watch.expect("403")
    page.clock.install()
    enter(page, ticket)
    expect(page.locator("[data-news-hint]")).to_be_hidden()
    page.context.clear_cookies()
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-news-hint]")).to_be_visible()


def solve_rate_reopen_and_go_on(page, ticket, look) -> None:
    page.context.watch.expect("422")
    enter(page, ticket)
    look()
    page.get_by_label("Tu respuesta").fill(TYPED)
    press(page, "Ya está resuelto")
    expect(page.get_by_role("heading", level=1)).to_have_text("¿Lo damos por resuelto?")
    look()
    press(page, "Volver")
    expect(page.get_by_label("Tu respuesta")).to_have_value(TYPED)
    press(page, "Ya está resuelto")
    press(page, "Sí, está resuelto")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tu ticket está resuelto")
    look()
    page.get_by_role("link", name="Volver al ticket").click()
    page.get_by_label("Tu respuesta").fill(COURTESY)
    press(page, "Enviar respuesta")
    expect(page.locator(".notice").first).to_contain_text("Gracias. Tu ticket sigue resuelto")
    look()
    page.goto(f"/valorar/{survey_token(ticket.surveys.get())}/")
    look()
    page.get_by_label("Mal", exact=True).check()
    press(page, "Enviar valoración")
    expect(page.locator(".notice--ok")).to_have_text("Gracias. Hemos guardado tu valoración.")
    look()
    press(page, "Reabrir el ticket")
    expect(page.locator(".notice--ok")).to_contain_text("Lo hemos reabierto.")
    page.get_by_role("link", name="Volver al ticket").click()
    expect(page.get_by_text("Lo hemos reabierto.")).to_be_visible()
    expect(page.get_by_label("Tu respuesta")).to_have_value("")
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert [message.body for message in ticket.messages.all()][1:] == [TYPED, COURTESY]
    assert ticket.surveys.get().rating == "bad"
    # Closed while an answer was being typed: it goes on as a related ticket.
    page.get_by_label("Tu respuesta").fill("Y en el móvil tampoco entra")
    change_status(ticket=ticket, to="closed", by=None, notify=False)
    press(page, "Enviar respuesta")
    expect(page.get_by_role("heading", name="Tu respuesta no se ha enviado")).to_be_visible()
    look()
    press(page, "Abrir un ticket con esta respuesta")
    expect(page.get_by_role("heading", level=1)).to_have_text("Abre un ticket")
    expect(page.get_by_label("Descripción del problema")).to_have_value("Y en el móvil tampoco entra")
    expect(page.get_by_label("Correo electrónico")).to_have_value("lucia@example.com")
    look()


def test_customer_resolves_rates_and_opens_again(page, ticket, inspect):
    def look() -> None:
        assert inspect(page) == {}, page.url

    solve_rate_reopen_and_go_on(page, ticket, look)


def test_customer_resolves_rates_and_opens_again_without_scripts(page_without_js, ticket):
    solve_rate_reopen_and_go_on(page_without_js, ticket, lambda: None)
