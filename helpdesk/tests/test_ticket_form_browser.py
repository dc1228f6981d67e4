"""The ticket form in a real browser: its files, its questions, and what happens when the network fails."""

import base64
import json
import re

import pytest
from playwright.sync_api import expect

from helpdesk.tests.hands import press
from helpdesk.tests.voice import complaints, visible_text
from tickets.addresses import likely_address
from tickets.models import Attachment, Message, Ticket
from tickets.tests.factories import picture_bytes
from tickets.tests.test_addresses import ADDRESSES

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FORM = "/tickets/nuevo/"
UPLOADS = "**/tickets/nuevo/archivos/"
WORDS = "No puedo entrar en mi panel desde ayer. La página se recarga y no dice nada."
PICTURE = {"name": "panel.png", "mimeType": "image/png", "buffer": picture_bytes()}
OTHER = {"name": "error.png", "mimeType": "image/png", "buffer": picture_bytes(color="brown")}
NOTES = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"%d\n" % n} for n in range(7)]
HEAR = """
() => {
  window.heard = [];
  const hear = (region) => new MutationObserver(() => heard.push(region.textContent.trim()))
    .observe(region, { childList: true, characterData: true, subtree: true });
  document.querySelectorAll("[role=status], [role=alert]").forEach(hear);
}
"""
# A clipboard or a drag with a picture (or only text), as a screenshot tool or a file manager makes it.
GIVE = """
([kind, selector, name, bytes]) => {
  const data = new DataTransfer();
  const content = () => Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
  const file = () => new File([content()], name, { type: "image/png" });
  if (bytes) data.items.add(file());
  else data.setData("text/plain", "solo texto");
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent(kind, { ...options, dataTransfer: data });
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
}
"""


@pytest.fixture(autouse=True)
def _in_a_hurry(settings):
    """A browser that is driven fills in a form in less than three seconds."""
    settings.RATE_LIMITS = False


@pytest.fixture
def form(page):
    """The open form, heard by a screen reader."""
    page.goto(FORM)
    page.evaluate(HEAR)
    return page


def fill_in(page, words: str = WORDS) -> None:
    page.get_by_label("Nombre completo").fill("Lucía Ferrer")
    page.get_by_label("Correo electrónico").fill("lucia@example.com")
    page.get_by_label("Descripción del problema").fill(words)


def choose(page, *files) -> None:
    page.locator("input[type=file]").set_input_files(files)


def give(page, kind: str, selector: str, *, color: str = "", name: str = "image.png") -> bool:
    content = base64.b64encode(picture_bytes(color=color)).decode() if color else ""
    return page.evaluate(GIVE, [kind, selector, name, content])


def rows(page):
    return page.locator("[data-files] .file-list__name")


def uploaded(page, *names: str) -> None:
    """All of these, and no others, are on the server."""
    expect(rows(page)).to_have_text(list(names))
    expect(page.locator("[data-files] button[name=remove]")).to_have_count(len(names))


def heard(page) -> list[str]:
    return [text for text in page.evaluate("heard") if text]


def arrives(page) -> Ticket:
    expect(page.get_by_role("heading", level=1)).to_have_text("Hemos recibido tu ticket")
    return Ticket.objects.latest("pk")


def files_of(ticket: Ticket) -> list[str]:
    return [file.name for file in ticket.messages.earliest("pk").attachments.all()]


def sound(page, inspect) -> None:
    """Accessible as it stands, and every word in our voice."""
    assert inspect(page) == {}
    assert complaints(visible_text(page.content())) == []


def test_files_go_up_as_soon_as_they_are_chosen_pasted_or_dropped(form, inspect):
    choose(form, PICTURE)
    uploaded(form, "panel.png")
    expect(form.locator("[data-files] canvas")).to_have_count(1)
    assert heard(form) == ["Subiendo panel.png", "panel.png se ha subido, 1 de 5"]
    assert give(form, "paste", "#id_description", color="orange")
    uploaded(form, "panel.png", "captura-1.png")
    assert not give(form, "paste", "#id_description")  # text goes where it always went
    assert give(form, "drop", "[data-drop-zone]", color="gold", name="arrastrada.png")
    uploaded(form, "panel.png", "captura-1.png", "arrastrada.png")
    assert give(form, "drop", "h1", color="red", name="fuera.png")  # and the page stays
    choose(form, PICTURE)
    expect(form.locator("[data-form-said]")).to_have_text("panel.png ya estaba en la lista")
    uploaded(form, "panel.png", "captura-1.png", "arrastrada.png")
    sound(form, inspect)
    fill_in(form)
    press(form, "Enviar ticket")
    assert files_of(arrives(form)) == ["panel.png", "captura-1.png", "arrastrada.png"]


