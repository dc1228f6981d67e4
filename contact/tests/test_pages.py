import json
import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import OperationalError, connection
from django.urls import reverse

from contact.models import Channel
from contact.setup import create_default_channels
from contact.tests.factories import at, make_channel, make_schedule, make_special_day
from tickets.models import Schedule, SpecialDay

pytestmark = pytest.mark.django_db
HOME, CHAT = "/contacto/", "/contacto/chat/"
OFFICE_HOURS, EVENING, NIGHT = "2026-10-14 12:00", "2026-10-14 18:42", "2026-10-14 22:00"


class Outline(HTMLParser):
    """The h2 headings of main, and every link with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.links: list[dict] = []
        self.inside, self.in_main = False, False

    def handle_starttag(self, tag, attributes):
        self.in_main |= tag == "main"
        self.inside = tag == "h2" and self.in_main
        if tag == "a":
            self.links.append(dict(attributes))

    def handle_endtag(self, tag):
        self.in_main &= tag != "main"

    def handle_data(self, data):
        if self.inside and data.strip():
            self.headings.append(data.strip())
            self.inside = False


def outline(html: str) -> Outline:
    parser = Outline()
    parser.feed(html)
    return parser


def page_at(client, moment: str, address: str = HOME) -> str:
    with time_machine.travel(at(moment), tick=False):
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture
def desk():
    create_default_channels()


def test_contact_tells_time_state_and_next_opening(client, desk):
    text = text_of(page_at(client, EVENING))
    for words in (
        "Son las 18:42 h (hora peninsular; 17:42 h en Canarias). Hoy atendemos por WhatsApp hasta las "
        "20:00 h.",
        "Ahora, lo más rápido WhatsApp Solemos contestar en 10 minutos.",
        "A cualquier hora respuesta antes de las 13:00 h de mañana",
        "Abierto ahora hasta las 20:00 h",
        "Cerrado abre mañana a las 9:00 h",
        "Llamada a fijo, sin recargo",
        "De lunes a viernes (hoy)",
        "de 9:00 a 14:00 h y de 16:00 a 19:00 h",
        "No envíes contraseñas ni datos bancarios.",
        "¿No puedes llamar? Escríbenos por WhatsApp o ticket y te atendemos igual.",
    ):
        assert words in text


def test_contact_order_never_changes_with_hour_or_reason(client, desk):
    channels = ["Documentación", "Ticket", "WhatsApp", "Teléfono", "Correo electrónico", "Chat en directo"]
    for moment in (OFFICE_HOURS, EVENING, NIGHT, "2026-10-12 10:00"):
        for reason in ("", "?motivo=urgente", "?motivo=duda", "?motivo=ticket", "?motivo=otro"):
            headings = outline(page_at(client, moment, HOME + reason)).headings
            assert headings == ["Ahora, lo más rápido", "¿Qué necesitas?", *channels, "Festivos"]


def test_contact_reason_changes_only_its_box(client, desk):
    usual, urgent = (page_at(client, OFFICE_HOURS, HOME + reason) for reason in ("", "?motivo=urgente"))
    assert "Llamar al 910 000 000</a>" in urgent
    assert "Llamar al 910 000 000</a>" not in usual
    assert usual[usual.index('class="channel-list') :].replace(HOME, "") == urgent[
        urgent.index('class="channel-list') :
    ].replace("/contacto/?motivo=urgente", "").replace(HOME, "")


def test_contact_links_are_the_ones_phones_and_browsers_understand(client, desk):
    links = outline(page_at(client, OFFICE_HOURS)).links
    addresses = {link["href"] for link in links}
    assert {"tel:+34910000000", "mailto:soporte@example.com", reverse("contact:chat")} <= addresses
    inside = [link for link in links if link["href"].startswith("https://wa.me/") and "target" in link]
    assert inside
    assert {link["rel"] for link in inside} == {"noopener noreferrer"}
    assert {link["href"] for link in inside} == {"https://wa.me/34600000000"}


def test_contact_shows_only_configured_channels(client, desk):
    Channel.objects.filter(kind__in=["phone", "chat"]).update(is_active=False)
    html = page_at(client, OFFICE_HOURS)
    assert "Teléfono" not in outline(html).headings
    assert "tel:" not in html
    assert "/contacto/chat/" not in html


def test_contact_says_which_holiday_it_is(client, desk):
    text = text_of(page_at(client, "2026-10-12 10:00"))
    assert "Cerrado hoy Fiesta Nacional de España; abre mañana a las 9:00 h" in text
    assert "Lunes, 12 de octubre (hoy) cerrado · Fiesta Nacional de España" in text


def test_contact_shows_a_paused_channel_with_its_message(client, desk):
    message = "Interrumpido por una avería de la línea; usa el ticket."
    Channel.objects.filter(kind="phone").update(pause_message=message)
    text = text_of(page_at(client, OFFICE_HOURS))
    assert f"Interrumpido {message}" in text
    assert "Teléfono 910 000 000 · Interrumpido" in text


def test_contact_escapes_what_staff_wrote(client):
    make_channel("phone", cost="<script>alert(1)</script>", schedule=make_schedule())
    make_special_day("2026-10-20", reason="</script><b>Fiesta & co.</b>")
    html = page_at(client, OFFICE_HOURS)
    assert "<script>alert" not in html
    assert "<b>Fiesta" not in html


def test_contact_structured_data_is_valid_and_cannot_leave_its_element(client, desk, settings):
    settings.COMPANY_NAME = "Ejemplo </script><script>alert(1)</script> & Cía."
    html = page_at(client, OFFICE_HOURS)
    source = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1]
    data = json.loads(source)
    assert data["name"] == settings.COMPANY_NAME
    points = {point["name"]: point for point in data["contactPoint"]}
    assert set(points) == {"WhatsApp", "Teléfono", "Correo electrónico"}
    assert points["Teléfono"]["telephone"] == "+34910000000"
    assert points["Correo electrónico"]["email"] == "soporte@example.com"
    hours = points["Teléfono"]["hoursAvailable"]
    assert {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "Monday",
        "opens": "09:00",
        "closes": "18:00",
    } in hours
    assert {
        "@type": "OpeningHoursSpecification",
        "validFrom": "2026-12-25",
        "validThrough": "2026-12-25",
        "opens": "00:00",
        "closes": "00:00",
    } in hours


@pytest.mark.parametrize("address", [HOME, CHAT, CHAT + "?fragmento=1"])
def test_contact_pages_are_never_stored_and_only_read(client, desk, address):
    assert "no-store" in client.get(address)["Cache-Control"]
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", [HOME, CHAT])
def test_contact_pages_take_the_same_few_queries_with_one_row_or_many(
    client, django_assert_num_queries, address
):
    make_channel("phone", schedule=make_schedule())
    for queries in (4, 1):  # the marks alone, unless something has changed
        with django_assert_num_queries(queries):
            client.get(address)
    Schedule.objects.all().update(name="Anterior")
    Channel.objects.all().delete()
    create_default_channels()
    assert SpecialDay.objects.count() > 3
    for queries in (4, 1):
        with django_assert_num_queries(queries):
            client.get(address)


def test_contact_pages_without_any_setting_up_still_help(client):
    html = page_at(client, OFFICE_HOURS)
    assert outline(html).headings == [
        "Ahora, lo más rápido",
        "¿Qué necesitas?",
        "Documentación",
        "Ticket",
        "Correo electrónico",
        "Chat en directo",
    ]
    assert "Te responderemos por correo." in html


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (
            "2026-10-14 10:14",
            "Ahora mismo no hay nadie en el chat. Comprueba la disponibilidad más tarde o abre un ticket: "
            "te responderemos antes de las 14:15 h de hoy.",
        ),
        ("2026-10-14 13:59", "Ahora mismo no hay nadie en el chat."),
        ("2026-10-14 14:00", "El chat abre hoy a las 16:00 h."),
        (NIGHT, "El chat abre mañana a las 9:00 h."),
        ("2026-10-16 19:00", "El chat abre el lunes a las 9:00 h."),
        ("2026-10-12 10:00", "El chat abre mañana a las 9:00 h."),
    ],
)
def test_chat_page_says_when_to_look_again(client, desk, moment, words):
    html = page_at(client, moment, CHAT)
    assert words in text_of(html)
    assert "Comprobar de nuevo</a>" in html
    assert 'href="/tickets/nuevo/">Abrir un ticket</a>' in html


def test_chat_page_lets_a_paused_chat_be_checked_again(client, desk):
    Channel.objects.filter(kind="chat").update(pause_message="Interrumpido por mantenimiento; usa el ticket.")
    html = page_at(client, OFFICE_HOURS, CHAT)
    assert "Interrumpido por mantenimiento; usa el ticket." in text_of(html)
    assert "Comprobar de nuevo</a>" in html


def test_chat_page_names_what_is_open_instead(client, desk):
    text = text_of(page_at(client, "2026-10-14 19:30", CHAT))
    assert "Abierto ahora WhatsApp (se abre en otra pestaña) abierto hasta las 20:00 h" in text


def test_chat_fragment_is_the_part_of_the_page_and_nothing_else(client, desk):
    page = page_at(client, OFFICE_HOURS, CHAT)
    fragment = page_at(client, OFFICE_HOURS, CHAT + "?fragmento=1")
    assert "<html" not in fragment
    assert fragment.strip() in page
    assert 'data-chat-availability="unstaffed"' in fragment
    assert client.get(CHAT, headers={"HX-Request": "true"}).content.count(b"<html") == 0


def test_chat_page_admits_that_it_could_not_check(client):
    def fail(execute, sql, params, many, context):
        raise OperationalError("the database is gone")

    with connection.execute_wrapper(fail):
        html = client.get(CHAT).content.decode()
    assert "No hemos podido comprobar si el chat está disponible." in html
    assert "Comprobar de nuevo" in html
    assert "Abrir un ticket" in html


def test_chat_switched_off_leads_to_a_ticket(client, desk):
    Channel.objects.filter(kind="chat").update(is_active=False)
    text = text_of(page_at(client, OFFICE_HOURS, CHAT))
    assert "Comprobar de nuevo" not in text
    assert (
        "Ahora no atendemos por chat. Abre un ticket: te responderemos antes de las 16:00 h de hoy." in text
    )
