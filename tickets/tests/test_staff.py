"""Ana's page of a ticket: answer, note, assign and change, each once, and never past a colleague."""

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from docs_kb import dates
from tickets import access, conversation, rating, triage
from tickets.conversation import add_note
from tickets.models import Attachment, Event, Message, OutboxMessage, Ticket
from tickets.standing import public_thread
from tickets.tests.factories import LUCIA, make_agent, make_attachment, make_ticket, verify
from tickets.tests.web import count_queries, page_text, png, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("woken")]

ANSWER = "Hola, Lucía:\n\nYa puedes entrar."
NOUNS = [
    "reply",
    "note",
    "assignment",
    "status",
    "priority",
    "forecast",
    "subject",
    "spam",
    "union",
    "separation",
]
Status = Ticket.Status


@pytest.fixture
def ana():
    return make_agent(last_name="Serrano")


@pytest.fixture
def ticket():
    return make_ticket()


@pytest.fixture
def desk(client, ana):
    """Ana's browser."""
    client.force_login(ana)
    return client


def page_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def noun_url(noun: str, ticket: Ticket) -> str:
    return reverse(f"admin:tickets_ticket_{noun}", args=[ticket.pk])


def tomorrow() -> datetime:
    """About noon: an hour that no change of the clocks has twice."""
    return (timezone.now() + timedelta(days=1)).replace(hour=10, minute=30)


def open_forms(desk, ticket: Ticket) -> dict[str, str]:
    """Open the page: the hidden fields of both forms."""
    html = desk.get(page_url(ticket)).content.decode()
    return hidden(html)


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="((?:reply|note)-\w+)" value="([^"]*)"', html))


def send_reply(desk, ticket: Ticket, body: str = ANSWER, *, forms: dict | None = None, **fields):
    forms = open_forms(desk, ticket) if forms is None else forms
    data = forms | {"reply-body": body, "reply-next_status": Status.WAITING_CUSTOMER} | fields
    return desk.post(noun_url("reply", ticket), data)


def send_note(desk, ticket: Ticket, body: str = "Mirar el registro", *, forms: dict | None = None, **fields):
    forms = open_forms(desk, ticket) if forms is None else forms
    return desk.post(noun_url("note", ticket), forms | {"note-body": body} | fields)


