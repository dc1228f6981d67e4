"""What we promise: by when a ticket gets its first answer, and how long we wait for the customer's."""

import math
import statistics
from datetime import datetime, timedelta

from django.utils import timezone

from tickets.calendars import Calendars, load_calendars
from tickets.hours import add_working_time, is_open, open_intervals, time_within
from tickets.models import Ticket

QUARTER_OF_AN_HOUR = 15 * 60
# What is usual is said from so many answers on, of so many days; of a busy month the latest are enough.
FEWEST_CASES, MOST_CASES = 20, 400
USUAL_DAYS = timedelta(days=28)
# Who does not answer us is reminded, and later the ticket counts as resolved.
REMIND_AFTER = timedelta(days=7)
RESOLVE_AFTER = timedelta(days=14)
# Whoever is reminded late has this long all the same.
TIME_AFTER_REMINDER = timedelta(days=7)
# For how long a resolved ticket can be opened again.
REOPEN_WINDOW = timedelta(days=14)


def first_response_due(at: datetime, *, calendars: Calendars | None = None) -> datetime | None:
    """By when a ticket opened at `at` is first answered: the desk's minutes, within the desk's own hours.

    None when no schedule is the desk's own or it opens too seldom: then nothing is promised.
    """
    calendars = calendars or load_calendars(since=timezone.localdate(at))
    if calendars.desk is None:
        return None
    return add_working_time(calendars.desk, at, calendars.first_response_minutes)


def promise(at: datetime, *, calendars: Calendars | None = None) -> datetime | None:
    """By when a ticket opened around `at` is first answered, as pages say before there is a ticket.

    The deadline, up to the next quarter of an hour: so a page stays the same for longer than a minute.
    """
    due = first_response_due(at, calendars=calendars)
    return _next_quarter(due) if due else None


def new_forecast(at: datetime, *, misses: int, calendars: Calendars) -> datetime | None:
    """By when a late answer comes after so many broken promises, up to the next quarter of an hour.

    Each miss doubles the desk's minutes: a ticket that nobody touches is heard of less and less often.
    """
    if calendars.desk is None:
        return None
    due = add_working_time(calendars.desk, at, calendars.first_response_minutes * 2**misses)
    return _next_quarter(due) if due else None


def usual_answer(now: datetime) -> timedelta | None:
    """How long the first answer has usually taken: the median of the last 28 days, within the desk's own
    hours, up to the next quarter of an hour. None with fewer than 20 cases."""
    since = now - USUAL_DAYS
    answered = Ticket.objects.genuine().filter(created_at__gte=since, first_answered_at__lte=now)
    cases = list(answered.order_by("-created_at").values_list("created_at", "first_answered_at")[:MOST_CASES])
    calendars = load_calendars(since=timezone.localdate(since)) if len(cases) >= FEWEST_CASES else None
    if calendars is None or calendars.desk is None:
        return None
    intervals = open_intervals(calendars.desk, since, now)
    median = statistics.median(time_within(intervals, opened, answered) for opened, answered in cases)
    quarters = max(1, math.ceil(median.total_seconds() / QUARTER_OF_AN_HOUR))
    return timedelta(seconds=quarters * QUARTER_OF_AN_HOUR)


def silent_since(ticket: Ticket) -> datetime:
    """Since when we wait for the customer: the last word, or the status if that came later."""
    return max(ticket.last_message_at, ticket.status_since or ticket.last_message_at)


def is_working_time(at: datetime, *, calendars: Calendars) -> bool:
    """Whether the desk is at work; a desk without hours always is."""
    return calendars.desk is None or is_open(calendars.desk, at)


def _next_quarter(at: datetime) -> datetime:
    quarters = math.ceil(at.timestamp() / QUARTER_OF_AN_HOUR)
    return datetime.fromtimestamp(quarters * QUARTER_OF_AN_HOUR, at.tzinfo)
