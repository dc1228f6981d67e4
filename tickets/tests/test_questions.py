"""What the forms ask once before anything is sent, over HTTP."""

from datetime import timedelta

import pytest
from django.test import Client

from tickets import sign_in
from tickets.models import Attachment, Message, Ticket
from tickets.tests.factories import make_ticket, verify
from tickets.tests.web import (
    WORDS,
    answer,
    hidden_fields,
    open_by_link,
    opened_form,
    page_text,
    png,
    send,
    text,
)

pytestmark = pytest.mark.django_db
SECRET = "No entro. Mi contraseña: hola1234 y la tarjeta 4111 1111 1111 1111."
MASKED = "No entro. Mi contraseña: [contraseña] y la tarjeta [tarjeta]."


# --- Secrets ------------------------------------------------------------------------------------


def test_secrets_are_noticed_before_anything_is_stored(client):
    response = send(client, description=SECRET, files=[png()])
    said = page_text(response)
    assert response.status_code == 422
    assert "Parece que tu texto lleva una contraseña y un número de tarjeta." in said
    assert "Quitarlos y enviar" in said
    assert "Enviar tal como está" in said
    assert SECRET in response.content.decode()
    assert "Quitar panel.png" in said
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(("choice", "stored"), [("remove", MASKED), ("keep", SECRET)])
def test_secrets_are_taken_out_or_sent_as_they_are(client, choice, stored):
    response = send(client, description=SECRET)
    assert send(client, hidden=hidden_fields(response), description=SECRET, secrets=choice).status_code == 302
    assert Message.objects.get().body == stored


def test_same_secrets_are_asked_about_once_and_others_again(client):
    response = send(client, description=SECRET)
    hidden = hidden_fields(response)
    other = send(client, hidden=hidden, description=SECRET.replace("hola1234", "adios1234"))
    assert other.status_code == 422
    assert send(client, hidden=hidden, description=SECRET).status_code == 302


def test_text_about_passwords_is_no_secret(client):
    assert send(client, description="La contraseña no es válida; clave: ninguna.").status_code == 302


def test_secrets_wait_behind_other_errors(client):
    response = send(client, description=SECRET, email="lucia@")
    assert "Parece que tu texto lleva" not in page_text(response)
    assert "Escribe el correo electrónico con el formato" in page_text(response)


def test_question_costs_no_ticket_of_the_hour(client):
    for _ in range(8):
        assert send(client, description=SECRET).status_code == 422
    assert send(client, description=SECRET, secrets="keep").status_code == 302


def test_secrets_in_an_answer_are_noticed_and_taken_out(client):
    ticket = make_ticket()
    open_by_link(client, ticket)
    before = ticket.messages.count()
    response = answer(client, ticket, SECRET, files=[text()])
    assert response.status_code == 422
    assert "Quitarlos y enviar" in page_text(response)
    assert "Quitar registro.txt" in page_text(response)
    assert ticket.messages.count() == before
    answer(client, ticket, SECRET, **hidden_fields(response), secrets="remove")
    assert ticket.messages.last().body == MASKED
    assert ticket.messages.last().attachments.count() == 1


# --- Said twice -----------------------------------------------------------------------------------


def test_second_ticket_about_the_same_is_asked_about(client, time_machine):
    time_machine.move_to("2026-11-02 10:00:00+01:00", tick=False)
    send(client)
    first = Ticket.objects.get()
    time_machine.shift(timedelta(minutes=10))
    response = send(client, description=WORDS["description"] + " Sigue igual.", files=[png()])
    said = page_text(response)
    assert response.status_code == 422
    assert f"Hace 10 minutos abriste un ticket parecido: {first.reference}." in said
    assert "Añadir esto a ese ticket" in said
    assert "Enviar uno nuevo" in said
    assert "Quitar panel.png" in said
    assert Ticket.objects.count() == 1


def test_ticket_that_takes_no_more_words_is_not_asked_about(client):
    send(client)
    Ticket.objects.update(status=Ticket.Status.CLOSED)
    assert send(client, description=WORDS["description"] + " Sigue igual.").status_code == 302
    assert Ticket.objects.count() == 2


def test_words_and_files_are_added_to_the_first_ticket_and_shown_on_its_receipt(client):
    receipt = send(client).url
    first = Ticket.objects.get()
    again = send(client, description=WORDS["description"] + " Sigue igual.", files=[text()])
    response = send(
        client,
        hidden=hidden_fields(again),
        description=WORDS["description"] + " Sigue igual.",
        twin=first.reference,
    )
    assert response.url == receipt
    assert Ticket.objects.count() == 1
    assert first.messages.count() == 2
    page = client.get(receipt)
    assert f"Lo hemos añadido a {first.reference}" in page_text(page)
    assert "Sigue igual." in page_text(page)
    seen = client.get(Attachment.objects.get().get_absolute_url())
    assert seen.getvalue() == b"una linea\n"
    assert Client().get(Attachment.objects.get().get_absolute_url()).status_code == 404


def test_name_of_an_address_is_not_told_to_whoever_writes_from_it(client):
    """Neither what its owner is called, nor that it has one."""
    verify(make_ticket(name="Lucía Ferrer"))
    receipt = send(client, name="Bruno", description="Quiero saber de quién es esta dirección").url
    ticket = Ticket.objects.latest("pk")
    send(client, name="Bruno", twin=ticket.reference, description="Y añado unas palabras más")
    assert ticket.messages.count() == 2
    said = page_text(client.get(receipt))
    assert said.count("Bruno ·") == 2
    assert "Lucía" not in said