def said(response) -> str:
    """The latest message that waits for the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def replies(ticket: Ticket) -> list[str]:
    return list(ticket.messages.filter(kind=Message.Kind.STAFF).values_list("body", flat=True))


# ---- The page


def test_page_tells_the_whole_story(desk, ticket, ana):
    conversation.reply(ticket=ticket, author=ana, body=ANSWER)
    add_note(ticket=ticket, author=ana, body="Había dos cuentas")
    triage.assign(ticket=ticket, to=ana, by=ana)
    words = page_text(desk.get(page_url(ticket)))
    assert ticket.reference in words
    assert "Ya puedes entrar." in words
    assert "Nota interna" in words
    assert "Había dos cuentas" in words
    assert "Estado: de «Nuevo» a «Espera al cliente» · Ana Serrano" in words
    assert "Lo lleva Ana · Ana Serrano" in words
    assert f"Correo a {LUCIA} : en cola" in words


def test_page_shows_files_by_what_became_of_them(desk, ticket):
    message = ticket.messages.get()
    make_attachment(message, name="panel.png", thumbnail_name="thumbnails/none")
    make_attachment(message, name="nuevo.png", state=Attachment.State.ANALYSING)
    make_attachment(message, name="roto.png", state=Attachment.State.REFUSED, reason="La imagen está rota")
    html = desk.get(page_url(ticket)).content.decode()
    assert 'alt="Captura: panel.png"' in html
    assert "analizando" in html
    assert "no se ha guardado: La imagen está rota" in html


def test_page_escapes_what_people_write(desk):
    ticket = make_ticket(name="<b>Lucía</b>", description="<script>alert(1)</script>")
    html = desk.get(page_url(ticket)).content.decode()
    assert "<script>alert" not in html
    assert "<b>Lucía" not in html


def test_page_costs_the_same_for_a_long_conversation(desk, ana):
    short, long = make_ticket(), make_ticket(email="otra@example.com")
    for body in ("Uno", "Dos", "Tres"):
        message = conversation.reply(ticket=long, author=ana, body=body)
        make_attachment(message)
        add_note(ticket=long, author=ana, body=f"Nota {body}")
    make_attachment(short.messages.get())
    conversation.reply(ticket=short, author=ana, body="Uno")
    desk.get(page_url(short))
    with count_queries() as few:
        desk.get(page_url(short))
    with count_queries() as many:
        desk.get(page_url(long))
    assert len(many.statements) == len(few.statements) <= 20


@pytest.mark.parametrize("object_id", ["999999", "nada", "٣", "1" * 40])
def test_page_that_does_not_exist(desk, object_id):
    response = desk.get(f"/admin/tickets/ticket/{object_id}/change/")
    assert response.status_code in (302, 404)


def test_page_takes_no_post(desk, ticket):
    assert desk.post(page_url(ticket), {"subject": "Otro"}).status_code == 405


# ---- Who may


def test_stranger_signs_in_and_comes_back_to_the_ticket(client, ticket):
    response = client.post(noun_url("reply", ticket), {"reply-body": ANSWER})
    assert response.url == f"{reverse('admin:login')}?next={page_url(ticket)}"
    assert replies(ticket) == []


@pytest.mark.parametrize("noun", NOUNS)
def test_nouns_take_only_posts(desk, ticket, noun):
    assert desk.get(noun_url(noun, ticket)).status_code == 405


@pytest.mark.parametrize("noun", NOUNS)
def test_nouns_refuse_who_may_not_change_tickets(client, ticket, noun):
    client.force_login(make_agent("dora", group="Documentación"))
    events = Event.objects.count()
    data = {"reply-body": ANSWER, "note-body": "x", "me": "1", "status": "closed", "priority": "4"}
    assert client.post(noun_url(noun, ticket), data | {"subject": "x", "is_spam": "1"}).status_code == 403
    assert Event.objects.count() == events


@pytest.mark.parametrize("noun", NOUNS)
def test_nouns_of_a_ticket_that_does_not_exist(desk, noun):
    assert desk.post(reverse(f"admin:tickets_ticket_{noun}", args=[999_999])).status_code == 404


def test_page_is_closed_to_who_may_not_see_tickets(client, ticket):
    client.force_login(make_agent("dora", group="Documentación"))
    assert client.get(page_url(ticket)).status_code == 403


def test_reader_sees_the_page_without_its_forms(client, ticket):
    reader = make_agent("rosa", group="")
    reader.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    client.force_login(reader)
    html = client.get(page_url(ticket)).content.decode()
    assert ticket.reference in html
    assert "composer" not in html
    assert noun_url("status", ticket) not in html
    assert client.post(noun_url("reply", ticket), {"reply-body": ANSWER}).status_code == 403


# ---- Answering


def test_reply_reaches_the_customer(desk, ticket, ana):
    response = send_reply(desk, ticket)
    assert response.url == page_url(ticket)
    assert said(response) == "Respuesta para Lucía Ferrer en camino."
    ticket.refresh_from_db()
    message = ticket.messages.last()
    assert (message.kind, message.author, message.body) == (Message.Kind.STAFF, ana, ANSWER)
    assert (ticket.status, ticket.waiting_since) == (Status.WAITING_CUSTOMER, None)
    assert OutboxMessage.objects.get(message=message).recipient == LUCIA


@pytest.mark.parametrize("status", [Status.OPEN, Status.RESOLVED])
def test_reply_leaves_the_ticket_as_chosen(desk, ticket, status):
    send_reply(desk, ticket, **{"reply-next_status": status})
    ticket.refresh_from_db()
    assert ticket.status == status


def test_reply_takes_its_files_along(desk, ticket):
    send_reply(desk, ticket, **{"reply-files": [png(), text()]})
    assert set(ticket.messages.last().attachments.values_list("name", flat=True)) == {
        "panel.png",
        "registro.txt",
    }


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reply-body": " \n "}, "Escribe el texto antes de enviarlo"),
        ({"reply-body": "a" * 20_001}, "El texto debe tener 20\u00a0000 caracteres o menos"),
        ({"reply-next_status": "closed"}, "Elige en qué estado queda el ticket"),
        ({"reply-next_status": ""}, "Elige en qué estado queda el ticket"),
        ({"reply-files": [text("programa.png")]}, "«programa.png» no parece una imagen"),
    ],
)
def test_wrong_reply_keeps_the_draft(desk, ticket, wrong, sentence):
    response = send_reply(desk, ticket, **wrong)
    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in html
    assert "<title>Error: " in html
    if "reply-body" not in wrong:
        assert "Ya puedes entrar." in html
    assert replies(ticket) == []
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW


def test_wrong_reply_keeps_its_good_files(desk, ticket):
    response = send_reply(desk, ticket, **{"reply-files": [png(), text("programa.png")]})
    html = response.content.decode()
    assert "Quitar panel.png" in html
    assert "Quitar programa.png" not in html
    send_reply(desk, ticket, forms=hidden(html))
    assert [file.name for file in ticket.messages.last().attachments.all()] == ["panel.png"]


def test_draft_file_is_removed_without_losing_the_text(desk, ticket):
    html = send_reply(desk, ticket, "", **{"reply-files": [png()]}).content.decode()
    key = Attachment.objects.get().key
    response = send_reply(desk, ticket, forms=hidden(html), remove=key)
    html = response.content.decode()
    assert "Ya puedes entrar." in html
    assert "Quitar panel.png" not in html
    assert 'class="errornote"' not in html
    assert not Attachment.objects.exists()
    assert replies(ticket) == []


def test_double_click_answers_once(desk, ticket):
    forms = open_forms(desk, ticket)
    first, second = (send_reply(desk, ticket, forms=forms) for _ in range(2))
    assert first.url == second.url == page_url(ticket)
    assert replies(ticket) == [ANSWER]
    assert OutboxMessage.objects.filter(recipient=LUCIA).count() == 1


def test_other_words_under_a_used_key_come_back_and_can_be_sent(desk, ticket):
    forms = open_forms(desk, ticket)
    send_reply(desk, ticket, forms=forms)
    response = send_reply(desk, ticket, "Otra cosa", forms=forms)
    assert response.status_code == 422
    html = response.content.decode()
    assert "Este formulario ya se había enviado" in html
    assert "Otra cosa" in html
    assert send_reply(desk, ticket, "Otra cosa", forms=hidden(html)).status_code == 302
    assert replies(ticket) == [ANSWER, "Otra cosa"]


def test_forged_form_key_is_replaced(desk, ticket):
    forms = open_forms(desk, ticket) | {"reply-form_key": "'; drop table"}
    assert send_reply(desk, ticket, forms=forms).status_code == 302
    assert replies(ticket) == [ANSWER]


# ---- Colleagues and customers who write meanwhile


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("note", "Berta añadió una nota mientras escribías. Léelo y decide: no se ha enviado nada."),
        ("staff", "Berta escribió mientras escribías. Léelo y decide: no se ha enviado nada."),
        ("customer", "Lucía Ferrer escribió mientras escribías. Léelo y decide: no se ha enviado nada."),
    ],
)
def test_news_stop_the_reply_and_keep_its_draft(desk, ticket, kind, sentence):
    forms = open_forms(desk, ticket)
    if kind == "note":
        add_note(ticket=ticket, author=make_agent("berta"), body="Está bloqueada por impago")
    else:
        author = make_agent("berta") if kind == "staff" else None
        conversation.reply(ticket=ticket, author=author, body="Está bloqueada por impago")
    before = replies(ticket)
    response = send_reply(desk, ticket, forms=forms)
    assert response.status_code == 422
    html = response.content.decode()
    assert sentence in html
    assert "Ya puedes entrar." in html
    assert "Está bloqueada por impago" in html
    assert html.count(">Nuevo</strong>") == 1
    assert replies(ticket) == before
    assert send_reply(desk, ticket, forms=hidden(html)).status_code == 302
    assert replies(ticket) == [*before, ANSWER]


def test_own_note_does_not_stop_the_reply(desk, ticket):
    forms = open_forms(desk, ticket)
    send_note(desk, ticket, forms=forms)
    assert send_reply(desk, ticket, forms=forms).status_code == 302


def test_reply_without_a_last_seen_message_is_checked_against_all(desk, ticket):
    forms = open_forms(desk, ticket) | {"reply-seen": ""}
    assert send_reply(desk, ticket, forms=forms).status_code == 422
    assert replies(ticket) == []


# ---- Notes


def test_note_stays_inside(desk, client, ticket):
    response = send_note(desk, ticket)
    assert said(response) == "Nota interna guardada."
    note = ticket.messages.last()
    assert (note.kind, note.body) == (Message.Kind.NOTE, "Mirar el registro")
    assert not OutboxMessage.objects.filter(recipient=LUCIA).exists()
    verify(ticket)
    client.logout()
    client.post(reverse("tickets:open_link", args=[access.signed_token(ticket)]))
    page = client.get(ticket.get_absolute_url())
    assert page.status_code == 200
    assert "Mirar el registro" not in page.content.decode()


def test_empty_note_comes_back(desk, ticket):
    response = send_note(desk, ticket, " ", **{"note-files": [png()]})
    assert response.status_code == 422
    html = response.content.decode()
    assert "Escribe la nota antes de guardarla" in html
    assert "Quitar panel.png" in html
    assert not ticket.messages.filter(kind=Message.Kind.NOTE).exists()


def test_double_click_notes_once(desk, ticket):
    forms = open_forms(desk, ticket)
    for _ in range(2):
        send_note(desk, ticket, forms=forms)
    assert ticket.messages.filter(kind=Message.Kind.NOTE).count() == 1


# ---- Handling


def test_agent_takes_the_ticket(desk, ticket, ana):
    response = desk.post(noun_url("assignment", ticket), {"me": "1"})
    ticket.refresh_from_db()
    assert (ticket.assignee, said(response)) == (ana, "Ahora lo llevas tú.")


def test_ticket_is_given_to_a_colleague_and_back_to_nobody(desk, ticket):
    berta = make_agent("berta", group="Supervisión", last_name="Gil")
    response = desk.post(noun_url("assignment", ticket), {"assignee": berta.pk})
    ticket.refresh_from_db()
    assert (ticket.assignee, said(response)) == (berta, "Ahora lo lleva Berta Gil.")
    response = desk.post(noun_url("assignment", ticket), {"assignee": ""})
    ticket.refresh_from_db()
    assert (ticket.assignee, said(response)) == (None, "Ahora no lo lleva nadie.")


@pytest.mark.parametrize("who", ["documentation", "gone", "customer", "nonsense"])
def test_ticket_is_given_only_to_who_can_work_on_it(desk, ticket, who):
    other = {
        "documentation": lambda: make_agent("dora", group="Documentación").pk,
        "gone": lambda: make_agent("ido", is_active=False).pk,
        "customer": lambda: User.objects.create_user("cliente").pk,
        "nonsense": lambda: "nada",
    }[who]()
    response = desk.post(noun_url("assignment", ticket), {"assignee": other})
    ticket.refresh_from_db()
    assert (ticket.assignee, said(response)) == (None, "Elige a alguien de la lista.")


def test_status_changes_with_an_event(desk, ticket, ana):
    response = desk.post(noun_url("status", ticket), {"status": Status.RESOLVED})
    ticket.refresh_from_db()
    assert (ticket.status, said(response)) == (Status.RESOLVED, "Estado cambiado.")
    assert ticket.events.last().actor == ana


def test_resolving_with_a_summary_tells_the_customer(desk, ticket):
    desk.post(noun_url("status", ticket), {"status": "resolved", "public_note": "Hemos abierto el puerto."})
    assert "Hemos abierto el puerto." in OutboxMessage.objects.get(kind="resolved").body_text
    assert "Hemos abierto el puerto." in page_text(desk.get(page_url(ticket)))


def test_resolved_ticket_is_opened_again_with_one_button(desk, ticket):
    assert "Reabrir" not in page_text(desk.get(page_url(ticket)))
    desk.post(noun_url("status", ticket), {"status": "resolved"})
    assert '<button type="submit" class="button" name="status" value="open">Reabrir</button>' in (
        desk.get(page_url(ticket)).content.decode()
    )
    response = desk.post(noun_url("status", ticket), {"status": "open"})
    ticket.refresh_from_db()
    assert (ticket.status, said(response)) == (Status.OPEN, "Ticket reabierto.")


def test_tickets_of_a_customer_are_joined_and_parted(desk, ticket):
    other, foreign = make_ticket(), make_ticket(email="bruno@example.org")
    page = desk.get(page_url(ticket)).content.decode()
    assert other.reference in page
    assert foreign.reference not in page
    refused = desk.post(noun_url("union", ticket), {"into": foreign.pk})
    assert said(refused) == "Elige un ticket de la lista"
    joined = desk.post(noun_url("union", ticket), {"into": other.pk})
    assert said(joined) == f"Unido a {other.reference}. El cliente sigue allí."
    page = page_text(desk.get(page_url(ticket)))
    assert f"Unido a {other.reference} : se contesta allí." in page
    assert "Texto que recibirá" not in page
    assert f"Se le unió {ticket.reference}" in page_text(desk.get(page_url(other)))
    desk.post(noun_url("separation", ticket))
    ticket.refresh_from_db()
    assert ticket.merged_into is None


def test_joined_ticket_is_not_answered_here(desk, ticket):
    forms, other = open_forms(desk, ticket), make_ticket()
    desk.post(noun_url("union", ticket), {"into": other.pk})
    response = send_reply(desk, ticket, forms=forms)
    assert response.status_code == 422
    assert f"Este ticket está unido a {other.reference}: contesta allí." in page_text(response)
    assert ticket.messages.count() == 1


def test_rating_is_read_beside_the_ticket_and_filters_the_list(desk, ticket):
    triage.change_status(ticket=ticket, to="resolved", by=None, notify=False)
    rating.rate(survey=ticket.surveys.get(), rating="bad", comment="Tardó <mucho>")
    other = make_ticket()
    html = desk.get(page_url(ticket)).content.decode()
    assert "Tardó &lt;mucho&gt;" in html
    assert "El cliente valoró la atención: «Mal»" in html
    listed = page_text(
        desk.get(reverse("admin:tickets_ticket_changelist"), {"vista": "todos", "valoracion": "bad"})
    )
    assert ticket.reference in listed
    assert other.reference not in listed


@pytest.mark.parametrize(
    ("noun", "value", "stored"),
    [("priority", "4", 4), ("subject", "No entra en su panel", "No entra en su panel")],
)
def test_field_changes_with_an_event(desk, ticket, noun, value, stored):
    desk.post(noun_url(noun, ticket), {noun: value})
    ticket.refresh_from_db()
    assert getattr(ticket, noun) == stored
    assert ticket.events.filter(kind=noun).count() == 1


@pytest.mark.parametrize(
    ("noun", "value", "sentence"),
    [
        ("status", "perdido", "Elige un estado de la lista"),
        ("status", "", "Elige un estado de la lista"),
        ("priority", "9", "Elige una prioridad de la lista"),
        ("priority", "alta", "Elige una prioridad de la lista"),
        ("forecast", "2026-01-01T10:00", "La previsión ya ha pasado: elige otra hora."),
        ("forecast", "pronto", "Escribe el día y la hora de la previsión"),
        ("subject", "  ", "Escribe el asunto"),
        ("subject", "a" * 121, "Usa 120 caracteres o menos"),
    ],
)
def test_wrong_field_changes_nothing_and_says_why(desk, ticket, noun, value, sentence):
    events = ticket.events.count()
    response = desk.post(noun_url(noun, ticket), {noun: value})
    assert (response.url, said(response)) == (page_url(ticket), sentence)
    assert ticket.events.count() == events


def test_forecast_is_told_and_taken_back(desk, client, ticket):
    """A time later than the one promised goes by mail too, each once; an earlier one does not. What has not
    left when it is taken back never leaves."""
    promised = tomorrow()
    Ticket.objects.update(due_at=promised)
    later, latest = promised + timedelta(hours=3), promised + timedelta(hours=5)
    for value, mails in ((later, 1), (later, 1), (latest, 2), (later, 2), (None, 1)):
        typed = timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if value else ""
        answer = desk.post(noun_url("forecast", ticket), {"forecast": typed})
        assert said(answer) == ("Previsión guardada." if value else "Ya no hay previsión.")
        ticket.refresh_from_db()
        assert ticket.forecast_at == (value and value.replace(second=0, microsecond=0))
        assert OutboxMessage.objects.filter(kind="late").count() == mails
        if mails == 1:
            OutboxMessage.objects.filter(kind="late").update(state="sent")
        page = page_text(desk.get(page_url(ticket)))
        assert ("Quitar la previsión" in page) == bool(value)
    mail = OutboxMessage.objects.filter(kind="late").earliest("created_at")
    assert "y no vamos a llegar." in mail.body_text
    assert page.count("Nueva previsión: ") == 3
    assert page.count("Previsión quitada · Ana Serrano") == 1
    happened = [entry.happening for entry in public_thread(ticket).entries if "revisión" in entry.happening]
    assert happened == [
        *(f"Nueva previsión: {dates.date_time(at)}" for at in (later, latest, later)),
        "Retiramos la previsión",
    ]


def test_button_that_answers_keeps_its_width_whatever_the_name(desk):
    page = page_text(desk.get(page_url(make_ticket(name="W" * 120))))
    assert f"Enviar a {'W' * 23}… " in page


def test_forecast_is_not_offered_where_it_is_not_our_turn(desk, ticket):
    send_reply(desk, ticket)
    assert "Previsión para el cliente" not in page_text(desk.get(page_url(ticket)))
    response = desk.post(noun_url("forecast", ticket), {"forecast": "2036-01-01T10:00"})
    assert said(response) == "Elige una previsión dentro de los próximos doce meses"
    soon = timezone.localtime(tomorrow()).strftime("%Y-%m-%dT%H:%M")
    response = desk.post(noun_url("forecast", ticket), {"forecast": soon})
    assert said(response) == "Ahora no le toca al equipo: el ticket ha cambiado mientras elegías."
    assert not ticket.events.filter(kind=Event.Kind.FORECAST).exists()


def test_spam_goes_and_comes_back(desk, ticket):
    for value, is_spam in (("1", True), ("1", True), ("0", False)):
        desk.post(noun_url("spam", ticket), {"is_spam": value})
        ticket.refresh_from_db()
        assert ticket.is_spam is is_spam
    assert ticket.events.filter(kind=Event.Kind.SPAM).count() == 2


def test_page_says_since_when_the_customer_waits(desk):
    ticket = make_ticket(at=timezone.now() - timedelta(hours=30))
    assert "Espera respuesta desde" in page_text(desk.get(page_url(ticket)))
    send_reply(desk, ticket)
    assert "Nadie espera respuesta" in page_text(desk.get(page_url(ticket)))
