"""The lists of the desk: what waits, what was mailed, and who may see and do what."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tickets import conversation, notifications, outbox, triage
from tickets.models import OutboxMessage, Requester, Ticket
from tickets.tests.factories import BRUNO, LUCIA, make_agent, make_attachment, make_ticket
from tickets.tests.web import count_queries, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("woken")]

LIST = "/admin/tickets/ticket/"
MAILS = "/admin/tickets/outboxmessage/"
LINK = "https://example.com/t/secreto/?a=1&b=2"
State = OutboxMessage.State
Status = Ticket.Status


@pytest.fixture
def ana():
    return make_agent(last_name="Serrano")


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


def hours_ago(hours: float):
    return timezone.now() - timedelta(hours=hours)


def listed(response) -> list[str]:
    """The references in the list, from the top."""
    return [ticket.reference for ticket in response.context["cl"].result_list]


def make_mail(event_key: str = "receipt:1:1", *, state: str = State.QUEUED, **fields) -> OutboxMessage:
    values = {
        "kind": "receipt",
        "recipient": LUCIA,
        "subject": "[MS-4F7K-29Q] Tu ticket",
        "body_text": "Síguelo aquí:\n[[link]]\n",
        "body_html": '<p style="color:red"><a href="[[link]]">Seguir</a></p>',
        "secrets": {"link": LINK},
    }
    row = outbox.enqueue(event_key=event_key, **(values | fields))
    OutboxMessage.objects.filter(pk=row.pk).update(state=state, attempts=3)
    row.refresh_from_db()
    return row


def mail_url(name: str, row: OutboxMessage) -> str:
    return reverse(f"admin:tickets_outboxmessage_{name}", args=[row.pk])


# ---- The list of tickets


def test_list_begins_with_who_has_waited_longest(desk, ana):
    young, old, middle = (make_ticket(at=hours_ago(hours)) for hours in (1, 30, 5))
    answered = make_ticket(at=hours_ago(50))
    conversation.reply(ticket=answered, author=ana, body="Hecho")
    assert listed(desk.get(LIST)) == [old.reference, middle.reference, young.reference]
    assert listed(desk.get(f"{LIST}?vista=abiertos"))[-1] == answered.reference


def test_list_says_how_long_and_whether_the_promise_holds(desk):
    with time_machine.travel(timezone.now(), tick=False):
        for waited, due in ((30, 6), (1, -3)):
            ticket = make_ticket(at=hours_ago(waited))
            Ticket.objects.filter(pk=ticket.pk).update(due_at=hours_ago(due))
        words = page_text(desk.get(LIST))
    assert "1 día vencido hace 6 h" in words
    assert "1 h faltan 3 h" in words


def test_list_shows_files_urgency_and_owner(desk, ana):
    ticket = make_ticket(is_marked_urgent=True)
    make_attachment(ticket.messages.get())
    triage.assign(ticket=ticket, to=ana, by=ana)
    words = page_text(desk.get(LIST))
    for said in ("con archivos", "Urgente, según el cliente", "Ana Serrano", "Lucía Ferrer"):
        assert said in words


def test_views_hold_what_they_count(desk, ana):
    mine, waiting, done, spam, new = (make_ticket(email=f"c{n}@example.com") for n in range(5))
    triage.assign(ticket=mine, to=ana, by=ana)
    conversation.reply(ticket=waiting, author=ana, body="¿Qué navegador usas?")
    triage.change_status(ticket=done, to=Status.RESOLVED, by=ana)
    triage.mark_spam(ticket=spam, by=ana)
    expected = {
        "sin-responder": {mine, new},
        "sin-asignar": {waiting, new},
        "mios": {mine},
        "abiertos": {mine, waiting, new},
        "esperando": {waiting},
        "resueltos": {done},
        "spam": {spam},
        "todos": {mine, waiting, done, spam, new},
    }
    views = {view["name"]: view for view in desk.get(LIST).context["views"]}
    assert list(views) == list(expected)
    for name, tickets in expected.items():
        assert set(listed(desk.get(f"{LIST}?vista={name}"))) == {ticket.reference for ticket in tickets}
        assert views[name]["count"] in (None, len(tickets))
    assert [name for name, view in views.items() if view["count"] is None] == ["resueltos", "spam", "todos"]


def test_unknown_view_is_the_first_one(desk):
    response = desk.get(f"{LIST}?vista=nada")
    assert [view["name"] for view in response.context["views"] if view["is_current"]] == ["sin-responder"]


def test_empty_view_leads_to_the_next(desk, ana):
    assert "Nada por aquí." in page_text(desk.get(LIST))
    conversation.reply(ticket=make_ticket(), author=ana, body="Hecho")
    assert "Nada por aquí. Siguiente: Sin asignar (1)" in page_text(desk.get(LIST))
    assert "Ningún ticket coincide." in page_text(desk.get(f"{LIST}?q=nada"))


@pytest.mark.parametrize(
    "spell",
    [str, str.lower, lambda text: text.replace("-", ""), lambda text: f"  {text.replace('-', ' ')} "],
    ids=["as it is", "lower", "without hyphens", "with spaces"],
)
def test_search_finds_a_reference_in_any_spelling(desk, ana, spell):
    ticket, _ = make_ticket(), make_ticket()
    triage.change_status(ticket=ticket, to=Status.CLOSED, by=ana)
    response = desk.get(LIST, {"q": spell(ticket.reference)})
    assert listed(response) == [ticket.reference]


@pytest.mark.parametrize("query", ["bruno@example.org", "Bruno", "panel roto"])
def test_search_finds_subject_name_and_address(desk, query):
    make_ticket()
    ticket = make_ticket(name="Bruno Gil", email=BRUNO, description="El panel roto no responde.")
    assert listed(desk.get(LIST, {"q": query})) == [ticket.reference]


@pytest.mark.parametrize("address", [LIST, MAILS, "/admin/tickets/requester/"])
def test_lists_cost_the_same_with_more_rows(desk, ana, address):
    def add(number: int) -> None:
        ticket = make_ticket(email=f"c{number}@example.com", notify=True)
        make_attachment(ticket.messages.get())
        triage.assign(ticket=ticket, to=ana, by=ana)

    add(0)
    desk.get(address)
    with count_queries() as one:
        desk.get(address)
    add(1), add(2)
    with count_queries() as three:
        desk.get(address)
    assert len(three.statements) == len(one.statements) <= 12


def test_list_cannot_be_written(desk):
    ticket = make_ticket()
    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.get(f"{LIST}{ticket.pk}/delete/").status_code == 403
    desk.post(LIST, {"action": "delete_selected", "_selected_action": [ticket.pk], "post": "yes"})
    assert Ticket.objects.filter(pk=ticket.pk).exists()


# ---- The first page


def test_first_page_counts_what_waits_and_links_to_it(desk, ana):
    triage.assign(ticket=make_ticket(at=hours_ago(5)), to=ana, by=ana)
    make_ticket()
    make_mail(state=State.FAILED)
    cards = {card["label"]: card for card in desk.get("/admin/").context["cards"]}
    assert {label: card["number"] for label, card in cards.items()} == {
        "Sin responder": 2,
        "Sin asignar": 1,
        "Míos": 1,
        "Correos no entregados": 1,
    }
    assert cards["Sin responder"]["sentence"].startswith("La espera más larga: 5\u00a0h")
    for card in cards.values():
        assert desk.get(card["url"]).context["cl"].result_count == card["number"], card["label"]


def test_first_page_is_calm_when_nothing_waits(desk):
    cards = desk.get("/admin/").context["cards"]
    assert [card["number"] for card in cards] == [0, 0, 0, 0]
    assert not any(card["is_pressing"] for card in cards)


def test_first_page_shows_each_only_their_part(client):
    client.force_login(make_agent("dora", group="Documentación"))
    response = client.get("/admin/")
    labels = ["Búsquedas sin resultado", "Guías por revisar"]
    assert [card["label"] for card in response.context["cards"]] == labels
    assert [section["label"] for section in response.context["sections"]] == ["Guías", "Búsquedas"]


def test_first_page_costs_little(desk):
    make_ticket()
    desk.get("/admin/")
    with count_queries() as queries:
        desk.get("/admin/")
    assert len(queries.statements) <= 12


# ---- Outgoing mail


def test_mail_hides_its_links(desk, settings):
    settings.DEMO = False
    row = make_mail()
    for name in ("change", "html"):
        html = desk.get(mail_url(name, row)).content.decode()
        assert "secreto" not in html, name
        assert "••••" in html, name
        assert "[[link]]" not in html, name


def test_mail_is_whole_in_the_demo(desk, settings):
    settings.DEMO = True
    row = make_mail()
    assert "https://example.com/t/secreto/" in desk.get(mail_url("change", row)).content.decode()
    assert "https://example.com/t/secreto/?a=1&amp;b=2" in desk.get(mail_url("html", row)).content.decode()


def test_mail_says_which_one_carried_it(desk):
    ticket = make_ticket()
    notifications.reminder(ticket)
    notifications.ticket_reopened(ticket)
    carrier, carried = ticket.outbox.order_by("created_at")
    OutboxMessage.objects.filter(pk=carried.pk).update(carried_by=carrier)
    assert "Salió dentro de Recordatorio al cliente" in page_text(desk.get(f"{MAILS}{carried.pk}/change/"))
    assert "Lleva también Reabierto" in page_text(desk.get(f"{MAILS}{carrier.pk}/change/"))


def test_ticket_shows_mails_that_no_message_caused(desk, ana):
    ticket = make_ticket()
    notifications.reminder(ticket)
    triage.assign(ticket=ticket, to=ana, by=make_agent("marta"))
    ticket.outbox.filter(kind="staff_assigned").update(state=State.FAILED, last_error="550 nobody")
    page = page_text(desk.get(f"{LIST}{ticket.pk}/change/"))
    assert "Recordatorio al cliente · hoy" in page
    assert f"Correo a {LUCIA} : en cola" in page
    assert "Al equipo: asignación" in page
    assert "550 nobody" in page
    ticket.outbox.filter(kind="staff_assigned").update(state=State.SENT)
    assert "Al equipo: asignación" not in page_text(desk.get(f"{LIST}{ticket.pk}/change/"))


def test_mail_frame_is_a_sandbox_of_its_own(desk):
    row = make_mail()
    framed = desk.get(mail_url("html", row))
    directives = dict(
        part.strip().partition(" ")[::2] for part in framed["Content-Security-Policy"].split(";")
    )
    assert directives["default-src"] == "'none'"
    assert directives["sandbox"] == ""
    assert directives["frame-ancestors"] == "'self'"
    assert "script-src" not in directives
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in framed["Cache-Control"]
    page = desk.get(mail_url("change", row))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert '<iframe class="mail__frame" sandbox title=' in page.content.decode()
    assert "frame-src" not in desk.get(MAILS)["Content-Security-Policy"]


def test_mail_frame_takes_no_post(desk):
    assert desk.post(mail_url("html", make_mail())).status_code == 405


def test_failed_mail_is_sent_again(desk):
    row = make_mail(state=State.FAILED)
    assert "Reintentar" in desk.get(mail_url("change", row)).content.decode()
    response = desk.post(mail_url("retry", row))
    row.refresh_from_db()
    assert response.url == mail_url("change", row)
    assert (row.state, row.attempts) == (State.QUEUED, 0)


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.SENT, State.BOUNCED, State.SUPPRESSED])
def test_other_mail_is_left_alone(desk, state):
    row = make_mail(state=state)
    assert "Reintentar" not in desk.get(mail_url("change", row)).content.decode()
    desk.post(mail_url("retry", row))
    row.refresh_from_db()
    assert (row.state, row.attempts) == (state, 3)


def test_retry_takes_only_posts_of_who_may(desk):
    row = make_mail(state=State.FAILED)
    assert desk.get(mail_url("retry", row)).status_code == 405
    other = Client()
    other.force_login(make_agent("dora", group="Documentación"))
    assert other.post(mail_url("retry", row)).status_code == 403
    assert Client().post(mail_url("retry", row)).status_code == 302
    row.refresh_from_db()
    assert row.state == State.FAILED


@pytest.mark.parametrize("name", ["change", "html"])
def test_mail_is_closed_to_others(client, name):
    row = make_mail()
    client.force_login(make_agent("dora", group="Documentación"))
    assert client.get(mail_url(name, row)).status_code == 403
    client.logout()
    assert client.get(mail_url(name, row)).status_code == 302


def test_mail_that_does_not_exist(desk):
    assert desk.get(f"{MAILS}{uuid4()}/change/").status_code == 404
    assert desk.get(f"{MAILS}nada/change/").status_code == 404


@pytest.mark.parametrize(
    "query", ["secrets__icontains=secreto", "body_text__contains=x", "ticket__requester__email=x"]
)
def test_mail_list_cannot_be_asked_about_what_it_hides(desk, query):
    make_mail()
    response = desk.get(f"{MAILS}?{query}")
    assert response.status_code == 400


def test_mail_cannot_be_written(desk):
    row = make_mail()
    assert desk.post(mail_url("change", row), {"recipient": BRUNO}).status_code == 405
    assert desk.get(f"{MAILS}add/").status_code == 403
    assert desk.get(mail_url("delete", row)).status_code == 403


def test_mail_list_is_searched_by_reference(desk):
    ticket = make_ticket()
    row = make_mail(ticket=ticket)
    make_mail("receipt:2:2")
    response = desk.get(MAILS, {"q": ticket.reference.lower()})
    assert [mail.pk for mail in response.context["cl"].result_list] == [row.pk]


def test_mail_list_is_filtered_by_notice(desk):
    make_mail()
    link = make_mail("link:1", kind="link")
    response = desk.get(MAILS, {"aviso": "link"})
    assert [mail.pk for mail in response.context["cl"].result_list] == [link.pk]


# ---- Customers


def test_customer_is_renamed_only_by_a_supervisor(client):
    ticket = make_ticket()
    address = reverse("admin:tickets_requester_change", args=[ticket.requester_id])
    client.force_login(make_agent())
    assert client.post(address, {"name": "Otra"}).status_code == 403
    client.force_login(make_agent("sara", group="Supervisión"))
    client.post(address, {"name": "Lucía Prado", "email": BRUNO})
    requester = Requester.objects.get()
    assert (requester.name, requester.email) == ("Lucía Prado", LUCIA)
    assert ticket.reference in page_text(client.get(address))


# ---- Groups and accounts

# What each group may open: address, then those who may.
PLACES = [
    (LIST, {"Agente", "Supervisión"}),
    (MAILS, {"Agente", "Supervisión"}),
    ("/admin/tickets/requester/", {"Agente", "Supervisión"}),
    ("/admin/tickets/schedule/", {"Agente", "Supervisión"}),
    ("/admin/tickets/schedule/add/", {"Supervisión"}),
    ("/admin/tickets/servicenotice/add/", {"Supervisión"}),
    ("/admin/contact/channel/", {"Agente", "Supervisión"}),
    ("/admin/contact/channel/add/", {"Supervisión"}),
    ("/admin/docs_kb/article/", {"Agente", "Supervisión", "Documentación"}),
    ("/admin/docs_kb/article/add/", {"Documentación"}),
    ("/admin/docs_kb/synonym/add/", {"Documentación"}),
    ("/admin/auth/user/", set()),
    ("/admin/auth/user/add/", set()),
]


@pytest.mark.parametrize(("address", "allowed"), PLACES)
@pytest.mark.parametrize("group", ["Agente", "Supervisión", "Documentación"])
def test_group_opens_what_is_theirs(client, address, allowed, group):
    client.force_login(make_agent(group=group))
    assert client.get(address).status_code == (200 if group in allowed else 403)


def test_nobody_without_a_group_sees_anything(client):
    client.force_login(make_agent(group=""))
    assert {client.get(address).status_code for address, _ in PLACES} == {403}


def test_customer_account_never_enters(client):
    client.force_login(User.objects.create_user("lucia"))
    assert client.get("/admin/").status_code == 302


def test_only_superusers_keep_accounts_and_rights_come_with_groups(client):
    boss = User.objects.create_superuser("jefa", password="secreto")
    supervisor = make_agent("sara", group="Supervisión")
    address = reverse("admin:auth_user_change", args=[supervisor.pk])
    supervisor.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    client.force_login(supervisor)
    assert client.post(address, {"is_superuser": "on"}).status_code == 403
    client.force_login(boss)
    html = client.get(address).content.decode()
    assert 'name="user_permissions"' not in html
    assert html.count('type="checkbox" name="groups"') == Group.objects.count() == 3
    assert client.get("/admin/auth/group/").status_code == 404


def test_superuser_makes_an_account_for_a_colleague(client):
    client.force_login(User.objects.create_superuser("jefa", password="secreto"))
    password = {"password1": "resguardo-42-azul", "password2": "resguardo-42-azul"}
    response = client.post("/admin/auth/user/add/", {"username": "berta"} | password)
    berta = User.objects.get(username="berta")
    assert response.url == reverse("admin:auth_user_change", args=[berta.pk])
    agents = Group.objects.get(name="Agente")
    data = {"username": "berta", "is_active": "on", "is_staff": "on", "groups": [agents.pk]}
    client.post(response.url, data | {"email": "berta@example.com"})
    berta.refresh_from_db()
    assert (berta.is_staff, berta.is_superuser, berta.has_perm("tickets.change_ticket")) == (
        True,
        False,
        True,
    )
