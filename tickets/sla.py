"""What we promise: by when a ticket gets its first answer."""

import math
from datetime import datetime

from django.utils import timezone

from tickets.calendars import Calendars, load_calendars
from tickets.hours import add_working_time

QUARTER_OF_AN_HOUR = 15 * 60


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
