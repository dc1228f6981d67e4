"""«Mis tickets»: what is listed, in which order, and found by which words."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from docs_kb import dates
from helpdesk.tests.voice import complaints, visible_text
from tickets import conversation
from tickets.models import Ticket
from tickets.search import matching
from tickets.tests.factories import BRUNO, make_agent, make_ticket
from tickets.tests.web import count_queries, open_by_link, page_text, sign_in

pytestmark = pytest.mark.django_db

LIST = "/mi-cuenta/tickets/"
INVOICE = "Factura de septiembre\nNo me llega la última factura con el IVA."


@pytest.fixture
def lucia(client):
    make_ticket()
    sign_in(client)
    return client


def listed(client: Client, **query) -> list[str]:
    """The subjects of a page of the list, in order."""
    return [row.ticket.subject for row in client.get(LIST, query).context["page_obj"].object_list]


def clock(at) -> str:
    """A time as `page_text` gives it."""
    return dates.clock(at).replace("\u00a0", " ")


def move(ticket: Ticket, status: str) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status=status)


@pytest.mark.parametrize(
    "query",
    ["factura", "FACTURA", "ultima", "ÚLTIMA", "iva factura", "llega", "septiembre última"],
)
def test_words_are_found_whatever_their_accents_and_case(query):
    make_ticket()
    invoice = make_ticket(description=INVOICE)
    assert list(matching(Ticket.objects.all(), query)) == [invoice]


@pytest.mark.parametrize("query", ["factura panel", "100%", "fact_ra", "\\", "' OR 1=1"])
def test_words_that_are_not_all_there_find_nothing(query):
    make_ticket(description=INVOICE)
    assert list(matching(Ticket.objects.all(), query)) == []


def test_reference_is_found_in_any_spelling():
    ticket, _other = make_ticket(), make_ticket()
    plain = ticket.reference.replace("-", "")
    for query in (ticket.reference, plain.lower(), plain[:2] + " " + plain[2:], ticket.reference[3:7]):
        assert ticket in matching(Ticket.objects.all(), query), query


def test_answers_are_searched_and_notes_are_not():
    ticket, ana = make_ticket(), make_agent()
    conversation.reply(ticket=ticket, author=ana, body="Hemos ampliado la cuota.", notify=False)
    conversation.add_note(ticket=ticket, author=ana, body="Moroso")
    assert list(matching(Ticket.objects.all(), "cuota")) == [ticket]
    assert list(matching(Ticket.objects.all(), "moroso")) == []


def test_list_begins_with_what_waits_for_the_customer(lucia):
    waiting, newest = make_ticket(description="Espera a Lucía."), make_ticket(description="El más nuevo.")
    ana = make_agent()
    conversation.reply(ticket=waiting, author=ana, body="¿Cuál es?", notify=False)
    Ticket.objects.filter(pk=newest.pk).update(last_message_at=timezone.now() + timedelta(minutes=1))
    assert listed(lucia) == ["Espera a Lucía", "El más nuevo", "No puedo entrar en mi panel"]
    page = lucia.get(LIST)
    text = page_text(page)
    assert "Te toca a ti" in text
    said = waiting.messages.last()
    assert f"{waiting.reference} · Ana respondió hoy, {clock(said.created_at)}" in text
    assert f"{newest.reference} · Enviado hoy, {clock(newest.created_at)}" in text
    assert text.startswith("Mis tickets: 3 abiertos")
    assert complaints(visible_text(page.content.decode())) == []


def test_list_is_filtered_by_kind(lucia):
    solved, closed = make_ticket(description="Ya resuelto."), make_ticket(description="Ya cerrado.")
    move(solved, "resolved")
    move(closed, "closed")
    assert listed(lucia) == ["No puedo entrar en mi panel"]
    assert set(listed(lucia, ver="resueltos")) == {"Ya resuelto", "Ya cerrado"}
    assert len(listed(lucia, ver="todos")) == 3
    page = lucia.get(LIST, {"ver": "resueltos"})
    assert "Abiertos (1) Resueltos (2) Todos (3)" in page_text(page)
    assert 'ver=resueltos" aria-current="page"' in page.content.decode()
    assert listed(lucia, ver="nada") == ["No puedo entrar en mi panel"]


def test_search_looks_through_all_kinds(lucia):
    move(make_ticket(description=INVOICE), "closed")
    assert listed(lucia, q="última factura") == ["Factura de septiembre"]
    page = lucia.get(LIST, {"q": "última"})
    assert 'value="última"' in page.content.decode()
    assert "?q=%C3%BAltima&amp;ver=abiertos" in page.content.decode()


def test_search_without_hits_says_so(lucia):
    page = lucia.get(LIST, {"q": "<b>dominio"})
    assert "Ningún ticket coincide con « &lt;b&gt;dominio ». Ver todos" in page_text(page)
    assert complaints(visible_text(page.content.decode())) == []


def test_list_without_open_tickets_shows_the_way_on(lucia):
    move(Ticket.objects.get(), "resolved")
    text = page_text(lucia.get(LIST))
    assert "No hay tickets abiertos. Abrir un ticket · Ver los resueltos (1)" in text
    assert text.startswith("Mis tickets: 0 abiertos")


def test_list_shows_nothing_that_is_not_the_customers(lucia):
    theirs, spam, joined = make_ticket(email=BRUNO), make_ticket(), make_ticket()
    Ticket.objects.filter(pk=spam.pk).update(is_spam=True)
    Ticket.objects.filter(pk=joined.pk).update(merged_into=theirs)
    assert len(listed(lucia, ver="todos")) == 1


def test_list_has_pages(lucia):
    for _ in range(20):
        make_ticket()
    page = lucia.get(LIST, {"q": "panel"})
    assert "Página 1 de 2" in page_text(page)
    assert 'href="?q=panel&amp;ver=todos&amp;pagina=2"' in page.content.decode()
    assert len(listed(lucia, q="panel", ver="todos", pagina="2")) == 1
    assert len(listed(lucia, pagina="nada")) == 20


@pytest.mark.parametrize("address", [LIST, "/mi-cuenta/"])
def test_list_costs_the_same_for_one_ticket_and_for_three(lucia, address):
    lucia.get(address)  # opening hours are read once
    with count_queries() as one:
        lucia.get(address)
    for _ in range(2):
        conversation.reply(ticket=make_ticket(), author=None, body="Sigue igual", notify=False)
    with count_queries() as three:
        lucia.get(address)
    assert len(three.statements) == len(one.statements)


def test_guest_sees_the_tickets_of_their_links_only(client):
    opened, _other = make_ticket(), make_ticket()
    open_by_link(client, opened)
    page = client.get(LIST)
    assert [row.ticket for row in page.context["page_obj"].object_list] == [opened]
    assert "Entra con tu correo para ver los demás" in page_text(page)
    with_words = client.get(LIST, {"q": "nada", "ver": "todos"})
    assert with_words.status_code == 200


def test_stranger_is_asked_to_sign_in(client):
    answer = client.get(LIST)
    assert (answer.status_code, answer.url) == (302, f"{reverse('tickets:sign_in')}?next={LIST}")


def test_account_tells_what_waits_and_what_is_open(lucia):
    waiting = make_ticket(description="Falta un dato.")
    conversation.reply(ticket=waiting, author=make_agent(), body="¿Cuál?", notify=False)
    move(make_ticket(), "closed")
    page = lucia.get("/mi-cuenta/")
    text = page_text(page)
    assert "Te toca a ti (1) Falta un dato Esperamos tu respuesta" in text
    assert "Tus tickets abiertos Ver todos tus tickets No puedo entrar en mi panel Recibido" in text
    assert "Tu cuenta Lucía Ferrer lucia@example.com Cambiar tu nombre" in text
    assert "¿Ya abriste un ticket?" not in text
    assert complaints(visible_text(page.content.decode())) == []


def test_account_with_nothing_open_says_so(lucia):
    move(Ticket.objects.get(), "closed")
    text = page_text(lucia.get("/mi-cuenta/"))
    assert "No tienes nada pendiente. Ver tickets anteriores (1)" in text
    Ticket.objects.update(is_spam=True)
    assert "Todavía no has abierto ningún ticket." in page_text(lucia.get("/mi-cuenta/"))


def test_account_stands_while_tickets_cannot_be_read(lucia, monkeypatch):
    def fail(requester):
        raise OperationalError("gone")

    monkeypatch.setattr("tickets.own_tickets.summary", fail)
    page = lucia.get("/mi-cuenta/")
    assert page.status_code == 200
    assert "No hemos podido cargar tus tickets. Prueba dentro de unos minutos." in page_text(page)
