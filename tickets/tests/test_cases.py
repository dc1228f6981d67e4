"""Tickets that are one case, as the customer and the team see them."""

import pytest
from django.test import Client
from django.urls import reverse

from tickets import cases, triage
from tickets.models import Ticket
from tickets.tests.factories import BRUNO, make_agent, make_ticket
from tickets.tests.web import count_queries, open_by_link, page_text, sign_in

pytestmark = pytest.mark.django_db
HINT = "Cada ticket se abre con el enlace de su correo."


@pytest.fixture
def first():
    return make_ticket()


@pytest.fixture
def second(first):
    return make_ticket(description="Más capturas de lo mismo", related_to=first)


def browser(*tickets: Ticket) -> Client:
    """A browser in which the mailed links of some tickets were opened."""
    client = Client()
    for ticket in tickets:
        open_by_link(client, ticket)
    return client


def seen(client: Client, ticket: Ticket) -> str:
    return client.get(ticket.get_absolute_url()).content.decode()


def link(ticket: Ticket) -> str:
    return f'<a href="{ticket.get_absolute_url()}">{ticket.reference}</a>'


# --- What the customer reads ------------------------------------------------------------------


def test_case_is_named_without_a_link_to_what_this_session_may_not_read(first, second):
    for ticket, other, label in ((first, second, "Sigue en"), (second, first, "Continúa")):
        page = browser(ticket).get(ticket.get_absolute_url())
        assert f"{label} {other.reference}" in page_text(page)
        assert other.get_absolute_url() not in page.content.decode()
        assert HINT in page_text(page)


def test_case_leads_to_the_tickets_whose_links_were_opened(first, second):
    both = browser(first, second)
    assert link(second) in seen(both, first)
    assert link(first) in seen(both, second)
    assert HINT not in seen(both, first)


def test_case_leads_whoever_signed_in_to_all_their_tickets(client, first, second):
    sign_in(client)
    assert link(second) in seen(client, first)
    assert link(first) in seen(client, second)


def test_case_says_nothing_of_somebody_elses_ticket(first):
    theirs = make_ticket(email=BRUNO, related_to=first)
    assert theirs.reference not in seen(browser(first), first)
    assert first.reference not in seen(browser(theirs), theirs)
    assert link(theirs) in seen(browser(first, theirs), first)


def test_case_says_nothing_of_what_was_only_claimed_or_is_spam(first, second):
    claim = make_ticket(claimed_reference=first.reference)
    triage.mark_spam(ticket=second, by=None)
    page = seen(browser(first, claim), first)
    assert second.reference not in page
    assert claim.reference not in page
    assert "Continúa" not in seen(browser(first, claim), claim)


def test_case_follows_what_was_joined(first, second):
    ana, third, fourth = make_agent(), make_ticket(), make_ticket(related_to=first)
    triage.merge(ticket=second, into=first, by=ana, notify=False)
    for one in (fourth, make_ticket(related_to=first)):
        triage.merge(ticket=one, into=third, by=ana, notify=False)
    page = page_text(browser(first).get(first.get_absolute_url()))
    assert f"Sigue en {third.reference} {HINT}" in page
    assert page.count(third.reference) == 1
    assert "Continúa" not in seen(browser(second), second)  # its standing says where it goes on


def test_case_opens_what_a_joined_ticket_opens(first, second):
    """The link of a joined ticket opens the one it was joined to, also from a third one."""
    joined = make_ticket()
    triage.merge(ticket=joined, into=first, by=make_agent(), notify=False)
    assert link(first) in seen(browser(second, joined), second)


def test_case_costs_the_same_for_many_tickets(first, second):
    client = browser(first, make_ticket())
    seen(client, first)
    with count_queries() as one:
        seen(client, first)
    for _ in range(3):
        make_ticket(related_to=first)
    with count_queries() as four:
        seen(client, first)
    assert len(one.statements) == len(four.statements) <= 10


def test_case_shows_the_latest_of_very_many(first):
    tickets = [make_ticket(related_to=first) for _ in range(cases.MOST_SHOWN + 1)]
    assert cases.of(first).continued_in == tickets[1:]


# --- What the team reads ----------------------------------------------------------------------


@pytest.fixture
def desk(client):
    client.force_login(make_agent())
    return client


def on_the_desk(desk: Client, ticket: Ticket) -> str:
    return page_text(desk.get(admin_url(ticket)))


def admin_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def test_team_sees_the_whole_case_with_links(desk, first, second):
    third = make_ticket(description="Y otra más", related_to=first)
    said = on_the_desk(desk, first)
    assert f"Mismo caso Sigue en {second.reference} {second.subject} Nuevo" in said
    assert f"Sigue en {third.reference} Y otra más Nuevo" in said
    assert f"Mismo caso Continúa {first.reference} {first.subject} Nuevo" in on_the_desk(desk, second)
    assert (
        f'<a href="{admin_url(first)}"><span class="data">{first.reference}'
        in desk.get(admin_url(second)).content.decode()
    )


def test_team_sees_what_a_customer_only_claimed_and_whose_it_is(desk, first):
    claim = make_ticket(name="Bruno", email=BRUNO, claimed_reference=first.reference)
    said = on_the_desk(desk, claim)
    assert f"Dice ser continuación de {first.reference} {first.subject} Nuevo" in said
    assert "De otro cliente Lucía Ferrer" in said
    assert "Solo lo dice: no lo ha demostrado y no une nada." in said
    assert f'href="{admin_url(first)}"' in desk.get(admin_url(claim)).content.decode()
    assert "De otro cliente" not in on_the_desk(desk, make_ticket(claimed_reference=first.reference))


def test_team_reads_that_a_claimed_reference_does_not_exist(desk):
    said = on_the_desk(desk, make_ticket(claimed_reference="MS-2222-222"))
    assert "Dice ser continuación de MS-2222-222 No hay ningún ticket con esa referencia." in said


def test_ticket_alone_is_no_case(desk, first):
    assert "Mismo caso" not in on_the_desk(desk, first)
    assert "Continúa" not in seen(browser(first), first)
    assert HINT not in seen(browser(first), first)


def test_case_on_the_desk_costs_the_same_for_many_tickets(desk, first, second):
    on_the_desk(desk, first)
    with count_queries() as one:
        on_the_desk(desk, first)
    for _ in range(3):
        make_ticket(related_to=first)
    with count_queries() as four:
        on_the_desk(desk, first)
    assert len(one.statements) == len(four.statements) <= 20
