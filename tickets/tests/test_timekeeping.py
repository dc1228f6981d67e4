from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tickets import notifications, timekeeping, triage
from tickets.conversation import reply
from tickets.models import Event, OpeningHours, OutboxMessage, Schedule, Ticket
from tickets.tests.factories import make_agent, make_ticket

pytestmark = pytest.mark.django_db
# A Tuesday, 9:14 h in Madrid.
MORNING = datetime(2026, 11, 24, 8, 14, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _desk_hours():
    schedule = Schedule.objects.create(name="Equipo", is_desk=True)
    for weekday in range(5):
        OpeningHours.objects.create(schedule=schedule, weekday=weekday, opens_at="09:00", closes_at="18:00")


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.outbox.order_by("created_at").values_list("kind", flat=True))


def waiting(days: int, **who) -> Ticket:
    """A ticket that has waited for its customer for so many days."""
    at = MORNING - timedelta(days=days, minutes=1)
    ticket = make_ticket(at=at, **who)
    triage.change_status(ticket=ticket, to="waiting_customer", by=None, at=at)
    Ticket.objects.filter(pk=ticket.pk).update(status_since=at)
    return ticket


def status(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


def test_customer_is_reminded_once_after_seven_days():
    ticket, recent = waiting(7), waiting(6)
    assert timekeeping.remind(MORNING) == 1
    assert timekeeping.remind(MORNING + HOUR) == 0
    assert (kinds(ticket), kinds(recent)) == (["reminder"], [])
    assert ticket.events.filter(kind=Event.Kind.REMINDED).count() == 1


def test_ticket_is_resolved_after_fourteen_days_and_a_week_after_its_reminder():
    ticket = waiting(20)
    with time_machine.travel(MORNING, tick=False):
        assert (timekeeping.resolve(), timekeeping.remind()) == (0, 1)
    assert "1 de diciembre" in ticket.outbox.get().body_text.replace("\xa0", " ")
    assert timekeeping.resolve(MORNING + 6 * DAY) == 0
    assert timekeeping.resolve(MORNING + 7 * DAY) == 1
    assert status(ticket) == "resolved"
    assert kinds(ticket) == ["reminder", "resolved"]
    assert "No hemos recibido noticias tuyas" in ticket.outbox.get(kind="resolved").body_text


def test_whoever_was_asked_anew_is_not_reminded_of_the_old_question():
    ticket = waiting(10)
    reply(ticket=ticket, author=make_agent(), body="¿Y ahora?", notify=False, at=MORNING - DAY)
    quiet = make_ticket(at=MORNING - 10 * DAY)
    triage.change_status(ticket=quiet, to="waiting_customer", by=None, at=MORNING - DAY)
    assert timekeeping.remind(MORNING) == 0


def test_whoever_answers_meanwhile_is_not_reminded(monkeypatch):
    tickets = [waiting(8), waiting(8)]
    real = notifications.reminder

    def reminder(ticket):
        real(ticket)
        reply(ticket=tickets[1], author=None, body="Uso Firefox")

    monkeypatch.setattr(notifications, "reminder", reminder)
    assert timekeeping.remind(MORNING) == 1
    assert kinds(tickets[1]) == []


def test_resolved_ticket_closes_after_fourteen_days_without_a_word():
    old, recent = make_ticket(), make_ticket()
    for ticket, days in ((old, 14), (recent, 13)):
        at = MORNING - timedelta(days=days)
        triage.change_status(ticket=ticket, to="resolved", by=None, at=at)
    before = OutboxMessage.objects.count()
    assert [timekeeping.close(MORNING), timekeeping.close(MORNING)] == [1, 0]
    assert (status(old), status(recent)) == ("closed", "resolved")
    assert OutboxMessage.objects.count() == before


def test_spam_and_joined_tickets_are_left_alone():
    spam, joined = waiting(30), waiting(30)
    Ticket.objects.filter(pk=spam.pk).update(is_spam=True)
    resolved = make_ticket()
    triage.change_status(ticket=resolved, to="resolved", by=None, at=MORNING)
    Ticket.objects.filter(pk__in=[joined.pk, resolved.pk]).update(merged_into=make_ticket())
    assert timekeeping.remind(MORNING) == 0
    assert timekeeping.follow_up(MORNING + 63 * DAY) == 0  # a Tuesday, too


@pytest.mark.parametrize(
    ("at", "reminded"),
    [(MORNING, 1), (MORNING - 3 * HOUR, 0), (MORNING + 4 * DAY, 0)],  # morning, night, Saturday
)
def test_silence_is_followed_up_while_the_desk_is_at_work(at, reminded):
    waiting(8)
    assert timekeeping.follow_up(at) == reminded


def test_missed_promise_is_told_once_with_a_forecast_by_policy_and_hours():
    ticket = make_ticket(at=MORNING)  # due at 13:14 h
    assert timekeeping.forecast(MORNING + 3 * HOUR) == 0
    assert timekeeping.forecast(MORNING + 4.1 * HOUR) == 1
    assert timekeeping.forecast(MORNING + 5 * HOUR) == 0
    ticket.refresh_from_db()
    assert timezone.localtime(ticket.forecast_at).isoformat() == "2026-11-24T17:30:00+01:00"
    row = ticket.outbox.get(kind="late")
    assert "17:30" in row.body_text
    assert "13:14" in row.body_text


def test_each_missed_forecast_is_told_and_takes_twice_as_long():
    ticket = make_ticket(at=MORNING)
    for hours in (5, 20, 26):
        timekeeping.forecast(MORNING + hours * HOUR)
    ticket.refresh_from_db()
    assert kinds(ticket) == ["late", "late"]
    # The first forecast, 9:15 h of Wednesday, was seen as missed at 11:14 h: eight working hours from then.
    assert timezone.localtime(ticket.forecast_at).isoformat() == "2026-11-26T10:15:00+01:00"


def test_answered_ticket_is_not_late():
    ticket = make_ticket(at=MORNING)
    reply(ticket=ticket, author=make_agent(), body="Mira", at=MORNING + 5 * HOUR, notify=False)
    reply(ticket=ticket, author=None, body="¿Y ahora?", at=MORNING + 5 * HOUR, notify=False)
    assert timekeeping.forecast(MORNING + 6 * HOUR) == 0


def test_answer_goes_without_what_has_not_left_about_a_delay():
    """Else one mail would say that we are late and then answer; a forecast taken back may be given again."""
    ticket, ana = make_ticket(at=MORNING), make_agent()
    promise = {"ticket": ticket, "by": ana, "at": MORNING}
    triage.change_forecast(to=MORNING + 8 * HOUR, **promise)
    triage.change_forecast(to=None, **promise)
    assert kinds(ticket) == []
    triage.change_forecast(to=MORNING + 8 * HOUR, **promise)
    assert kinds(ticket) == ["late"]
    OutboxMessage.objects.update(state="sent", attempts=1)
    triage.change_forecast(to=MORNING + 9 * HOUR, **promise)
    assert kinds(ticket) == ["late", "late"]
    reply(ticket=ticket, author=ana, body="¿Qué navegador usas?")
    assert kinds(ticket) == ["late", "reply"]


def test_desk_that_never_opens_again_gives_no_forecast():
    ticket = make_ticket(at=MORNING)
    OpeningHours.objects.all().delete()
    timekeeping.forecast(MORNING + 5 * HOUR)
    assert kinds(ticket) == []


def test_ticket_that_fails_stops_no_other(monkeypatch):
    bad, good = waiting(8), waiting(8, email="otra@example.com")
    real = notifications.reminder

    def reminder(ticket):
        real(ticket)
        if ticket.pk == bad.pk:
            raise ValueError("poison")

    monkeypatch.setattr(notifications, "reminder", reminder)
    assert timekeeping.remind(MORNING) == 1
    assert (kinds(bad), kinds(good)) == ([], ["reminder"])
    bad.refresh_from_db()
    assert bad.reminded_at is None