def test_new_ticket_is_sent_when_that_is_the_answer(client):
    send(client)
    assert send(client, twin="new").status_code == 302
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    "changes", [{"email": "otra@example.com"}, {"description": "El correo no llega a nadie"}]
)
def test_other_address_or_other_words_ask_nothing(client, changes):
    send(client)
    assert send(client, **changes).status_code == 302


def test_somebody_elses_ticket_is_neither_told_nor_added_to(client):
    send(client)
    first = Ticket.objects.get()
    stranger = Client()
    assert send(stranger).status_code == 302
    send(stranger, twin=first.reference, description="Quiero meterme donde no me llaman")
    assert first.messages.count() == 1


# --- One ticket continues another -----------------------------------------------------------------


def related(reference: str) -> str:
    return f"/tickets/nuevo/?relacionado={reference.replace('-', '').lower()}"


def test_continuation_is_joined_where_the_session_sent_the_first(client):
    send(client)
    first = Ticket.objects.get()
    response = client.get(related(first.reference))
    assert f"Este ticket quedará unido a {first.reference}" in page_text(response)
    assert 'value="Lucía Ferrer"' in response.content.decode()
    assert 'value="lucia@example.com"' in response.content.decode()
    hidden = opened_form(client, related(first.reference))
    receipt = send(client, hidden=hidden, description="Más capturas de lo mismo, en otra página")
    second = Ticket.objects.latest("pk")
    assert (second.related_to, second.claimed_reference) == (first, "")
    assert f"Unido a {first.reference}" in page_text(client.get(receipt.url))


def test_continuation_is_joined_where_the_session_opened_the_link(client):
    first = make_ticket()
    open_by_link(client, first)
    send(client, hidden=opened_form(client, related(first.reference)))
    assert Ticket.objects.latest("pk").related_to == first


def test_continuation_is_only_a_note_for_everybody_else(client):
    first = make_ticket(name="Lucía Secreta", email="secreta@example.com")
    real = client.get(related(first.reference))
    invented = client.get(related("MS-2222-222"))
    assert f"Dices que es continuación de {first.reference}" in page_text(real)
    assert "Secreta" not in real.content.decode()
    assert page_text(real) == page_text(invented).replace("MS-2222-222", first.reference)
    send(client, hidden=opened_form(client, related(first.reference)))
    second = Ticket.objects.latest("pk")
    assert (second.related_to, second.claimed_reference) == (None, first.reference)


def test_continuation_can_be_taken_off(client):
    send(client)
    first = Ticket.objects.get()
    hidden = opened_form(client, related(first.reference))
    response = send(client, hidden=hidden, drop="relacionado")
    assert first.reference not in page_text(response)
    send(client, hidden=hidden_fields(response), twin="new")
    assert Ticket.objects.latest("pk").related_to is None


@pytest.mark.parametrize("value", ["x", "MS-0000-000", "%00", "MS-2222-222-222"])
def test_what_is_no_reference_is_ignored(client, value):
    assert "continuación" not in page_text(client.get(f"/tickets/nuevo/?relacionado={value}"))


# --- The address ------------------------------------------------------------------------------------


def test_slip_in_the_address_is_hinted_at_when_the_form_comes_back(client):
    response = send(client, email="lucia@gmial.com", description="")
    assert "¿Querías decir lucia@gmail.com ?" in page_text(response)
    used = send(
        client, hidden=hidden_fields(response), email="lucia@gmial.com", use_address="lucia@gmail.com"
    )
    assert used.status_code == 200
    assert 'value="lucia@gmail.com"' in used.content.decode()
    assert '<div class="address-hint"' in used.content.decode()
    assert "Descripción del problema" in page_text(used)


def test_slip_in_the_address_stops_nobody(client):
    assert send(client, email="lucia@gmial.com").status_code == 302


# --- Whoever has signed in ----------------------------------------------------------------------------


@pytest.fixture
def lucia(client, django_user_model):
    """Lucía's browser, in Mi Cuenta."""
    requester = make_ticket().requester
    requester.user = django_user_model.objects.create_user("lucia")
    requester.save()
    client.force_login(requester.user, backend=sign_in.BACKEND)
    return client


def test_signed_in_customer_is_not_asked_who_they_are(lucia):
    html = lucia.get("/tickets/nuevo/").content.decode()
    assert 'for="id_name"' not in html
    assert 'for="id_email"' not in html
    assert "Cambiar" in html
    hidden = opened_form(lucia)
    assert (hidden["name"], hidden["email"]) == (WORDS["name"], WORDS["email"])
    assert send(lucia, hidden=hidden).status_code == 302


def test_signed_in_customer_may_write_for_somebody_else(lucia):
    response = send(lucia, change="1")
    assert 'for="id_name"' in response.content.decode()
    assert WORDS["description"].splitlines()[0] in response.content.decode()
    later = send(lucia, hidden=hidden_fields(response), email="jefa@example.com", add="1", files=[png()])
    assert 'for="id_name"' in later.content.decode()
    assert send(lucia, hidden=hidden_fields(later), email="jefa@example.com").status_code == 302
    assert Ticket.objects.latest("pk").requester.email == "jefa@example.com"


def test_form_whose_session_ended_still_knows_who_wrote_it(lucia):
    hidden = opened_form(lucia)
    lucia.logout()
    assert lucia.post("/tickets/nuevo/", {"description": WORDS["description"]} | hidden).status_code == 302
    assert Ticket.objects.latest("pk").requester.email == WORDS["email"]