def test_enter_in_a_field_sends_the_ticket_with_its_files(form):
    fill_in(form)
    choose(form, PICTURE)
    form.get_by_label("Nombre completo").press("Enter")
    assert files_of(arrives(form)) == ["panel.png"]


def test_files_are_added_and_taken_out_by_keyboard(form):
    # Asked for together with the key, choosers may be intercepted after it has opened one.
    form.on("filechooser", lambda opened: None)
    chooser = form.get_by_role("button", name="Elegir archivos")
    chooser.focus()
    expect(chooser).to_be_focused()
    with form.expect_file_chooser() as opened:
        form.keyboard.press("Enter")
    opened.value.set_files([PICTURE, OTHER])
    uploaded(form, "panel.png", "error.png")
    form.keyboard.press("Tab")
    expect(form.get_by_role("button", name="Quitar panel.png")).to_be_focused()
    form.keyboard.press("Enter")
    expect(form.get_by_role("button", name="Quitar error.png")).to_be_focused()
    uploaded(form, "error.png")
    form.keyboard.press("Enter")
    expect(chooser).to_be_focused()
    expect(form.locator("[data-files]")).to_be_hidden()
    assert not Attachment.objects.exists()


def test_file_that_is_refused_says_why_and_the_sixth_where_to_go(form, inspect):
    form.context.watch.expect("422")
    disguised = {"name": "programa.png", "mimeType": "image/png", "buffer": b"MZ\x90\x00" * 100}
    choose(form, disguised, {"name": "vacio.png", "mimeType": "image/png", "buffer": b""})
    alert = form.locator("[data-upload-alert]")
    expect(alert.locator(".error")).to_have_count(2)
    expect(alert).to_contain_text("«programa.png» no parece una imagen: vuelve a guardarla y súbela otra vez")
    expect(alert).to_contain_text("«vacio.png» está vacío: vuelve a guardar la captura")
    form.evaluate("document.querySelector('[data-uploads]').dataset.mostBytes = 5")
    choose(form, PICTURE)
    expect(alert.locator(".error")).to_contain_text("«panel.png» pesa 1\u00a0KB y el máximo es 10\u00a0MB.")
    choose(form, *NOTES)
    expect(alert).to_contain_text(
        "Puedes adjuntar hasta 5 archivos. Quita alguno o envía el resto en otro ticket"
    )
    uploaded(form, "0.txt", "1.txt", "2.txt", "3.txt", "4.txt")
    more = form.locator("[data-more-files]")
    expect(more).to_contain_text("Si necesitas enviar más archivos, usa otro ticket")
    assert [link.get_attribute("href") for link in more.get_by_role("link").all()] == [
        FORM,
        "mailto:soporte@example.com",
    ]
    sound(form, inspect)


def test_file_that_could_not_go_up_is_tried_again_or_goes_with_the_form(form, inspect):
    form.context.watch.expect("ERR_FAILED")
    form.route(UPLOADS, lambda route: route.abort())
    choose(form, PICTURE, OTHER)
    expect(form.locator("[data-upload-alert] .error")).to_have_count(2)
    expect(form.locator("[data-upload-alert]")).to_contain_text("«panel.png» no se ha podido subir.")
    sound(form, inspect)
    form.unroute(UPLOADS)
    press(form, "Reintentar panel.png")
    expect(form.get_by_role("button", name="Quitar panel.png")).to_be_visible()
    expect(form.locator("button[name=remove]")).to_have_count(1)
    fill_in(form)
    press(form, "Enviar ticket")
    assert files_of(arrives(form)) == ["panel.png", "error.png"]


