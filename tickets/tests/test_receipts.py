"""The receipt and its one correction, over HTTP."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tickets import access, conversation, corrections
from tickets.models import Attachment, Event, OutboxMessage, Requester, Ticket
from tickets.tests.factories import make_agent, make_ticket
from tickets.tests.web import count_queries, open_by_link, page_text, png, send, text

pytestmark = pytest.mark.django_db


def receipt_of(ticket: Ticket) -> str:
    return reverse("tickets:receipt", args=[ticket.reference])


def test_receipt_shows_reference_deadline_address_and_all_that_was_sent(client):
    address = send(client, files=[png(), text()]).url
    Attachment.objects.filter(name="registro.txt").update(state="refused", reason="No se puede abrir")
    response = client.get(address)
    said = page_text(response)
    ticket = Ticket.objects.get()
    assert "Hemos recibido tu ticket" in said
    assert ticket.reference in said
    assert "lucia@example.com" in said
    assert "He probado con dos navegadores." in said
    assert "panel.png (1 KB), registro.txt (no se ha guardado)" in said.replace("\u00a0", " ")
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
    receipt, ticket = send(client).url, Ticket.objects.get()
    assert client.get(ticket.get_absolute_url()).status_code == 403
    conversation.reply(ticket=ticket, author=None, body="Escrito desde el enlace del correo")
    assert "Escrito desde" not in page_text(client.get(receipt))


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
    client.get(one)  # what all pages share is in memory from now on
    for address in (one, many):
        with count_queries() as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries.statements))
    assert counts[0] == counts[1] <= 14


# --- What is usual ------------------------------------------------------------------------------------


def test_receipt_says_what_is_usual_while_it_waits(client, monkeypatch):
    address = send(client).url
    assert "Lo habitual" not in page_text(client.get(address))
    monkeypatch.setattr("tickets.views.receipts.sla.usual_answer", lambda now: timedelta(minutes=75))
    due = timezone.now() + timedelta(hours=4)
    Ticket.objects.update(due_at=due)
    assert "Lo habitual: 1\u00a0h 15\u00a0min de horario de atención" in client.get(address).content.decode()
    Ticket.objects.update(first_answered_at=timezone.now())
    assert "Lo habitual" not in page_text(client.get(address))


# --- «¿No es tu correo?» --------------------------------------------------------------------------------


def correct(client, ticket: Ticket, email: str = "lucia@gmail.com"):
    return client.post(reverse("tickets:correct_address", args=[ticket.reference]), {"email": email})


@pytest.fixture
def sent(client) -> Ticket:
    make_agent("marta")
    send(client, email="lucia@gmial.com", files=[png()])
    return Ticket.objects.get()


def test_address_is_corrected_and_the_old_link_opens_nothing(client, sent):
    assert "¿No es tu correo?" in page_text(client.get(receipt_of(sent)))
    assert 'value="lucia@gmail.com"' in client.get(receipt_of(sent)).content.decode()
    old_link = access.signed_token(sent)
    response = correct(client, sent)
    assert response.url == receipt_of(sent)
    page = client.get(response.url)
    assert "Hemos enviado la copia y el enlace a lucia@gmail.com" in page_text(page)
    assert "gmial" not in page.content.decode()
    sent.refresh_from_db()
    assert (sent.requester.email, sent.requester.name) == ("lucia@gmail.com", "Lucía Ferrer")
    assert access.ticket_for_token(old_link) is None
    assert access.ticket_for_token(access.signed_token(sent)) == sent
    assert not Requester.objects.filter(email="lucia@gmial.com").exists()
    assert sent.events.filter(kind=Event.Kind.ADDRESS).count() == 1


def test_corrected_address_gets_the_receipt_and_the_slip_nothing_more(client, sent):
    correct(client, sent)
    mails = {row.recipient: (row.state, bool(row.secrets)) for row in OutboxMessage.objects.all()}
    state = OutboxMessage.State
    assert mails == {
        "lucia@gmial.com": (state.SUPPRESSED, False),
        "lucia@gmail.com": (state.QUEUED, True),
        "marta@example.com": (state.QUEUED, False),
    }


def test_address_can_be_corrected_back(client, sent):
    make_ticket(email="lucia@gmail.com")
    queued = OutboxMessage.objects.filter(kind="receipt", state=OutboxMessage.State.QUEUED)
    for address in ("lucia@gmail.com", "lucia@gmial.com", "lucia@gmail.com"):
        correct(client, sent, address)
        assert [row.recipient for row in queued.all()] == [address]


def test_same_address_changes_nothing(client, sent):
    before = sent.link_counter
    correct(client, sent, "LUCIA@gmial.com")
    sent.refresh_from_db()
    assert sent.link_counter == before
    assert OutboxMessage.objects.filter(kind="receipt").count() == 1


def test_address_is_judged_before_it_is_taken(client, sent):
    response = correct(client, sent, "lucia@")
    assert response.status_code == 422
    assert "Escribe el correo electrónico con el formato nombre@example.com" in page_text(response)
    assert "<title>Error: Hemos recibido" in response.content.decode()


def answered(ticket: Ticket) -> None:
    conversation.reply(ticket=ticket, author=make_agent(), body="¿Qué navegador usas?")


def followed(ticket: Ticket) -> None:
    Client().post(reverse("tickets:open_link", args=[access.signed_token(ticket)]))


def old(ticket: Ticket) -> None:
    Ticket.objects.update(created_at=timezone.now() - timedelta(minutes=31))


def joined(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=make_ticket())


@pytest.mark.parametrize("happened", [answered, followed, old, joined])
def test_address_stays_once_somebody_relies_on_it(client, sent, happened):
    happened(sent)
    response = correct(client, sent)
    assert response.status_code == 422
    assert "Ya no se puede cambiar aquí el correo." in page_text(response)
    assert "Corregirlo" not in page_text(client.get(receipt_of(sent)))
    sent.refresh_from_db()
    assert sent.requester.email == "lucia@gmial.com"


def test_answer_that_came_meanwhile_keeps_the_address(sent):
    page_of_before = Ticket.objects.get()
    answered(sent)
    with pytest.raises(corrections.TooLate):
        corrections.correct_address(ticket=page_of_before, email="lucia@gmail.com")


def test_address_is_corrected_only_by_the_session_that_sent_it(client, sent):
    assert correct(Client(), sent).status_code == 403
    reader = Client()
    followed_ticket = make_ticket()
    open_by_link(reader, followed_ticket)
    assert correct(reader, followed_ticket).status_code == 403


def test_address_is_corrected_three_times_an_hour(client, sent):
    for number in range(3):
        assert correct(client, sent, f"lucia{number}@example.com").status_code == 302
    assert correct(client, sent, "lucia9@example.com").status_code == 429


def test_refused_copy_leads_to_the_correction(client, sent):
    OutboxMessage.objects.filter(kind="receipt").update(state=OutboxMessage.State.FAILED)
    page = client.get(receipt_of(sent))
    assert "No hemos podido enviar la copia a lucia@gmial.com. Corrige la dirección" in page_text(page)
    assert '<details class="correction no-print" id="corregir" open>' in page.content.decode()
