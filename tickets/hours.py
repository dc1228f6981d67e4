"""Opening-hours arithmetic: is it open, until when, when next, and when so many working minutes are over.

Pure: no database and no clock of its own. Hours are wall times of the calendar's zone. On the two days
of the year when the clock changes, a wall time that does not exist is the moment the clock jumps; one
that exists twice opens at its first passing and closes at its second.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
# Nobody is told of an opening, nor promised an answer, further away than this.
HORIZON_DAYS = 366
# An opening that lasts longer has no closing worth telling.
LONGEST_OPENING_DAYS = 8

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Span:
    """From one wall time to another of the same day; closing at 0:00 means the end of the day."""

    opens_at: time
    closes_at: time

    def overlaps(self, other: "Span") -> bool:
        first, second = sorted((self, other))
        return first.closes_at == MIDNIGHT or second.opens_at < first.closes_at


@dataclass(frozen=True)
class Exceptional:
    """What a special day has instead of its weekday's spans: none is closed."""

    spans: tuple[Span, ...]
    reason: str = ""


@dataclass(frozen=True)
class Calendar:
    """A week of spans (0 is Monday), the days that differ, and the zone whose clock they are read on."""

    zone: ZoneInfo
    week: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    special: dict[date, Exceptional] = field(default_factory=dict)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        if day in self.special:
            return self.special[day].spans
        return self.week.get(day.weekday(), ())

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether the calendar is open at an instant; the closing minute itself is closed."""
    return any(start <= at < end for start, end in _intervals_on(calendar, calendar.local(at).date()))


def open_until(calendar: Calendar, at: datetime) -> datetime | None:
    """When the present opening ends; None while closed or when it lasts for more than a week."""
    start, end = next(_intervals(calendar, at, days=LONGEST_OPENING_DAYS), (None, None))
    if start is None or start > at:
        return None
    endless = calendar.local(at).date() + timedelta(days=LONGEST_OPENING_DAYS)
    return None if calendar.local(end).date() >= endless else calendar.local(end)


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first open moment from `at` on: `at` itself while open, None when there is none in a year."""
    for start, _end in _day_intervals(calendar, at, days=HORIZON_DAYS):
        return calendar.local(max(start, at))
    return None


def add_working_time(calendar: Calendar, start: datetime, minutes: int) -> datetime | None:
    """The instant when so many open minutes have passed since `start`; None when a year is not enough."""
    start, left = start.astimezone(UTC), timedelta(minutes=minutes)
    for opened, closed in _intervals(calendar, start, days=HORIZON_DAYS):
        begin = max(opened, start)
        if begin + left <= closed:
            return calendar.local(begin + left)
        left -= closed - begin
    return None


def open_intervals(calendar: Calendar, start: datetime, end: datetime) -> list[Interval]:
    """When the calendar was open between two instants, in order, as it would be read today."""
    days = (end - start).days + 2
    return [
        (max(opened, start), min(closed, end))
        for opened, closed in _intervals(calendar, start, days=days)
        if opened < end
    ]


def time_within(intervals: Iterable[Interval], start: datetime, end: datetime) -> timedelta:
    """How much of the time between two instants lies within some intervals."""
    overlaps = (min(closed, end) - max(opened, start) for opened, closed in intervals)
    return sum((length for length in overlaps if length > timedelta(0)), timedelta(0))


def _intervals(calendar: Calendar, at: datetime, *, days: int) -> Iterator[Interval]:
    """Open intervals that end after `at`, in order, those that touch or overlap joined into one."""
    current = None
    for start, end in _day_intervals(calendar, at, days=days):
        if current and start <= current[1]:
            current = (current[0], max(end, current[1]))
            continue
        if current:
            yield current
        current = (start, end)
    if current:
        yield current


def _day_intervals(calendar: Calendar, at: datetime, *, days: int) -> Iterator[Interval]:
    today = calendar.local(at).date()
    for offset in range(days):
        for start, end in _intervals_on(calendar, today + timedelta(days=offset)):
            if end > at:
                yield start, end


def _intervals_on(calendar: Calendar, day: date) -> list[Interval]:
    """The spans of a day as UTC instants; instants of one zone would be compared by their wall times."""
    instants = (_instants(calendar, day, span) for span in sorted(calendar.spans_on(day)))
    return [(start, end) for start, end in instants if start < end]


def _instants(calendar: Calendar, day: date, span: Span) -> Interval:
    last = day + timedelta(days=1) if span.closes_at == MIDNIGHT else day
    start = _instant(calendar.zone, datetime.combine(day, span.opens_at))
    end = _instant(calendar.zone, datetime.combine(last, span.closes_at), second_passing=True)
    return start, end


def _instant(zone: ZoneInfo, wall: datetime, *, second_passing: bool = False) -> datetime:
    """The UTC instant of a wall time; one that a clock change skips moves on to the first that exists."""
    while True:
        instant = wall.replace(tzinfo=zone, fold=int(second_passing)).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            return instant
        wall += timedelta(minutes=1)
