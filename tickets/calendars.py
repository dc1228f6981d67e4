"""Every schedule of the database as a calendar, read in one query."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import CharField, DateField, IntegerField, Value
from django.utils import timezone

from tickets.hours import HORIZON_DAYS, Calendar, Exceptional, Span
from tickets.models import OpeningHours, SpecialDay


@dataclass(frozen=True)
class Calendars:
    """The calendars by schedule id, and what the desk itself promises."""

    by_schedule: dict[int, Calendar] = field(default_factory=dict)
    desk: Calendar | None = None
    first_response_minutes: int = 0

    def of(self, schedule_id: int | None) -> Calendar | None:
        """The calendar of a schedule (closed always if it has no hours); None without a schedule."""
        if schedule_id is None:
            return None
        return self.by_schedule.get(schedule_id, Calendar(zone=timezone.get_default_timezone()))


def load_calendars(*, since: date) -> Calendars:
    """Read all schedules with their special days from a date on (for a little over a year)."""
    weeks: dict = defaultdict(lambda: defaultdict(list))
    special: dict = defaultdict(lambda: defaultdict(list))
    desk_id, minutes = None, 0
    for schedule, weekday, day, opens_at, closes_at, reason, is_desk, promised in _rows(since):
        if day is None:
            weeks[schedule][weekday].append(Span(opens_at, closes_at))
        else:
            special[schedule][day].append((opens_at, closes_at, reason))
        if is_desk:
            desk_id, minutes = schedule, promised
    shared = _special_days(special.pop(None, {}))
    calendars = {
        schedule: Calendar(
            zone=timezone.get_default_timezone(),
            week={weekday: tuple(sorted(spans)) for weekday, spans in weeks[schedule].items()},
            special=shared | _special_days(special[schedule]),
        )
        for schedule in {*weeks, *special}
    }
    return Calendars(calendars, calendars.get(desk_id), minutes)


def _rows(since: date) -> Iterable[tuple]:
    """Weekly spans and special days as one list of equal rows: one query instead of three."""
    weekly = OpeningHours.objects.order_by().values_list(
        "schedule_id",
        "weekday",
        Value(None, output_field=DateField()),
        "opens_at",
        "closes_at",
        Value("", output_field=CharField()),
        "schedule__is_desk",
        "schedule__first_response_minutes",
    )
    special = (
        SpecialDay.objects.order_by()
        .filter(date__gte=since, date__lte=since + timedelta(days=HORIZON_DAYS))
        .values_list(
            "schedule_id",
            Value(None, output_field=IntegerField()),
            "date",
            "opens_at",
            "closes_at",
            "reason",
            "schedule__is_desk",
            "schedule__first_response_minutes",
        )
    )
    return weekly.union(special, all=True)


def _special_days(rows: dict[date, list[tuple]]) -> dict[date, Exceptional]:
    return {
        day: Exceptional(
            spans=tuple(sorted(Span(opens, closes) for opens, closes, _ in entries if opens is not None)),
            reason=entries[0][2],
        )
        for day, entries in rows.items()
    }
