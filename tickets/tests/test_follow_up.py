"""The mailed link and the conversation behind it, over HTTP."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tickets import access, triage
from tickets.conversation import add_note, reply
from tickets.models import Event, OutboxMessage, Ticket
from tickets.tests.factories import BRUNO, LUCIA, make_agent, make_attachment, make_ticket
from tickets.tests.web import (
    answer,
    count_queries,
    hidden_fields,
    open_by_link,
    opened_form,
    page_text,
    png,
)

pytestmark = pytest.mark.django_db
Status = Ticket.Status


@pytest.fixture
def ticket():
    return make_ticket()


@pytest.fixture
def ana():
    return make_agent()


@pytest.fixture
def lucia(ticket) -> Client:
    """Lucía's browser, after the button of the mailed link."""
    client = Client()
    open_by_link(client, ticket)
    return client


def link_of(ticket: Ticket) -> str:
    return reverse("tickets:open_link", args=[access.signed_token(ticket)])


# --- The link -------------------------------------------------------------------------------


def test_link_opens_a_page_with_a_button_and_changes_nothing(client, ticket):
    for _ in range(2):
        response = client.get(link_of(ticket))
        assert response.status_code == 200
    assert f"Abrir tu ticket {ticket.reference}" in page_text(response)
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert client.get(ticket.get_absolute_url()).status_code == 403
    assert not Event.objects.filter(kind=Event.Kind.LINK_OPENED).exists()


def test_button_gives_a_session_and_leads_to_a_clean_address(client, ticket):
    response = client.post(link_of(ticket))
    assert response.status_code == 302
    assert response.url == f"/tickets/{ticket.reference}/"
    assert client.get(response.url).status_code == 200
    ticket.requester.refresh_from_db()
    assert ticket.requester.is_verified


def test_session_of_one_ticket_opens_no_other(lucia):
    other = make_ticket(description="Otro problema distinto de la misma persona")
    assert lucia.get(other.get_absolute_url()).status_code == 403


def test_session_ends_after_eight_hours(lucia, ticket, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=8, minutes=1))
    assert lucia.get(ticket.get_absolute_url()).status_code == 403


def test_dead_links_are_answered_alike_whatever_they_died_of(client, ticket):
    revoked = link_of(ticket)
    access.revoke_links(ticket)
    expired = link_of(ticket)
    old = timezone.now() - timedelta(days=31)
    Ticket.objects.update(last_message_at=old, link_renewed_at=None)
    invented = "/t/MS2222222." + "a" * 43 + "/"
    client.get(invented)  # reads the desk's hours, which stay in memory
    answers, statements = [], set()
    for url in (revoked, expired, invented, "/t/nada/"):
        with count_queries() as queries:
            answers.append(client.get(url))
        statements.add(tuple(re.sub(r"'[^']*'", "?", sql) for sql in queries.statements))
    answers.append(client.post(expired))
    assert len(statements) == 1
    assert {response.status_code for response in answers} == {404}
    assert {page_text(response) for response in answers} == {page_text(answers[0])}
    assert "Este enlace ya no sirve" in page_text(answers[0])
    assert "Enviar enlace nuevo" in page_text(answers[0])


@pytest.mark.parametrize("path", ["", "recibo/"])
def test_no_reference_says_whether_it_exists(client, ticket, path):
    real = client.get(f"/tickets/{ticket.reference}/{path}")
    invented = client.get(f"/tickets/MS-2222-222/{path}")
    nonsense = client.get(f"/tickets/cualquier-cosa/{path}")
    assert real.status_code == invented.status_code == nonsense.status_code == 403
    assert page_text(real) == page_text(invented) == page_text(nonsense)
    assert "Entra para ver este ticket" in page_text(real)
    assert "entra con un código" in page_text(real)


