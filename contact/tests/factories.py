"""Schedules and channels for tests, as plain functions."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from contact.models import Channel
from tickets.models import OpeningHours, Schedule, SpecialDay

MADRID = ZoneInfo("Europe/Madrid")


def at(text: str) -> datetime:
    """An aware datetime from a wall time in Madrid, such as "2026-10-14 13:59"."""
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def make_schedule(name="Oficina", *spans: str, days=range(5), **fields) -> Schedule:
    schedule = Schedule.objects.create(name=name, **fields)
    for day in days:
        for opens_at, closes_at in map(_times, spans or ("09:00-18:00",)):
            OpeningHours.objects.create(
                schedule=schedule, weekday=day, opens_at=opens_at, closes_at=closes_at
            )
    return schedule


def make_channel(kind="phone", **fields) -> Channel:
    values = {"phone": "+34910000000", "whatsapp": "+34600000000"}
    return Channel.objects.create(kind=kind, **{"value": values.get(kind, ""), **fields})


def make_special_day(day: str, span: str = "", reason="Fiesta local", schedule=None) -> SpecialDay:
    opens_at, closes_at = _times(span) if span else (None, None)
    return SpecialDay.objects.create(
        date=date.fromisoformat(day),
        opens_at=opens_at,
        closes_at=closes_at,
        reason=reason,
        schedule=schedule,
    )


def _times(span: str) -> tuple[time, time]:
    return tuple(time.fromisoformat(part) for part in span.split("-"))
