"""What we promise: by when a ticket gets its first answer."""

import math
import statistics
from datetime import datetime, timedelta

from django.utils import timezone

from tickets.calendars import Calendars, load_calendars
from tickets.hours import add_working_time, open_intervals, time_within
from tickets.models import Ticket

QUARTER_OF_AN_HOUR = 15 * 60
# What is usual is said from so many answers on, of so many days; of a busy month the latest are enough.
FEWEST_CASES, MOST_CASES = 20, 400
USUAL_DAYS = timedelta(days=28)


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
    if due is None:
        return None
    quarters = math.ceil(due.timestamp() / QUARTER_OF_AN_HOUR)
    return datetime.fromtimestamp(quarters * QUARTER_OF_AN_HOUR, due.tzinfo)


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
