"""The receipt and its one correction, over HTTP."""

import pytest
from django.test import Client
from django.urls import reverse

from tickets.models import OutboxMessage, Ticket
from tickets.tests.factories import make_ticket
from tickets.tests.web import count_queries, page_text, png, send, text

pytestmark = pytest.mark.django_db


def receipt_of(ticket: Ticket) -> str:
    return reverse("tickets:receipt", args=[ticket.reference])


def test_receipt_shows_reference_deadline_address_and_all_that_was_sent(client):
    response = client.get(send(client, files=[png(), text()]).url)
    said = page_text(response)
    ticket = Ticket.objects.get()
    assert "Hemos recibido tu ticket" in said
    assert ticket.reference in said
    assert "lucia@example.com" in said
    assert "He probado con dos navegadores." in said
    assert "panel.png" in said
    assert "registro.txt" in said
    assert "Te hemos enviado el enlace por correo: ábrelo para leer las respuestas." in said
    assert "Esperamos tu respuesta" in said
    assert response.headers["Cache-Control"] == "no-store"


def test_receipt_reloads_without_another_ticket(client):
    address = send(client).url
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert Ticket.objects.count() == 1


def test_receipt_links_carry_the_reference_and_nothing_else(client):
    html = client.get(send(client).url).content.decode()
    reference = Ticket.objects.get().reference
    assert f'href="mailto:soporte@example.com?subject=%5B{reference}%5D%20M%C3%A1s%20archivos"' in html
    assert "/t/" not in html


def test_receipt_is_for_the_session_that_sent_it(client):
    address = send(client).url
    assert Client().get(address).status_code == 403


def test_receipt_does_not_open_the_conversation(client):
    send(client)
    assert client.get(Ticket.objects.get().get_absolute_url()).status_code == 403


def test_receipt_of_others_looks_like_one_that_never_was(client):
    real = Client().get(receipt_of(make_ticket()))
    invented = Client().get("/tickets/MS-2222-222/recibo/")
    assert real.status_code == invented.status_code == 403
    assert page_text(real) == page_text(invented)


def test_receipt_says_when_the_copy_could_not_be_sent(client):
    address = send(client).url
    OutboxMessage.objects.filter(recipient="lucia@example.com").update(state=OutboxMessage.State.FAILED)
    assert "No hemos podido enviar la copia a lucia@example.com" in page_text(client.get(address))


def test_receipt_query_count_does_not_grow_with_files(client):
    one = send(client, files=[png()]).url
    many = send(client, twin="new", files=[png(f"{i}.png", (i, 1, 1)) for i in range(4)]).url
    counts = []
    for address in (one, many):
        with count_queries() as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries.statements))
    assert counts[0] == counts[1] <= 14
