"""What we promise: by when a ticket gets its first answer."""

from datetime import datetime

from django.utils import timezone

from tickets.calendars import Calendars, load_calendars
from tickets.hours import add_working_time


def first_response_due(at: datetime, *, calendars: Calendars | None = None) -> datetime | None:
    """By when a ticket opened at `at` is first answered: the desk's minutes, within the desk's own hours.

    None when no schedule is the desk's own or it opens too seldom: then nothing is promised.
    """
    calendars = calendars or load_calendars(since=timezone.localdate(at))
    if calendars.desk is None:
        return None
    return add_working_time(calendars.desk, at, calendars.first_response_minutes)
