"""Dates, hours, durations and sizes as people read them in Spain (es-ES).

Rules: «9:14 h» with a colon and no leading zero, months in lower case, decimal comma, and non-breaking
spaces wherever a line break would split a figure from its unit.
"""

import math
from datetime import date, datetime, timedelta

from django.utils import timezone

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)


def clock(at) -> str:
    """«9:14 h» for an aware datetime (in the current zone) or a plain time."""
    if isinstance(at, datetime):
        at = timezone.localtime(at)
    return f"{at.hour}:{at.minute:02}{NBSP}h"


def long_date(day: date | datetime) -> str:
    """«14 de octubre de 2026»."""
    day = _local_date(day)
    return f"{day.day}{NBSP}de{NBSP}{MONTHS[day.month - 1]} de{NBSP}{day.year}"


def day_name(day: date | datetime, now: datetime | None = None) -> str:
    """«hoy», «mañana», «ayer», «el martes» within six days, else «el martes, 3 de noviembre» (with the
    year when it is another one)."""
    day = _local_date(day)
    today = timezone.localdate(now)
    distance = (day - today).days
    if distance in (-1, 0, 1):
        return {-1: "ayer", 0: "hoy", 1: "mañana"}[distance]
    weekday = WEEKDAYS[day.weekday()]
    if 0 < distance < 7:
        return f"el{NBSP}{weekday}"
    year = "" if day.year == today.year else f" de{NBSP}{day.year}"
    return f"el{NBSP}{weekday}, {day.day}{NBSP}de{NBSP}{MONTHS[day.month - 1]}{year}"


def date_time(at: datetime) -> str:
    """«lunes, 2 de noviembre de 2026, 9:14 h»."""
    return f"{WEEKDAYS[_local_date(at).weekday()]}, {long_date(at)}, {clock(at)}"


def moment(at: datetime, now: datetime | None = None) -> str:
    """«hoy, 10:05 h», «ayer, 18:30 h», «2 de noviembre, 9:14 h»."""
    day = _local_date(at)
    today = timezone.localdate(now)
    if abs((day - today).days) <= 1:
        return f"{day_name(day, now)}, {clock(at)}"
    year = "" if day.year == today.year else f" de{NBSP}{day.year}"
    return f"{day.day}{NBSP}de{NBSP}{MONTHS[day.month - 1]}{year}, {clock(at)}"


def before(at: datetime, now: datetime | None = None) -> str:
    """A deadline: «antes de las 13:14 h de hoy», «antes de la 1:00 h del martes, 3 de noviembre»."""
    name = day_name(at, now)
    of = f"del{NBSP}" + name.removeprefix(f"el{NBSP}") if name.startswith("el") else f"de{NBSP}{name}"
    return f"antes de{NBSP}{hour(at)} {of}"


def before_day(at: datetime) -> str:
    """A deadline far away: «antes del 16 de noviembre»."""
    day = _local_date(at)
    return f"antes del {day.day}{NBSP}de{NBSP}{MONTHS[day.month - 1]}"


def opening(at: datetime, now: datetime | None = None) -> str:
    """A next opening: «hoy a las 16:00 h», «mañana a las 9:00 h», «el lunes a las 9:00 h»."""
    return f"{day_name(at, now)} a{NBSP}{hour(at)}"


def hour(at: datetime) -> str:
    """An hour with its article: «las 9:14 h», «la 1:05 h»."""
    article = "la" if timezone.localtime(at).hour == 1 else "las"
    return f"{article} {clock(at)}"


def duration(length: timedelta) -> str:
    """«5 min», «1 h 20 min», «3 días»: two units at most, minutes rounded up."""
    minutes = max(0, math.ceil(length.total_seconds() / 60))
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours}{NBSP}h" + (f" {rest}{NBSP}min" if rest else "")
    days = minutes // (24 * 60)
    return f"{days}{NBSP}día" + ("s" if days > 1 else "")


def file_size(size: int) -> str:
    """«240 KB», «1,2 MB» from a number of bytes."""
    if size < 1024 * 1024:
        return f"{max(1, math.ceil(size / 1024))}{NBSP}KB"
    megabytes = f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",")
    return f"{megabytes}{NBSP}MB"


def _local_date(day: date | datetime) -> date:
    return timezone.localdate(day) if isinstance(day, datetime) else day
