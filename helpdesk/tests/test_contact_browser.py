import pytest

from contact.models import Channel
from contact.setup import create_default_channels

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
MINUTE = 60_000
MESSAGE = "Interrumpido por mantenimiento; usa el ticket."


@pytest.fixture
def quiet_chat() -> Channel:
    """A chat without hours: nobody is there, at whatever time the test runs."""
    return Channel.objects.create(kind="chat")


def announced(page) -> str:
    return page.locator("[data-chat-announcement]").inner_text()


def test_chat_is_checked_every_minute_and_only_a_change_is_announced(quiet_chat, page):
    page.clock.install()
    page.goto("/contacto/chat/")
    Channel.objects.create(kind="whatsapp", value="+34600000000")
    page.clock.run_for(MINUTE)
    page.get_by_role("heading", name="Abierto ahora").wait_for()
    assert announced(page) == ""
    page.get_by_role("link", name="Comprobar de nuevo").focus()
    Channel.objects.update(pause_message=MESSAGE)
    page.clock.run_for(MINUTE)
    page.locator("[data-chat-availability=paused]").wait_for()
    assert announced(page) == MESSAGE
    assert page.evaluate("document.activeElement.textContent") == "Abrir un ticket"


def test_chat_check_that_fails_says_so_once_and_recovers(quiet_chat, page):
    page.context.watch.expect("500")
    page.clock.install()
    page.goto("/contacto/chat/")
    page.route("**/*fragmento=1", lambda route: route.fulfill(status=500))
    page.clock.run_for(MINUTE)
    page.locator("[data-chat-availability=unknown]").wait_for()
    assert announced(page) == "No hemos podido comprobar si el chat está disponible."
    page.unroute("**/*fragmento=1")
    page.clock.run_for(MINUTE)
    page.locator("[data-chat-availability=unstaffed]").wait_for()
    assert announced(page).startswith("Ahora mismo no hay nadie en el chat.")


def test_chat_page_without_scripts_checks_again_by_a_link(quiet_chat, page_without_js):
    page_without_js.goto("/contacto/chat/")
    Channel.objects.update(pause_message=MESSAGE)
    page_without_js.get_by_role("link", name="Comprobar de nuevo").click()
    page_without_js.get_by_text(MESSAGE).first.wait_for()


def test_mail_address_can_be_copied(quiet_chat, open_context):
    context = open_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/contacto/")
    page.get_by_role("button", name="Copiar dirección").click()
    page.get_by_role("button", name="Copiada").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "soporte@example.com"


def test_copy_button_is_not_offered_without_scripts(quiet_chat, page_without_js):
    page_without_js.goto("/contacto/")
    assert page_without_js.get_by_role("button", name="Copiar dirección").count() == 0


def test_contact_pages_are_accessible_and_never_scroll_sideways(page, inspect):
    create_default_channels()
    for address in ("/contacto/", "/contacto/?motivo=urgente", "/contacto/chat/"):
        page.goto(address)
        assert inspect(page) == {}, address
