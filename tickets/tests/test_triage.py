import pytest

from tickets import triage
from tickets.conversation import reply
from tickets.links import signed_url
from tickets.models import OutboxMessage, Ticket
from tickets.tests.factories import BRUNO, make_agent, make_ticket

pytestmark = pytest.mark.django_db


def mails(ticket: Ticket) -> list[str]:
    return list(
        OutboxMessage.objects.filter(ticket=ticket).order_by("created_at").values_list("kind", flat=True)
    )


def changes(ticket) -> list[tuple]:
    events = ticket.events.exclude(kind="opened")
    return list(events.values_list("kind", "old", "new", "actor__username"))


def test_assign_writes_who_had_it_and_who_has_it():
    ana, marta, ticket = make_agent(), make_agent("marta"), make_ticket()
    triage.assign(ticket=ticket, to=ana, by=marta)
    triage.assign(ticket=ticket, to=ana, by=marta)
    triage.assign(ticket=ticket, to=None, by=ana)
    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert changes(ticket) == [
        ("assigned", "", "Ana", "marta"),
        ("status", "new", "open", "marta"),
        ("assigned", "Ana", "", "ana"),
    ]


def test_assign_by_the_system_is_no_act_of_the_team():
    ticket = make_ticket()
    triage.assign(ticket=ticket, to=make_agent(), by=None)
    assert ticket.status == "new"


@pytest.mark.parametrize(
    ("act", "to", "event"),
    [
        (triage.change_status, "resolved", ("status", "new", "resolved", "ana")),
        (triage.change_priority, 4, ("priority", "Normal", "Urgente", "ana")),
        (
            triage.change_subject,
            " Panel\ncaído ",
            ("subject", "No puedo entrar en mi panel", "Panel caído", "ana"),
        ),
    ],
)
def test_change_writes_one_event_and_none_the_second_time(act, to, event):
    ana, ticket = make_agent(), make_ticket()
    act(ticket=ticket, to=to, by=ana)
    act(ticket=ticket, to=to, by=ana)
    assert [change for change in changes(ticket) if change[0] == event[0] and change[2] == event[2]] == [
        event
    ]


def test_change_works_on_what_is_stored_not_on_what_was_read_long_ago():
    ana, ticket = make_agent(), make_ticket()
    stale = type(ticket).objects.get(pk=ticket.pk)
    triage.change_status(ticket=ticket, to="resolved", by=ana)
    triage.change_status(ticket=stale, to="resolved", by=ana)
    assert [change[0] for change in changes(ticket)] == ["status"]


def test_status_keeps_the_times_that_go_with_it():
    ticket = make_ticket()
    assert ticket.waiting_since
    triage.change_status(ticket=ticket, to="closed", by=None)
    assert ticket.closed_at
    assert ticket.waiting_since is None
    triage.change_status(ticket=ticket, to="open", by=None)
    assert (ticket.closed_at, ticket.resolved_at) == (None, None)


@pytest.mark.parametrize(("act", "to"), [(triage.change_status, "gone"), (triage.change_priority, 9)])
def test_change_to_what_does_not_exist_is_an_error(act, to):
    with pytest.raises(ValueError, match="is not a valid"):
        act(ticket=make_ticket(), to=to, by=None)


def test_spam_is_marked_and_taken_back():
    ana, ticket = make_agent(), make_ticket()
    triage.mark_spam(ticket=ticket, by=ana)
    triage.mark_spam(ticket=ticket, by=ana)
    triage.mark_spam(ticket=ticket, by=ana, is_spam=False)
    assert changes(ticket) == [("spam", "", "spam", "ana"), ("spam", "spam", "", "ana")]
    assert not ticket.is_spam


def test_assign_tells_who_gets_it_unless_they_took_it():
    ana, marta, ticket = make_agent(), make_agent("marta"), make_ticket()
    triage.assign(ticket=ticket, to=ana, by=ana)
    for to in (marta, make_agent("noa", email=""), make_agent("ida", is_active=False), None):
        triage.assign(ticket=ticket, to=to, by=ana)
    rows = OutboxMessage.objects.filter(kind="staff_assigned")
    assert [row.recipient for row in rows] == ["marta@example.com"]


# --- Resolved and open again --------------------------------------------------------------------


