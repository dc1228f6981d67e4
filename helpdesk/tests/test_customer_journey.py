"""Lucía's way in a real browser: the form, its errors and files, the receipt, the link, the conversation."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.tests.hands import press
from helpdesk.tests.voice import complaints, visible_text
from tickets import access
from tickets.conversation import reply
from tickets.models import Attachment, Ticket
from tickets.tests.factories import make_agent, make_ticket, picture_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FORM = "/tickets/nuevo/"
DESCRIPTION = "No puedo entrar en mi panel desde ayer. La página se recarga y no dice nada."
PICTURE = {"name": "panel.png", "mimeType": "image/png", "buffer": picture_bytes()}
OTHER = {"name": "error.png", "mimeType": "image/png", "buffer": picture_bytes(color="brown")}
DISGUISED = {"name": "programa.png", "mimeType": "image/png", "buffer": b"MZ\x90\x00" * 100}
NOTES = {"name": "registro.txt", "mimeType": "text/plain", "buffer": b"hola\n"}


@pytest.fixture(autouse=True)
def _in_a_hurry(settings):
    """A browser that is driven fills in a form in less than three seconds."""
    settings.RATE_LIMITS = False


def fill_in(page, **changes) -> None:
    words = {"name": "Lucía Ferrer", "email": "lucia@example.com", "description": DESCRIPTION} | changes
    page.get_by_label("Nombre completo").fill(words["name"])
    page.get_by_label("Correo electrónico").fill(words["email"])
    page.get_by_label("Descripción del problema").fill(words["description"])


def choose(page, *files) -> None:
    page.locator("input[type=file]").set_input_files(files)


def open_conversation(page, ticket: Ticket) -> None:
    page.goto(f"/t/{access.signed_token(ticket)}/")
    press(page, "Abrir mi ticket")


def the_whole_way(page, live_server, *, scripts: bool) -> None:
    page.context.watch.expect("422")
    page.goto(FORM)
    fill_in(page, email="lucia@")
    choose(page, PICTURE, DISGUISED)
    refusal = "«programa.png» no parece una imagen: vuelve a guardarla y súbela otra vez"
    if scripts:  # each file went up by itself, and what is wrong with one is said at once
        expect(page.locator("[data-upload-alert]")).to_contain_text(refusal)
    press(page, "Enviar ticket")
    expect(page).to_have_title(re.compile("^Error: Abre un ticket"))
    wrong = ["Escribe el correo electrónico con el formato nombre@example.com"]
    expect(page.locator(".error-summary li")).to_have_text(wrong if scripts else [*wrong, refusal])
    expect(page.get_by_label("Nombre completo")).to_have_value("Lucía Ferrer")
    expect(page.locator(".file-list__name")).to_have_text(["panel.png"])

    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    choose(page, OTHER)
    press(page, "Enviar ticket")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hemos recibido tu ticket")
    ticket = Ticket.objects.get()
    assert page.url == f"{live_server.url}/tickets/{ticket.reference}/recibo/"
    expect(page.locator(".stub__reference")).to_have_text(ticket.reference)
    expect(page.locator(".file-list__name")).to_have_text(["panel.png", "error.png"])
    page.reload()
    assert Ticket.objects.count() == 1

    reply(ticket=ticket, author=make_agent(), body="¿Qué navegador usas?")
    open_conversation(page, ticket)
    assert page.url == f"{live_server.url}/tickets/{ticket.reference}/"
    expect(page.locator(".status")).to_have_text("Esperamos tu respuesta")
    expect(page.locator(".message h3")).to_have_text(["Tú", "Ana, del equipo de soporte"])
    page.get_by_label("Tu respuesta").fill("Uso Firefox 141")
    choose(page, NOTES)
    press(page, "Enviar respuesta")
    expect(page.locator(".notice").first).to_have_text("Respuesta enviada")
    expect(page.locator(".message h3")).to_have_text(["Tú", "Ana, del equipo de soporte", "Tú"])
    expect(page.locator(".status")).to_have_text("En estudio")
    with page.expect_download() as download:
        page.get_by_role("link", name="registro.txt").click()
    assert download.value.suggested_filename == "registro.txt"

    press(page, "Cerrar acceso en este equipo")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acceso cerrado en este equipo")


def test_customer_writes_and_follows_a_ticket(page, live_server):
    the_whole_way(page, live_server, scripts=True)


def test_customer_writes_and_follows_a_ticket_without_scripts(page_without_js, live_server):
    the_whole_way(page_without_js, live_server, scripts=False)


def test_double_click_makes_one_ticket(page):
    page.goto(FORM)
    fill_in(page)
    page.get_by_role("button", name="Enviar ticket").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hemos recibido tu ticket")
    assert Ticket.objects.count() == 1


def test_empty_form_leads_to_each_field(page):
    page.context.watch.expect("422")
    page.goto(FORM)
    press(page, "Enviar ticket")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("heading")).to_have_text("Hay 3 cosas que revisar")
    for label in ("Nombre completo", "Correo electrónico", "Descripción del problema"):
        field = page.get_by_label(label)
        error = page.locator(f"#{field.get_attribute('id')}_error .error")
        text = error.inner_text().removeprefix("Error:").strip()
        summary.get_by_role("link", name=text).click()
        expect(field).to_be_focused()


def test_mended_field_drops_its_error_and_none_complains_while_typing(page):
    page.context.watch.expect("422")
    page.goto(FORM)
    fill_in(page, email="lucia@")
    press(page, "Enviar ticket")
    email = page.get_by_label("Correo electrónico")
    email.fill("lucia@example")
    expect(page.locator("#id_email_error")).to_be_visible()
    email.fill("lucia@example.com")
    expect(page.locator("#id_email_error")).to_have_count(0)
    expect(email).not_to_have_attribute("aria-invalid", "true")
    email.fill("lu")
    expect(page.locator("[data-error]")).to_have_count(0)


def test_file_is_removed_by_keyboard_without_scripts_and_the_focus_stays_near(page_without_js):
    page = page_without_js
    page.goto(FORM)
    choose(page, PICTURE, OTHER)
    press(page, "Añadir estos archivos")
    page.get_by_role("button", name="Quitar panel.png").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Quitar panel.png")).to_have_count(0)
    expect(page.get_by_role("button", name="Quitar error.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".file-list__name")).to_have_count(0)
    expect(page.get_by_role("button", name="Añadir estos archivos")).to_be_focused()
    assert not Attachment.objects.exists()


def test_characters_are_counted_near_the_limit(page):
    page.clock.install()
    page.goto(FORM)
    page.clock.pause_at("2040-01-01")
    field = page.get_by_label("Descripción del problema")
    counter = page.locator("[data-counter-for]")
    for text, said in (
        ("a" * 3900, ""),
        ("😀" * 4900, "Te quedan 100 caracteres"),
        ("a" * 5001, "Te sobra 1 carácter"),
    ):
        before = counter.text_content()
        field.fill(text)
        page.clock.run_for(900)
        expect(counter).to_have_text(before)  # not while someone types
        page.clock.run_for(100)
        expect(counter).to_have_text(said)


def test_lost_cookie_redraws_the_form_filled_in(page):
    page.context.watch.expect("403")
    page.goto(FORM)
    fill_in(page)
    page.context.clear_cookies()
    press(page, "Enviar ticket")
    expect(page.locator(".notice").first).to_contain_text("La página llevaba mucho tiempo abierta.")
    expect(page.get_by_label("Descripción del problema")).to_have_value(DESCRIPTION)
    press(page, "Enviar ticket")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hemos recibido tu ticket")


def test_reference_is_copied_or_selected(page):
    page.goto(FORM)
    fill_in(page)
    press(page, "Enviar ticket")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    press(page, "Copiar la referencia")
    expect(page.locator("[data-copy-state]")).to_have_text(
        re.compile("Referencia copiada|Referencia seleccionada; cópiala con Ctrl \\+ C")
    )


def test_focus_goes_to_the_new_message_after_answering(page):
    ticket = make_ticket()
    open_conversation(page, ticket)
    page.get_by_label("Tu respuesta").fill("Se me olvidaba: ocurre también en el móvil")
    press(page, "Enviar respuesta")
    expect(page.locator("#ultimo")).to_be_focused()


def test_ticket_pages_are_accessible_in_every_state(page, inspect):
    page.context.watch.expect("the server responded with a status of")

    def look(title: str, state: str = "") -> None:
        expect(page).to_have_title(re.compile(f"^{title}"))
        page.wait_for_load_state()
        assert inspect(page) == {}, (title, state)
        assert complaints(visible_text(page.content())) == [], (title, state)

    page.goto(f"{FORM}?busqueda=no+puedo+entrar&motivo=urgente&relacionado=MS-2222-222")
    look("Abre un ticket")
    fill_in(page, email="lucia@", description="Una_palabra_" * 40)
    choose(page, PICTURE, NOTES, DISGUISED)
    expect(page.locator("[data-upload-alert] .error")).to_have_count(1)
    look("Abre un ticket", "files chosen")
    press(page, "Enviar ticket")
    look("Error: Abre un ticket")
    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    press(page, "Enviar ticket")
    look("Hemos recibido tu ticket")
    ticket = Ticket.objects.get()
    reply(ticket=ticket, author=make_agent(), body="¿Qué navegador usas?")
    page.goto(f"/t/{access.signed_token(ticket)}/")
    look("Abrir tu ticket")
    press(page, "Abrir mi ticket")
    look("Una_palabra_")
    press(page, "Enviar respuesta")
    expect(page).to_have_title(re.compile("^Error: "))
    page.wait_for_load_state()
    choose(page, PICTURE, NOTES, DISGUISED)
    expect(page.locator("[data-files] button[name=remove]")).to_have_count(2)
    look("Error: Una_palabra_", "files chosen")
    for path, title in (
        ("/t/nada/", "Este enlace ya no sirve"),
        ("/tickets/MS-2222-222/", "Entra para ver este ticket"),
        ("/tickets/enlace/", "Pide un enlace nuevo"),
    ):
        page.goto(path)
        look(title)
    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    press(page, "Enviar enlace nuevo")
    look("Mira tu correo")
