"""Entering in a real browser: a customer with a mailed code, the team with an app or a passkey."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from helpdesk.tests.hands import press
from helpdesk.tests.voice import complaints, visible_text
from tickets.models import OutboxMessage
from tickets.tests.factories import make_agent, make_ticket

# What is written is kept in the tab a moment later.
UNTIL_KEPT = """new Promise((done) => {
  const look = () => (sessionStorage.length ? done() : setTimeout(look, 20));
  look();
})"""

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def newest_code() -> str:
    return OutboxMessage.objects.filter(kind="code").order_by("-created_at").first().secrets["code"]


def enter(page, look: Callable = lambda: None) -> None:
    """From the head of a page to the list of one's tickets."""
    page.goto("/mi-cuenta/")
    page.get_by_role("navigation", name="Sesión").get_by_role("link", name="Entrar").click()
    press(page, "Enviar código")
    expect(page.locator(".error-summary")).to_contain_text("Escribe tu correo electrónico")
    look()
    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    press(page, "Enviar código")
    expect(page.get_by_role("heading", level=1)).to_have_text("Escribe el código")
    for code in ("2222 2222", newest_code().lower().replace("-", " ")):
        look()
        page.get_by_label("Código de 8 caracteres").fill(code)
        press(page, "Entrar")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hola, Lucía")
    expect(page.locator(".notice")).to_contain_text("Has entrado como lucia@example.com")
    page.get_by_role("navigation", name="Principal").get_by_role("link", name="Mis tickets").click()
    expect(page.locator(".ticket-list a")).to_have_count(1)


def test_customer_enters_looks_for_tickets_and_leaves(page, inspect):
    def look() -> None:
        assert inspect(page) == {}, page.url
        assert complaints(visible_text(page.content())) == []

    page.context.watch.expect("422")
    make_ticket()
    enter(page, look)
    look()
    page.get_by_role("searchbox").fill("dominio")
    press(page, "Buscar")
    expect(page.get_by_text("Ningún ticket coincide")).to_be_visible()
    look()
    page.get_by_role("link", name="Ver todos").click()
    page.get_by_role("link", name="Resueltos").click()
    expect(page.get_by_text("No hay tickets resueltos")).to_be_visible()
    look()
    page.goto("/tickets/nuevo/")
    words = page.get_by_label("Descripción del problema")
    words.fill("Esto no lo lee quien venga detrás")
    page.evaluate(UNTIL_KEPT)
    look()
    page.route("**/mi-cuenta/salir/", lambda route: route.fulfill(status=204))  # and the page stays
    press(page, "Salir")
    assert page.evaluate("sessionStorage.length") == 0
    page.unroute("**/mi-cuenta/salir/")
    words.fill("Y esto, escrito justo antes de salir, tampoco")
    press(page, "Salir")
    expect(page.locator(".notice")).to_have_text("Has salido de Mi Cuenta")
    page.wait_for_function("sessionStorage.length === 0")  # the page's scripts run after its words are read
    page.go_back()
    expect(words).to_have_value("")
    page.go_back()
    expect(page).to_have_url(re.compile("/mi-cuenta/entrar/"))


def test_customer_enters_without_javascript(page_without_js):
    page_without_js.context.watch.expect("422")
    make_ticket()
    enter(page_without_js)


def test_another_code_is_offered_after_a_minute(page):
    make_ticket()
    page.clock.install()
    page.goto("/mi-cuenta/entrar/")
    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    press(page, "Enviar código")
    button = page.locator("[data-resend] button")
    expect(button).to_be_disabled()
    page.clock.fast_forward(61_000)
    expect(button).to_be_enabled()
    expect(button).to_have_text("Enviar otro código")
    expect(page.locator("[data-resend-state]")).to_have_text("Ya puedes pedir otro código")


def sign_in(page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Nombre de usuario").fill("ana")
    page.get_by_label("Contraseña").fill("secreto")
    press(page, "Entrar")


def test_team_sets_up_an_app_and_a_passkey(open_context, live_server, settings, axe):
    settings.STAFF_SECOND_FACTOR = True
    make_agent()
    # A passkey belongs to a name: browsers make none for an address of numbers.
    context = open_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = key | {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Segundo factor")
    assert axe(page) == {}
    page.get_by_role("link", name="Añadir una aplicación de códigos").click()
    page.locator(".second-factor__qr").evaluate("image => image.decode()")
    assert axe(page) == {}
    secret = page.locator("#totp-secret").inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("Código de la aplicación").fill(code)
    press(page, "Activar")
    expect(page.locator(".second-factor__codes li")).to_have_count(10)
    assert axe(page) == {}

    page.goto("/admin/segundo-factor/llaves/nueva/")
    assert axe(page) == {}
    press(page, "Crear la llave")
    expect(page.locator(".messagelist")).to_contain_text("Llave de acceso añadida.")
    told = OutboxMessage.objects.filter(kind="staff_factor", recipient="ana@example.com")
    assert told.latest("created_at").subject == "Se ha añadido una llave de acceso a tu cuenta"
    page.locator("#user-tools, #logout-form").last.get_by_role("button").first.click()
    sign_in(page)
    expect(page).to_have_url(re.compile("/admin/segundo-factor/entrar/"))
    assert axe(page) == {}
    expect(page.locator("[data-passkey-error]")).to_be_hidden()
    press(page, "Usar la llave de acceso")
    page.wait_for_url("**/admin/")