@pytest.mark.parametrize("without", [False, True])
def test_form_waits_for_its_files_unless_told_not_to(form, inspect, without):
    held = []
    form.route(UPLOADS, lambda route: held.append(route))
    choose(form, PICTURE)
    fill_in(form)
    press(form, "Enviar ticket")
    line = form.locator("[data-upload-waiting] p")
    expect(line).to_have_text(re.compile(r"^Esperando a panel\.png, \d+\u00a0%$"))
    assert not Ticket.objects.exists()
    if without:
        sound(form, inspect)
        press(form, "Enviar sin ese archivo")
    else:
        held[0].continue_()
    assert files_of(arrives(form)) == ([] if without else ["panel.png"])


# The list of files that was asked for when the words came back arrives once they have been discarded.
LATE_FILES = """document.querySelector("[data-discard]").addEventListener("click", () =>
  document.querySelector("form[data-kept]").dispatchEvent(new Event("files-changed")))"""


def test_words_and_files_outlive_a_lost_connection_and_a_reload_but_not_their_sending(form, inspect):
    choose(form, PICTURE)
    fill_in(form)
    uploaded(form, "panel.png")
    form.context.watch.expect("ERR_INTERNET_DISCONNECTED")  # the guides are asked for in vain
    form.context.set_offline(True)
    press(form, "Enviar ticket")
    sentence = "Sin conexión. Tu texto sigue en esta pestaña; envíalo cuando vuelvas a tener internet."
    expect(form.locator("[data-offline]")).to_have_text(sentence)
    expect(form.get_by_role("button", name="Enviar ticket")).to_be_enabled()
    form.context.set_offline(False)
    expect(form.locator("[data-offline]")).to_have_text("")
    form.reload()
    expect(form.locator("[data-restored]")).to_contain_text("Hemos recuperado lo que escribiste.")
    expect(form.get_by_label("Descripción del problema")).to_have_value(WORDS)
    uploaded(form, "panel.png")
    sound(form, inspect)
    press(form, "Enviar ticket")
    assert files_of(arrives(form)) == ["panel.png"]
    form.goto(FORM)
    expect(form.locator("[data-restored]")).to_be_hidden()
    expect(form.get_by_label("Descripción del problema")).to_have_value("")
    fill_in(form, "Otra cosa que al final no cuento a nadie")
    form.reload()
    form.evaluate(LATE_FILES)
    press(form, "Descartar")
    expect(form.locator("[data-restored]")).to_be_hidden()
    expect(form.get_by_label("Descripción del problema")).to_have_value("")


def test_second_tab_is_asked_before_it_makes_a_second_ticket(form, inspect):
    form.context.watch.expect("422")
    other = form.context.new_page()
    other.goto(FORM)
    for tab in (form, other):
        fill_in(tab)
    press(form, "Enviar ticket")
    ticket = arrives(form)
    form.locator("summary", has_text="Corregirlo").click()
    sound(form, inspect)
    fill_in(other, f"{WORDS} Mi contraseña: hola1234")
    press(other, "Enviar ticket")
    expect(other.locator(".notice[data-focus-notice]")).to_contain_text("lleva una contraseña")
    sound(other, inspect)
    press(other, "Quitarlos y enviar")
    notice = other.locator(".notice[data-focus-notice]")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text(f"abriste un ticket parecido: {ticket.reference}.")
    sound(other, inspect)
    press(other, "Añadir esto a ese ticket")
    expect(other.locator(".notice").first).to_have_text(f"Lo hemos añadido a {ticket.reference}")
    assert Ticket.objects.count() == 1
    assert Message.objects.count() == 2


def test_slip_in_the_address_is_hinted_at_on_leaving_the_field_as_the_server_does(form, inspect):
    field, hint = form.get_by_label("Correo electrónico"), form.locator("[data-address-hint]")
    for address in ADDRESSES:
        field.fill(address)
        field.dispatch_event("change")
        shown = hint.locator("[data-likely]").text_content() if hint.is_visible() else ""
        assert shown == likely_address(address), address
    field.fill("lucia@gmial.com")
    form.keyboard.press("Tab")
    expect(hint).to_have_text(re.compile(r"¿Querías decir lucia@gmail\.com\?\s+Usar esa dirección"))
    assert inspect(form) == {}  # its sentence is two parts, which the voice cannot join
    press(form, "Usar esa dirección")
    expect(field).to_have_value("lucia@gmail.com")
    expect(field).to_be_focused()
    expect(hint).to_be_hidden()
    assert json.loads(hint.get_attribute("data-address-hint"))["providers"]
