"""The ticket form, over HTTP."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from docs_kb.models import Article, Category
from tickets.models import Attachment, Message, OutboxMessage, Ticket
from tickets.tests.web import (
    WORDS,
    count_queries,
    hidden_fields,
    opened_form,
    page_text,
    png,
    send,
    text,
)

pytestmark = pytest.mark.django_db
FORM = "/tickets/nuevo/"


def receipt_of(ticket: Ticket) -> str:
    return reverse("tickets:receipt", args=[ticket.reference])


def summary(response) -> list[str]:
    block = re.search(r'<div class="error-summary".*?</div>', response.content.decode(), re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", block[0]) if block else []


# --- The empty form -------------------------------------------------------------------------


def test_form_page_says_what_it_asks_for(client):
    response = client.get(FORM)
    said = page_text(response)
    assert response.status_code == 200
    for label in (
        "Nombre completo",
        "Correo electrónico",
        "Descripción del problema",
        "Capturas de pantalla (opcional)",
        "Los campos son obligatorios salvo que indiquen «(opcional)».",
        "Hasta 5 archivos PNG, JPG, WebP, PDF o TXT de 10 MB como máximo cada uno.",
        "Información básica sobre protección de datos",
        "Deja este campo vacío",
    ):
        assert label in said
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Cache-Control"] == "no-store"


def test_form_page_opens_no_session(client):
    client.get(FORM)
    assert not [name for name in client.cookies if name.startswith("session")]


def test_first_submit_button_is_unnamed_so_that_enter_sends(client):
    response = send(client, email="", files=[png()])
    first = re.search(r"<main.*?<form.*?(<button[^>]*>)", response.content.decode(), re.DOTALL)[1]
    assert 'type="submit"' in first
    assert "name=" not in first
    assert 'tabindex="-1"' in first


# --- Sending --------------------------------------------------------------------------------


def test_sent_form_becomes_a_ticket_and_leads_to_its_receipt(client):
    response = send(client, files=[png(), text()])
    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert response.url == receipt_of(ticket)
    assert ticket.requester.email == "lucia@example.com"
    assert ticket.subject == "No puedo entrar en mi panel desde ayer"
    message = Message.objects.get()
    assert message.body == WORDS["description"]
    assert [file.name for file in message.attachments.all()] == ["panel.png", "registro.txt"]
    assert OutboxMessage.objects.filter(recipient="lucia@example.com").count() == 1


def test_ticket_with_a_file_costs_few_queries(client):
    hidden = opened_form(client)
    with count_queries() as queries:
        assert send(client, hidden=hidden, files=[png()]).status_code == 302
    assert len(queries.statements) <= 14


def test_five_files_go_with_one_ticket(client):
    send(client, files=[png(f"{i}.png", (i, 0, 0)) for i in range(5)])
    assert Ticket.objects.get().messages.get().attachments.count() == 5


def test_empty_form_names_all_errors_in_summary_and_fields(client):
    response = send(client, name="", email="", description="")
    assert response.status_code == 422
    assert summary(response) == [
        "Escribe tu nombre completo",
        "Escribe tu correo electrónico",
        "Describe el problema",
    ]
    html = response.content.decode()
    assert "<title>Error: Abre un ticket" in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert html.count('aria-invalid="true"') == 3
    assert not Ticket.objects.exists()


def test_error_keeps_every_typed_value(client):
    html = send(client, email="lucia@", name="Lucía «L» <b>").content.decode()
    assert 'value="lucia@"' in html
    assert 'value="Lucía «L» &lt;b&gt;"' in html
    assert "No puedo entrar en mi panel desde ayer.\nHe probado" in html


def test_long_text_is_an_error_with_the_text_still_there(client):
    response = send(client, description="palabra " * 13_000)
    assert response.status_code == 422
    assert "adjunta el resto como archivo TXT" in summary(response)[0]
    assert response.content.decode().count("palabra ") > 12_900


# --- Files ----------------------------------------------------------------------------------


def test_files_survive_the_error_of_another_field_and_reach_the_ticket(client):
    first = send(client, email="lucia@", files=[png("uno.png"), png("dos.png", (1, 2, 3))])
    assert "uno.png" in page_text(first)
    assert send(client, hidden=hidden_fields(first)).status_code == 302
    names = [file.name for file in Ticket.objects.get().messages.get().attachments.all()]
    assert names == ["uno.png", "dos.png"]


def test_bad_file_is_named_and_the_good_one_stays(client):
    response = send(client, files=[png(), text("programa.png", b"MZ\x90\x00 no es una imagen")])
    assert response.status_code == 422
    said = summary(response)
    assert said == ["«programa.png» no parece una imagen: vuelve a guardarla y súbela otra vez"]
    assert [draft.name for draft in Attachment.objects.all()] == ["panel.png"]
    assert "Quitar panel.png" in page_text(response)
    assert not Ticket.objects.exists()


def test_sixth_file_is_refused_with_two_ways_out(client):
    response = send(client, files=[png(f"{i}.png", (i, 0, 0)) for i in range(6)])
    said = page_text(response)
    assert "Puedes adjuntar hasta 5 archivos. Quita alguno o envía el resto en otro ticket" in said
    assert "Si necesitas enviar más archivos, usa otro ticket o mándalos por correo a" in said
    assert Attachment.objects.count() == 5


def test_add_button_stages_files_without_judging_the_words(client):
    response = send(client, name="", description="", add="1", files=[png()])
    assert response.status_code == 200
    assert summary(response) == []
    assert "Quitar panel.png" in page_text(response)
    assert not Ticket.objects.exists()


def test_remove_button_takes_one_file_out_and_keeps_the_rest(client):
    first = send(client, add="1", files=[png("uno.png"), png("dos.png", (1, 2, 3))])
    key = Attachment.objects.get(name="uno.png").key
    response = send(client, hidden=hidden_fields(first), remove=key)
    assert response.status_code == 200
    assert "uno.png" not in page_text(response)
    assert "dos.png" in page_text(response)
    assert WORDS["name"] in response.content.decode()


@pytest.mark.parametrize("size", [1, 9000])
def test_file_whose_name_is_not_utf8_is_missed_aloud(client, size):
    parts = [(f'name="{name}"', value.encode()) for name, value in (WORDS | opened_form(client)).items()]
    parts.append(('name="attachments"; filename="año.txt"', b"un texto"))
    parts.append(('name="attachments"; filename="contrase\udcf1a.png"', b"x" * size))
    body = b"".join(
        f"--limit\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode(errors="surrogateescape")
        + value
        + b"\r\n"
        for head, value in parts
    )
    response = client.post(FORM, body + b"--limit--\r\n", content_type="multipart/form-data; boundary=limit")
    assert response.status_code == 422
    assert "su nombre tiene letras que no entendemos" in summary(response)[0]
    assert Attachment.objects.get().name == "año.txt"
    assert not Ticket.objects.exists()


def test_nasty_file_name_is_shown_as_text(client):
    response = send(client, email="", files=[png('"><svg onload=alert(1)>.png')])
    assert "<svg onload" not in response.content.decode()
    assert "&lt;svg onload=alert(1)&gt;.png" in response.content.decode()


def test_stranger_cannot_take_a_file_out_of_another_form(client):
    send(client, add="1", files=[png()])
    key = Attachment.objects.get().key
    send(Client(), remove=key)
    assert Attachment.objects.filter(key=key).exists()


# --- Twice ----------------------------------------------------------------------------------


def test_replayed_form_leads_to_the_first_receipt(client):
    hidden = opened_form(client)
    first = send(client, hidden=hidden, files=[png()])
    again = send(client, hidden=hidden, files=[png()])
    assert again.status_code == 302
    assert again.url == first.url
    assert Ticket.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_other_content_under_a_used_key_comes_back_to_be_confirmed(client):
    hidden = opened_form(client)
    send(client, hidden=hidden)
    ticket = Ticket.objects.get()
    response = send(client, hidden=hidden, description="Otra cosa: el correo no llega", files=[png()])
    assert response.status_code == 422
    assert f"Ya enviaste {ticket.reference}. ¿Enviamos esto como otro ticket?" in page_text(response)
    assert "Otra cosa: el correo no llega" in response.content.decode()
    fresh = hidden_fields(response)
    assert fresh["form_key"] != hidden["form_key"]
    send(client, hidden=fresh, description="Otra cosa: el correo no llega")
    other = Ticket.objects.exclude(pk=ticket.pk).get()
    assert [file.name for file in other.messages.get().attachments.all()] == ["panel.png"]


# --- Robots, limits, stale pages --------------------------------------------------------------


def test_filled_trap_brings_the_form_back_filled_in_and_the_trap_empty(client):
    response = send(client, website="https://spam.example")
    assert response.status_code == 422
    assert "Comprueba que está todo y envíalo otra vez" in page_text(response)
    assert "spam.example" not in response.content.decode()
    assert WORDS["name"] in response.content.decode()
    assert not Ticket.objects.exists()


def test_form_sent_within_three_seconds_comes_back_and_goes_through_later(client, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+01:00", tick=False)
    hidden = hidden_fields(client.get(FORM))
    time_machine.shift(timedelta(seconds=2))
    response = send(client, hidden=hidden)
    assert response.status_code == 422
    assert "Comprueba que está todo y envíalo otra vez" in page_text(response)
    time_machine.shift(timedelta(seconds=2))
    assert send(client, hidden=hidden_fields(response)).status_code == 302


@pytest.mark.parametrize("opened", ["", "form", "form:1abcde:forged"])
def test_form_that_cannot_say_when_it_was_opened_comes_back(client, opened):
    assert send(client, opened=opened).status_code == 422
    assert not Ticket.objects.exists()


def test_load_tests_may_hurry(client, settings):
    settings.RATE_LIMITS = False
    assert send(client, hidden=hidden_fields(client.get(FORM))).status_code == 302


def test_sixth_ticket_of_an_address_waits_with_its_text(client):
    for _ in range(5):
        assert send(client, twin="new").status_code == 302
    response = send(client, twin="new")
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "Demasiados intentos seguidos. Espera hasta las" in page_text(response)
    assert WORDS["name"] in response.content.decode()
    assert Ticket.objects.count() == 5


def test_expired_token_redraws_the_form_with_text_and_files():
    client = Client(enforce_csrf_checks=True)
    response = send(client, files=[png()])
    said = page_text(response)
    assert response.status_code == 403
    assert "La página llevaba mucho tiempo abierta. Revisa tu texto y pulsa «Enviar ticket» otra vez." in said
    assert WORDS["name"] in response.content.decode()
    assert "Quitar panel.png" in said
    assert not Ticket.objects.exists()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]
    again = send(client, hidden=hidden_fields(response) | {"csrfmiddlewaretoken": token})
    assert again.status_code == 302
    assert Ticket.objects.get().messages.get().attachments.count() == 1


@pytest.mark.parametrize("header", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_form_of_another_site_is_refused_without_its_words(header):
    client = Client(enforce_csrf_checks=True)
    hidden = opened_form(client)
    response = client.post(FORM, WORDS | hidden | {"attachments": png()}, headers=header)
    assert response.status_code == 403
    assert WORDS["name"] not in response.content.decode()
    assert not Attachment.objects.exists()


# --- Where the customer came from ---------------------------------------------------------------


@pytest.fixture
def article():
    topic = Category.objects.create(name="Acceso a tu cuenta", slug="acceso")
    return Article.objects.create(
        category=topic, title="No recibo el código", slug="no-recibo", status=Article.Status.PUBLISHED
    )


def test_origin_is_shown_and_reaches_staff(client, article):
    address = f"{FORM}?articulo=no-recibo&busqueda=no+llega&motivo=urgente"
    said = page_text(client.get(address))
    assert "Antes has leído la guía «No recibo el código»" in said
    assert "Has buscado «no llega»" in said
    assert "Marcado como urgente" in said
    send(client, hidden=opened_form(client, address))
    ticket = Ticket.objects.get()
    assert (ticket.article, ticket.search_query, ticket.is_marked_urgent) == (article, "no llega", True)


def test_origin_reads_the_bytes_of_old_pages(client):
    assert "Has buscado «sesión caída»" in page_text(client.get(f"{FORM}?busqueda=sesi%F3n+ca%EDda"))


def test_topic_is_shown_and_told(client, article):
    address = f"{FORM}?tema=acceso"
    assert "Tema: Acceso a tu cuenta" in page_text(client.get(address))
    send(client, hidden=opened_form(client, address))
    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.search_query) == (article.category, "")


def test_line_can_be_taken_off_without_losing_the_text(client):
    hidden = opened_form(client, f"{FORM}?busqueda=no+llega&motivo=urgente")
    response = send(client, hidden=hidden, drop="motivo")
    assert response.status_code == 200
    assert "Marcado como urgente" not in page_text(response)
    assert "Has buscado «no llega»" in page_text(response)
    assert WORDS["name"] in response.content.decode()
    send(client, hidden=hidden_fields(response))
    assert Ticket.objects.get().is_marked_urgent is False


@pytest.mark.parametrize("query", ["articulo=x&tema=y&motivo=z", "busqueda=%00%0d%0a", "articulo=%F0%9F"])
def test_unknown_origin_is_ignored(client, query):
    assert "Quitar" not in page_text(client.get(f"{FORM}?{query}"))