def test_resolving_keeps_what_was_done_as_the_last_message_and_mails_it():
    ana, ticket = make_agent(), make_ticket()
    triage.change_status(
        ticket=ticket, to="resolved", by=ana, public_note="Hemos cambiado la contraseña.\r\n"
    )
    last = ticket.messages.last()
    assert (last.kind, last.body, last.author) == ("staff", "Hemos cambiado la contraseña.", ana)
    assert ticket.first_answered_at
    assert mails(ticket) == ["resolved"]
    assert "Hemos cambiado la contraseña." in OutboxMessage.objects.get().body_text


def test_resolving_again_says_nothing_again():
    ana, ticket = make_agent(), make_ticket()
    for _ in range(2):
        triage.change_status(ticket=ticket, to="resolved", by=ana, public_note="Hecho.")
    spam = make_ticket()
    triage.mark_spam(ticket=spam, by=ana)
    triage.change_status(ticket=spam, to="resolved", by=ana)
    assert OutboxMessage.objects.count() == 1
    assert mails(ticket) == ["resolved"]
    assert ticket.messages.count() == 2


def test_note_about_a_third_party_ends_with_that_status():
    ana, ticket = make_agent(), make_ticket()
    triage.change_status(
        ticket=ticket, to="waiting_third_party", by=ana, public_note="Dependemos de un proveedor\nlento."
    )
    ticket.refresh_from_db()
    assert ticket.waiting_note == "Dependemos de un proveedor lento."
    triage.change_status(ticket=ticket, to="open", by=ana)
    ticket.refresh_from_db()
    assert ticket.waiting_note == ""
    assert mails(ticket) == []


@pytest.mark.parametrize("over", ["resolved", "closed"])
def test_team_opens_again_what_was_over(over):
    ana, ticket = make_agent(), make_ticket()
    triage.change_status(ticket=ticket, to=over, by=ana, notify=False)
    triage.change_status(ticket=ticket, to="open", by=ana)
    ticket.refresh_from_db()
    assert ticket.waiting_since
    assert ticket.resolved_at is ticket.closed_at is None
    assert mails(ticket) == ["reopened"]


# --- Joined -------------------------------------------------------------------------------------


def test_merge_leads_to_the_other_ticket_and_takes_its_question_along():
    ana = make_agent()
    first, second = make_ticket(), make_ticket(description="Otra vez lo mismo, sigo sin entrar")
    reply(ticket=second, author=ana, body="¿Qué navegador usas?", notify=False)
    triage.merge(ticket=first, into=second, by=ana)
    for ticket in (first, second):
        ticket.refresh_from_db()
    assert first.merged_into == second
    assert (second.status, second.waiting_since) == ("open", first.created_at)
    assert changes(first) == [("merged", "", second.reference, "ana")]
    assert ("merged", first.reference, second.reference, "ana") in changes(second)
    assert mails(first) == ["merged"]
    assert first.outbox.get().secrets == {"link": signed_url(second)}


def test_merged_chain_is_one_step_long_whichever_way_it_grew():
    ana = make_agent()
    a, b, c = make_ticket(), make_ticket(), make_ticket()
    triage.merge(ticket=a, into=b, by=ana, notify=False)
    triage.merge(ticket=b, into=c, by=ana, notify=False)
    d = make_ticket()
    triage.merge(ticket=d, into=Ticket.objects.get(pk=a.pk), by=ana, notify=False)
    assert set(Ticket.objects.filter(merged_into=c)) == {a, b, d}


def test_merge_refuses_what_would_lose_or_show_something():
    ana = make_agent()
    a, b, foreign = make_ticket(), make_ticket(), make_ticket(email=BRUNO)
    triage.merge(ticket=a, into=b, by=ana, notify=False)
    for ticket, into in [(b, b), (b, a), (a, make_ticket()), (b, foreign)]:
        with pytest.raises(triage.MergeRefused):
            triage.merge(ticket=Ticket.objects.get(pk=ticket.pk), into=Ticket.objects.get(pk=into.pk), by=ana)
    assert Ticket.objects.get(pk=b.pk).merged_into is None


def test_separated_ticket_goes_on_as_it_was():
    ana, a, b = make_agent(), make_ticket(), make_ticket()
    triage.merge(ticket=a, into=b, by=ana, notify=False)
    triage.separate(ticket=a, by=ana)
    triage.separate(ticket=a, by=ana)
    a.refresh_from_db()
    assert a.merged_into is None
    assert a in Ticket.objects.awaiting_staff()
    assert changes(a)[1:] == [("merged", b.reference, "", "ana")]
