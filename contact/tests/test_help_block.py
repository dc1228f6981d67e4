import pytest
import time_machine
from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import RequestFactory

from contact import context_processors
from contact.availability import channel_states, read_situation
from contact.help_block import help_entries, help_lines
from contact.models import Channel
from contact.setup import create_default_channels
from contact.tests.factories import at, make_channel, make_schedule
from tickets.models import ServiceNotice

KINDS = ["documentation", "ticket", "whatsapp", "phone", "email", "chat"]


def entries_at(moment: str) -> list:
    return help_entries(read_situation(at(moment)))


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["2026-10-14 12:00", "2026-10-14 18:42", "2026-10-12 03:00"])
def test_help_block_has_six_entries_in_their_order_at_any_hour(moment):
    create_default_channels()
    entries = entries_at(moment)
    assert [entry.kind for entry in entries] == KINDS
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db
def test_help_block_says_what_is_open_and_where_to_go():
    create_default_channels()
    said = [(e.name, e.url, e.detail.replace("\xa0", " "), e.is_open) for e in entries_at("2026-10-14 18:42")]
    assert said == [
        ("Consultar la documentación", "/documentacion/", "A cualquier hora", None),
        ("Abrir un ticket", "/tickets/nuevo/", "Respuesta antes de las 13:00 h de mañana", None),
        ("WhatsApp", "https://wa.me/34600000000", "Abierto hasta las 20:00 h", True),
        ("Teléfono", "tel:+34910000000", "910 000 000 · Cerrado hasta mañana, 9:00 h", False),
        (
            "Correo electrónico",
            "mailto:soporte@example.com",
            "soporte@example.com · A cualquier hora",
            None,
        ),
        ("Chat en directo", "/contacto/chat/", "Sin nadie ahora", False),
    ]


@pytest.mark.django_db
def test_help_block_drops_a_channel_that_is_off_and_keeps_counting():
    create_default_channels()
    Channel.objects.filter(kind="whatsapp").update(is_active=False)
    assert [(e.number, e.kind) for e in entries_at("2026-10-14 12:00")] == [
        (1, "documentation"),
        (2, "ticket"),
        (3, "phone"),
        (4, "email"),
        (5, "chat"),
    ]


@pytest.mark.django_db
def test_help_lines_of_mails_are_absolute_and_timeless(settings):
    settings.SITE_URL = "https://soporte.example.com"
    create_default_channels()
    lines = Template("{% load contact_help %}{% help_lines as lines %}").nodelist
    context = Context()
    for node in lines:
        node.render(context)
    assert [
        (line.number, line.name, line.url, line.text.replace("\xa0", " "), line.detail.replace("\xa0", " "))
        for line in context["lines"]
    ] == [
        (
            1,
            "Documentación",
            "https://soporte.example.com/documentacion/",
            "https://soporte.example.com/documentacion/",
            "",
        ),
        (
            2,
            "Ticket",
            "https://soporte.example.com/tickets/nuevo/",
            "https://soporte.example.com/tickets/nuevo/",
            "",
        ),
        (
            3,
            "WhatsApp",
            "https://wa.me/34600000000",
            "https://wa.me/34600000000",
            "de lunes a viernes, de 9:00 a 20:00 h",
        ),
        (4, "Teléfono", "tel:+34910000000", "910 000 000", "de lunes a viernes, de 9:00 a 18:00 h"),
    ]


@pytest.mark.django_db
def test_help_lines_leave_out_what_is_off():
    make_channel("phone", is_active=False)
    make_channel("whatsapp", schedule=make_schedule())
    lines = help_lines(channel_states(at("2026-10-14 12:00")))
    assert [line.kind for line in lines] == ["documentation", "ticket", "whatsapp"]


@pytest.mark.django_db
def test_context_asks_nothing_until_used_and_then_only_once(django_assert_num_queries):
    create_default_channels()
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        context = context_processors.help_block(request)
        again = context_processors.help_block(request)
    with django_assert_num_queries(4):  # the marks, channels, hours and notice
        assert len(list(context["help_entries"])) == len(list(again["help_entries"])) == 6
        assert context["desk"].first_response_due == again["desk"].first_response_due
        assert context["desk"].service_notice is None


@pytest.mark.django_db
def test_context_reads_the_marks_alone_until_something_changes(django_assert_num_queries):
    create_default_channels()
    with time_machine.travel(at("2026-10-14 12:00"), tick=False):
        first = details_now()
    with time_machine.travel(at("2026-10-14 18:42"), tick=False):
        with django_assert_num_queries(1):
            later = details_now()
        assert later["phone"] != first["phone"]
        Channel.objects.filter(kind="phone").update(pause_message="Interrumpido por una avería.")
        assert "Interrumpido" in details_now()["phone"]
    with time_machine.travel(at("2026-10-15 18:42"), tick=False):
        assert "mañana" in details_now()["ticket"]


def details_now() -> dict[str, str]:
    context = context_processors.help_block(RequestFactory().get("/"))
    return {entry.kind: entry.detail for entry in context["help_entries"]}


@pytest.mark.django_db
def test_context_carries_the_active_service_notice():
    ServiceNotice.objects.create(text="el correo va lento.", is_active=False)
    notice = ServiceNotice.objects.create(text="el correo entra con retraso.")
    assert context_processors.help_block(RequestFactory().get("/"))["desk"].service_notice == notice


@pytest.mark.django_db
def test_context_survives_a_database_that_does_not_answer(caplog):
    def fail(execute, sql, params, many, context):
        raise OperationalError("the database is gone")

    request = RequestFactory().get("/")
    with connection.execute_wrapper(fail):
        context = context_processors.help_block(request)
        kinds = [entry.kind for entry in context["help_entries"]]
        assert kinds == ["documentation", "ticket", "email", "chat"]
        assert context["desk"].first_response_due is None
        assert context["desk"].service_notice is None
    assert len([r for r in caplog.records if r.name == "contact.context_processors"]) == 1