def test_asking_for_a_link_answers_alike_for_every_address(client, ticket):
    address = reverse("tickets:link_request")
    known = client.post(address, {"email": "Lucia@example.com"})
    unknown = client.post(address, {"email": "nadie@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert page_text(known) == page_text(unknown)
    assert "Si esa dirección tiene tickets, recibirás un enlace en unos minutos." in page_text(known)
    assert [row.recipient for row in OutboxMessage.objects.all()] == ["lucia@example.com"]


def test_asking_for_a_link_with_a_wrong_address_says_how_to_write_it(client):
    response = client.post(reverse("tickets:link_request"), {"email": "lucia"})
    assert response.status_code == 422
    assert "formato nombre@example.com" in page_text(response)


def test_asking_for_a_sixth_link_has_to_wait(client):
    address = reverse("tickets:link_request")
    for _ in range(5):
        assert client.post(address, {"email": "lucia@example.com"}).status_code == 200
    response = client.post(address, {"email": "lucia@example.com"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_closing_access_forgets_the_ticket_on_this_computer(lucia, ticket):
    assert "Acceso cerrado" in page_text(lucia.post(f"/tickets/{ticket.reference}/cierre-de-acceso/"))
    assert lucia.get(ticket.get_absolute_url()).status_code == 403


# --- What is read ---------------------------------------------------------------------------


def test_conversation_shows_words_files_and_what_happened(lucia, ticket, ana):
    triage.assign(ticket=ticket, to=ana, by=ana)
    reply(ticket=ticket, author=ana, body="¿Qué navegador usas?")
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert ticket.reference in said
    assert "Tú" in said
    assert "Ana, del equipo de soporte" in said
    assert "¿Qué navegador usas?" in said
    assert "El ticket pasó a «Esperamos tu respuesta»" in said
    assert "Te toca a ti." in said


def test_conversation_hides_notes_and_inner_states(lucia, ticket, ana):
    add_note(ticket=ticket, author=ana, body="cliente difícil")
    triage.change_priority(ticket=ticket, to=Ticket.Priority.URGENT, by=ana)
    triage.change_status(ticket=ticket, to=Status.WAITING_THIRD_PARTY, by=ana)
    triage.assign(ticket=ticket, to=None, by=ana)
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "En estudio" in said
    for secret in ("cliente difícil", "Nota", "tercero", "Urgente", "Prioridad", "En curso"):
        assert secret not in said


@pytest.mark.parametrize(("status", "label"), [(s, Ticket.PUBLIC_STATUS[s][0]) for s in Status])
def test_conversation_names_the_status_in_the_customers_words(lucia, ticket, ana, status, label):
    triage.change_status(ticket=ticket, to=status, by=ana)
    html = lucia.get(ticket.get_absolute_url()).content.decode()
    assert re.findall(r'<span class="status[^"]*">([^<]*)</span>', html) == [label]


def join(ticket: Ticket, to: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=to)


def test_merged_ticket_leads_to_the_other_one(lucia, ticket):
    other = make_ticket(description="El ticket en el que seguimos los dos")
    join(ticket, other)
    response = lucia.get(ticket.get_absolute_url())
    assert "Unido a otro ticket" in page_text(response)
    assert "Tu respuesta" not in page_text(response)
    assert f"Seguimos en {other.reference}. Ir a ese ticket" in page_text(response)
    assert lucia.get(other.get_absolute_url()).status_code == 200
    assert answer(lucia, other, "Sigo aquí, con más detalles").status_code == 302


def test_answer_to_a_ticket_joined_meanwhile_goes_where_the_conversation_goes_on(lucia, ticket):
    """Its form was open when the team joined it."""
    other = make_ticket(description="El ticket en el que seguimos los dos")
    form = hidden_fields(lucia.get(ticket.get_absolute_url())) | {"body": "Uso Firefox 141"}
    join(ticket, other)
    sent = lucia.post(reverse("tickets:reply", args=[ticket.reference]), form)
    assert sent.url == f"/tickets/{other.reference}/#ultimo"
    said = page_text(lucia.get(other.get_absolute_url()))
    assert f"Hemos unido tu ticket a {other.reference}: seguimos aquí" in said
    assert "Uso Firefox 141" in said
    assert other.messages.last().body == "Uso Firefox 141"


def test_link_of_a_merged_ticket_opens_no_third_one_and_nobody_elses(lucia, ticket):
    theirs, third = make_ticket(email=BRUNO), make_ticket()
    join(ticket, theirs)
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "Para abrirlo hace falta su propio enlace. Pide un enlace nuevo" in said
    assert "Ir a ese ticket" not in said
    for closed in (theirs, third):
        assert lucia.get(closed.get_absolute_url()).status_code == 403
        assert answer(lucia, closed, "Déjame entrar en este también").status_code == 403
    form = hidden_fields(lucia.get(third.get_absolute_url())) | {"body": "Uso Firefox 141"}
    page = lucia.post(reverse("tickets:reply", args=[ticket.reference]), form)
    assert (page.status_code, theirs.messages.count()) == (422, 1)


def test_stranger_gets_into_no_ticket_that_theirs_was_joined_to(client, ticket):
    strangers = make_ticket(email=BRUNO)
    open_by_link(client, strangers)
    join(strangers, ticket)
    assert client.get(ticket.get_absolute_url()).status_code == 403


def test_closing_access_forgets_the_tickets_that_were_joined_too(lucia, ticket):
    other = make_ticket()
    join(ticket, other)
    lucia.post(f"{other.get_absolute_url()}cierre-de-acceso/")
    for closed in (ticket, other):
        assert lucia.get(closed.get_absolute_url()).status_code == 403


def test_revoked_link_of_a_merged_ticket_opens_neither(lucia, ticket):
    other = make_ticket()
    join(ticket, other)
    access.revoke_links(ticket)
    for closed in (ticket, other):
        assert lucia.get(closed.get_absolute_url()).status_code == 403


def test_words_are_shown_as_text_with_their_lines_and_links(lucia, ticket):
    answer(lucia, ticket, "<script>alert(1)</script>\n  https://example.com/a?b=1&c=2 javascript:alert(1)")
    html = lucia.get(ticket.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n  <a href=" in html
    assert 'href="javascript' not in html
    assert 'rel="nofollow noopener"' in html


def test_long_thread_hides_the_oldest_until_asked(lucia, ticket):
    for number in range(33):
        reply(ticket=ticket, author=None, body=f"mensaje {number:03}", notify=False)
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "Ver 4 mensajes anteriores" in said
    assert "mensaje 002" not in said
    assert "mensaje 003" in said
    whole = page_text(lucia.get(f"{ticket.get_absolute_url()}?todo=1"))
    assert "mensaje 000" in whole
    assert "mensaje 032" in whole
    assert "anteriores" not in whole


def test_conversation_query_count_does_not_grow_with_messages(lucia, ticket, ana):
    counts = []
    lucia.get(ticket.get_absolute_url())  # reads the desk's hours, which stay in memory
    for _ in range(2):
        with count_queries() as queries:
            lucia.get(ticket.get_absolute_url())
        counts.append(len(queries.statements))
        reply(ticket=ticket, author=ana, body="Una respuesta", notify=False)
        reply(ticket=ticket, author=None, body="Otra pregunta", notify=False)
    assert counts[0] == counts[1] <= 9


def test_quoted_tail_of_a_mail_is_folded(lucia, ticket):
    reply(ticket=ticket, author=None, body="Sigue igual.\n\n> ¿Qué navegador usas?", notify=False)
    html = lucia.get(ticket.get_absolute_url()).content.decode()
    assert "<summary>Ver texto citado</summary>" in html
    assert "Sigue igual.</div>" in html


def test_file_refused_after_sending_is_told_in_its_message(lucia, ticket):
    make_attachment(ticket.messages.get(), state="refused", reason="panel.png no se puede abrir")
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "panel.png (no se ha guardado) panel.png no se puede abrir" in said


def test_joined_tickets_say_so_in_both_conversations(lucia, ticket, ana):
    other = make_ticket(description="El segundo ticket de la misma persona")
    triage.merge(ticket=ticket, into=other, by=ana)
    assert f"El ticket se unió a {other.reference}" in page_text(lucia.get(ticket.get_absolute_url()))
    assert f"Se unió tu otro ticket, {ticket.reference}" in page_text(lucia.get(other.get_absolute_url()))


# --- News and copies ------------------------------------------------------------------------


def ask(client: Client, ticket: Ticket, known: int):
    address = reverse("tickets:news", args=[ticket.reference])
    return client.get(address, headers={"If-None-Match": f'"{known}"'})


def test_news_are_the_latest_answer_and_nothing_until_there_is_one(lucia, ticket, ana):
    assert 'data-news-known="0"' in lucia.get(ticket.get_absolute_url()).content.decode()
    assert ask(lucia, ticket, 0).status_code == 304
    add_note(ticket=ticket, author=ana, body="Solo para el equipo")
    reply(ticket=ticket, author=None, body="Desde otra ventana", notify=False)
    assert ask(lucia, ticket, 0).status_code == 304
    said = reply(ticket=ticket, author=ana, body="¿Qué navegador usas?", notify=False)
    response = ask(lucia, ticket, 0)
    assert response.json() == {"latest": said.pk}
    assert response.headers["Cache-Control"] == "no-store"
    assert ask(lucia, ticket, said.pk).status_code == 304
    page = lucia.get(ticket.get_absolute_url()).content.decode()
    assert f'data-news-known="{said.pk}"' in page


def test_news_cost_three_statements_and_are_for_nobody_else(client, lucia, ticket):
    with count_queries() as queries:
        ask(lucia, ticket, 0)
    assert len(queries.statements) <= 3
    assert ask(client, ticket, 0).status_code == 403


def test_conversation_can_be_downloaded_without_notes(lucia, ticket, ana):
    make_attachment(ticket.messages.get(), name='panel "final".png')
    reply(ticket=ticket, author=ana, body="¿Qué navegador usas?", notify=False)
    add_note(ticket=ticket, author=ana, body="Este cliente es de los de siempre")
    response = lucia.get(reverse("tickets:transcript", args=[ticket.reference]))
    told = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{ticket.reference}.txt"'
    assert told.startswith(f"{ticket.reference} · No puedo entrar en mi panel\n")
    assert "Lucía Ferrer · " in told
    assert "Ana, del equipo de soporte · " in told
    assert 'Archivo: panel "final".png (2' in told
    assert "de los de siempre" not in told
    assert "El ticket pasó a «Esperamos tu respuesta»" in told


# --- Answering ------------------------------------------------------------------------------


def test_answer_joins_the_thread_with_its_files(lucia, ticket, ana):
    reply(ticket=ticket, author=ana, body="¿Qué navegador usas?")
    response = answer(lucia, ticket, "Uso Firefox 141", files=[png()])
    assert response.status_code == 302
    assert response.url == f"/tickets/{ticket.reference}/#ultimo"
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "Respuesta enviada" in said
    assert "Uso Firefox 141" in said
    assert "panel.png" in said
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_empty_answer_is_refused_and_its_files_stay(lucia, ticket):
    response = answer(lucia, ticket, " ", files=[png()])
    assert response.status_code == 422
    assert "Escribe tu respuesta" in page_text(response)
    assert "Quitar panel.png" in page_text(response)
    assert f'href="/tickets/nuevo/?relacionado={ticket.reference}" target' in response.content.decode()
    hidden = hidden_fields(response) | {"body": "Ahora sí"}
    lucia.post(reverse("tickets:reply", args=[ticket.reference]), hidden)
    assert [file.name for file in ticket.messages.last().attachments.all()] == ["panel.png"]


def test_answer_sent_twice_is_one(lucia, ticket):
    hidden = opened_form(lucia, ticket.get_absolute_url()) | {"body": "Uso Firefox 141"}
    address = reverse("tickets:reply", args=[ticket.reference])
    first, second = lucia.post(address, hidden), lucia.post(address, hidden)
    assert first.status_code == second.status_code == 302
    assert ticket.messages.count() == 2


def test_other_answer_under_a_used_key_comes_back_to_be_confirmed(lucia, ticket):
    hidden = opened_form(lucia, ticket.get_absolute_url())
    address = reverse("tickets:reply", args=[ticket.reference])
    lucia.post(address, hidden | {"body": "Uso Firefox 141"})
    response = lucia.post(address, hidden | {"body": "Y en el móvil, Chrome"})
    assert response.status_code == 422
    assert "¿Enviamos esto como otra?" in page_text(response)
    lucia.post(address, hidden_fields(response) | {"body": "Y en el móvil, Chrome"})
    assert ticket.messages.count() == 3


@pytest.mark.parametrize("way", ["reply", "resolution"])
def test_answer_to_a_closed_ticket_goes_on_as_a_related_one(lucia, ticket, ana, way):
    """Its words, its files and whose they are, with nothing of them in an address."""
    hidden = opened_form(lucia, ticket.get_absolute_url()) | {
        "body": "Sigue fallando igual",
        "attachments": png(),
    }
    triage.change_status(ticket=ticket, to=Status.CLOSED, by=ana)
    page = lucia.post(reverse(f"tickets:{way}", args=[ticket.reference]), hidden)
    assert page.status_code == 422
    assert "ya no admite respuestas" in page_text(page)
    assert "Abrir un ticket con esta respuesta" in page_text(page)
    assert "panel.png" in page_text(page)
    assert ticket.messages.count() == 1
    carried = hidden_fields(page) | {"description": "Sigue fallando igual", "carry": "1"}
    form = lucia.post(reverse("tickets:create"), carried)
    assert form.status_code == 200
    assert "Todavía no se ha enviado" in page_text(form)
    assert f"Este ticket quedará unido a {ticket.reference}" in page_text(form)
    html = form.content.decode()
    assert 'value="Lucía Ferrer"' in html
    assert f'value="{LUCIA}"' in html
    assert ">\nSigue fallando igual</textarea>" in html
    assert "panel.png" in page_text(form)
    words = {"name": "Lucía Ferrer", "email": LUCIA, "description": "Sigue fallando igual"}
    assert lucia.post(reverse("tickets:create"), hidden_fields(form) | words).status_code == 302
    other = Ticket.objects.exclude(pk=ticket.pk).get()
    assert other.related_to == ticket
    assert [file.name for file in other.messages.get().attachments.all()] == ["panel.png"]


def test_strangers_carry_nothing_of_a_ticket_along(client, ticket):
    page = client.post(reverse("tickets:create"), {"carry": "1", "relacionado": ticket.reference})
    assert LUCIA not in page.content.decode()
    assert "Lucía" not in page.content.decode()


def test_answer_to_a_resolved_ticket_reopens_it(lucia, ticket, ana):
    triage.change_status(ticket=ticket, to=Status.RESOLVED, by=ana)
    assert "¿Sigue fallando? Responde antes del" in page_text(lucia.get(ticket.get_absolute_url()))
    answer(lucia, ticket, "Ha vuelto a pasar")
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "Lo hemos reabierto." in said
    assert "En estudio" in said


def test_stranger_cannot_answer_and_gets_the_text_back(ticket):
    """Whoever is Lucía finds the way back, and hears of files that came along: no session held them."""
    words, bruno = {"body": "soy Lucía, de verdad"}, Client()
    address = f"/tickets/{ticket.reference}/respuesta/"
    response = bruno.post(address, words)
    assert response.status_code == 403
    assert "Entra para ver este ticket" in page_text(response)
    assert "soy Lucía, de verdad" in response.content.decode()
    assert f'href="/mi-cuenta/entrar/?next=%2Ftickets%2F{ticket.reference}%2F"' in response.content.decode()
    lost = "Los archivos que añadiste no se han guardado: tendrás que elegirlos otra vez."
    assert lost not in page_text(response)
    assert lost in page_text(bruno.post(address, words | {"attachments": [png()]}))
    assert ticket.messages.count() == 1


def test_expired_token_redraws_the_answer(ticket):
    lucia = Client(enforce_csrf_checks=True)
    page = lucia.get(link_of(ticket))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]
    lucia.post(link_of(ticket), {"csrfmiddlewaretoken": token})
    response = answer(lucia, ticket, "Uso Firefox 141", files=[png()])
    said = page_text(response)
    assert response.status_code == 403
    assert (
        "La página llevaba mucho tiempo abierta. Revisa tu texto y pulsa «Enviar respuesta» otra vez." in said
    )
    assert "Uso Firefox 141" in response.content.decode()
    assert "Quitar panel.png" in said
    assert ticket.messages.count() == 1


def test_link_needs_a_token_of_the_form(ticket):
    assert Client(enforce_csrf_checks=True).post(link_of(ticket)).status_code == 403


def test_conversation_follows_the_direction_of_what_people_wrote(lucia, ticket):
    page = lucia.get(ticket.get_absolute_url()).content.decode()
    assert '<h1 dir="auto">' in page
    assert 'class="message__body message__body--plain" dir="auto"' in page
    assert re.search(r'<textarea name="body"[^>]* dir="auto"', page)


def test_only_a_conversation_that_goes_on_asks_to_be_looked_at_again(lucia, ticket, ana):
    again = "Actualiza la página para ver respuestas nuevas."
    assert again in page_text(lucia.get(ticket.get_absolute_url()))
    reply(ticket=ticket, author=ana, body="Lo cerramos.", next_status=Status.CLOSED)
    assert again not in page_text(lucia.get(ticket.get_absolute_url()))
