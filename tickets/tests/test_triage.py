import pytest

from tickets import triage
from tickets.tests.factories import make_agent, make_ticket

pytestmark = pytest.mark.django_db


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
