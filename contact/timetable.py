"""Opening hours as people read them: grouped days, spans, and the days that differ."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby

from contact.availability import Situation
from docs_kb.dates import MONTHS, NBSP, WEEKDAYS, clock
from tickets.hours import MIDNIGHT, Calendar, Exceptional, Span

# How far ahead the contact page tells of days that differ, and how many at most.
SPECIAL_DAYS_AHEAD = timedelta(days=120)
SPECIAL_DAYS_SHOWN = 8


@dataclass(frozen=True)
class Row:
    """One line of an hours table; `is_today` says that today is one of its days."""

    days: str
    hours: str
    is_today: bool = False
    reason: str = ""


@dataclass(frozen=True)
class SpecialDate:
    """A date that differs, with the channels it counts for (none: all of them)."""

    day: date
    hours: str
    reason: str
    channels: tuple[str, ...] = ()

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


def rows(calendar: Calendar, today: date) -> list[Row]:
    """The week in groups of equal days, with a first row for today when it is a special day."""
    special = calendar.special.get(today)
    table = [
        Row(days_text(days), spans_text(spans), today.weekday() in days and not special)
        for days, spans in _groups(calendar)
    ]
    if special:
        table.insert(0, Row(_short_date(today), spans_text(special.spans), True, special.reason))
    return table


def week_text(calendar: Calendar) -> str:
    """«De lunes a jueves, de 9:00 a 14:00 h y de 15:30 a 18:00 h; viernes, de 8:00 a 15:00 h»."""
    groups = [f"{days_text(days)}, {spans_text(spans)}" for days, spans in _groups(calendar) if spans]
    return "; ".join(groups[:1] + [text[0].lower() + text[1:] for text in groups[1:]])


def days_text(days: list[int]) -> str:
    """«Lunes», «Sábado y domingo», «De lunes a jueves», «Todos los días» for consecutive weekdays."""
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    if len(days) == 7:
        return "Todos los días"
    if len(days) > 2:
        return f"De {first} a {last}"
    return first.capitalize() if len(days) == 1 else f"{first.capitalize()} y {last}"


def spans_text(spans: Iterable[Span]) -> str:
    """«de 9:00 a 14:00 h y de 16:00 a 19:00 h», «todo el día», «cerrado»."""
    texts = [span_text(span) for span in spans]
    if len(texts) > 2:
        return f"{', '.join(texts[:-1])} y {texts[-1]}"
    return " y ".join(texts) or "cerrado"


def span_text(span: Span) -> str:
    """«de 9:00 a 14:00 h»."""
    if span == Span(MIDNIGHT, MIDNIGHT):
        return "todo el día"
    closing = f"24:00{NBSP}h" if span.closes_at == MIDNIGHT else clock(span.closes_at)
    return f"de{NBSP}{_bare_clock(span.opens_at)}{NBSP}a{NBSP}{closing}"


def special_dates(situation: Situation, today: date) -> list[SpecialDate]:
    """The next days on which a channel's hours differ from its week, each once, soonest first."""
    differing: dict[tuple, list[str]] = defaultdict(list)
    scheduled = [state for state in situation.states if state.calendar]
    for state in scheduled:
        for day, special in state.calendar.special.items():
            if today <= day <= today + SPECIAL_DAYS_AHEAD and _differs(state.calendar, day, special):
                differing[day, special].append(state.channel.get_kind_display())
    dates = [
        SpecialDate(day, spans_text(special.spans), special.reason, _unless_all(names, scheduled))
        for (day, special), names in sorted(differing.items(), key=lambda item: (item[0][0], item[1]))
    ]
    return dates[:SPECIAL_DAYS_SHOWN]


def _differs(calendar: Calendar, day: date, special: Exceptional) -> bool:
    return special.spans != calendar.week.get(day.weekday(), ())


def _unless_all(names: list[str], scheduled: list) -> tuple[str, ...]:
    return () if len(names) == len(scheduled) else tuple(names)


def _groups(calendar: Calendar) -> list[tuple[list[int], tuple[Span, ...]]]:
    by_spans = groupby(range(7), key=lambda day: calendar.week.get(day, ()))
    return [(list(days), spans) for spans, days in by_spans]


def _bare_clock(at: time) -> str:
    return clock(at).removesuffix(f"{NBSP}h")


def _short_date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()].capitalize()}, {day.day} de {MONTHS[day.month - 1]}"
