from datetime import date, time

import pytest

from contact import timetable
from contact.availability import read_situation
from contact.tests.factories import MADRID, at, make_channel, make_schedule, make_special_day
from tickets.hours import Calendar, Exceptional, Span

MORNING, AFTERNOON = Span(time(9), time(14)), Span(time(15, 30), time(18))
SHORT = Span(time(8), time(15))
WEDNESDAY = date(2026, 10, 14)


def week(**special) -> Calendar:
    spans = dict.fromkeys(range(4), (MORNING, AFTERNOON)) | {4: (SHORT,)}
    return Calendar(zone=MADRID, week=spans, **special)


def plain(rows) -> list[tuple]:
    return [(row.days, row.hours.replace("\xa0", " "), row.is_today) for row in rows]


def test_week_is_grouped_as_people_say_it():
    assert timetable.week_text(week()).replace("\xa0", " ") == (
        "De lunes a jueves, de 9:00 a 14:00 h y de 15:30 a 18:00 h; viernes, de 8:00 a 15:00 h"
    )


def test_rows_mark_today_and_say_when_it_is_closed():
    assert plain(timetable.rows(week(), WEDNESDAY)) == [
        ("De lunes a jueves", "de 9:00 a 14:00 h y de 15:30 a 18:00 h", True),
        ("Viernes", "de 8:00 a 15:00 h", False),
        ("Sábado y domingo", "cerrado", False),
    ]


def test_rows_put_a_special_today_first():
    rows = timetable.rows(week(special={WEDNESDAY: Exceptional((MORNING,), "Feria")}), WEDNESDAY)
    assert plain(rows)[0] == ("Miércoles, 14 de octubre", "de 9:00 a 14:00 h", True)
    assert rows[0].reason == "Feria"
    assert [row.is_today for row in rows[1:]] == [False, False, False]


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([0], "Lunes"),
        ([5, 6], "Sábado y domingo"),
        ([0, 1, 2, 3, 4], "De lunes a viernes"),
        (list(range(7)), "Todos los días"),
    ],
)
def test_days_read_naturally(days, text):
    assert timetable.days_text(days) == text


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        ([], "cerrado"),
        ([Span(time(0), time(0))], "todo el día"),
        ([Span(time(20), time(0))], "de 20:00 a 24:00 h"),
        (
            [Span(time(8), time(9)), MORNING, AFTERNOON],
            "de 8:00 a 9:00 h, de 9:00 a 14:00 h y de 15:30 a 18:00 h",
        ),
    ],
)
def test_spans_read_naturally(spans, text):
    assert timetable.spans_text(spans).replace("\xa0", " ") == text


@pytest.mark.django_db
def test_special_dates_are_said_once_and_name_the_channel_when_only_one_differs():
    phone = make_schedule("Teléfono")
    make_channel("phone", schedule=phone)
    make_channel("whatsapp", schedule=make_schedule("WhatsApp"))
    make_special_day("2026-11-02", reason="Todos los Santos")
    make_special_day("2026-12-24", "09:00-14:00", reason="Nochebuena")
    make_special_day("2026-11-01", reason="Domingo, ya cerrado")
    make_special_day("2026-11-05", reason="Mudanza", schedule=phone)
    make_special_day("2027-10-12", reason="Muy lejos")
    dates = timetable.special_dates(read_situation(at("2026-10-14 12:00")), WEDNESDAY)
    assert [(str(d.day), d.hours.replace("\xa0", " "), d.reason, d.channels) for d in dates] == [
        ("2026-11-02", "cerrado", "Todos los Santos", ()),
        ("2026-11-05", "cerrado", "Mudanza", ("Teléfono",)),
        ("2026-12-24", "de 9:00 a 14:00 h", "Nochebuena", ()),
    ]
    assert dates[0].weekday == "lunes"
