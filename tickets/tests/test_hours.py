from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.hours import (
    Calendar,
    Exceptional,
    Span,
    add_working_time,
    is_open,
    next_opening,
    open_intervals,
    open_until,
    time_within,
)

pytestmark = pytest.mark.once
MADRID = ZoneInfo("Europe/Madrid")
WORKDAYS = range(5)


def span(text: str) -> Span:
    opens, closes = (time.fromisoformat(part.zfill(5)) for part in text.split("-"))
    return Span(opens, closes)


def calendar(*spans: str, days=WORKDAYS, special: dict | None = None) -> Calendar:
    return Calendar(
        zone=MADRID,
        week={day: tuple(span(s) for s in spans) for day in days},
        special={
            date.fromisoformat(day): Exceptional(tuple(span(s) for s in texts), "Fiesta")
            for day, texts in (special or {}).items()
        },
    )


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID, fold=fold)


def wall(moment: datetime | None) -> str | None:
    return moment and moment.astimezone(MADRID).strftime("%Y-%m-%d %H:%M")


OFFICE = calendar("9:00-18:00")
SPLIT = calendar("9:00-14:00", "16:00-19:00")
FESTIVE = calendar(
    "9:00-14:00",
    "16:00-19:00",
    special={"2026-10-12": [], "2026-12-24": ["9:00-14:00"], "2026-10-17": ["10:00-13:00"]},
)


# Wednesday 14 October 2026 unless said; each row: calendar, moment, open until, else next opening.
@pytest.mark.parametrize(
    ("hours", "moment", "until", "opening"),
    [
        (OFFICE, "2026-10-14 08:59", None, "2026-10-14 09:00"),
        (OFFICE, "2026-10-14 09:00", "2026-10-14 18:00", None),
        (OFFICE, "2026-10-14 13:59", "2026-10-14 18:00", None),
        (OFFICE, "2026-10-14 17:59", "2026-10-14 18:00", None),
        (OFFICE, "2026-10-14 18:00", None, "2026-10-15 09:00"),
        (SPLIT, "2026-10-14 13:59", "2026-10-14 14:00", None),
        (SPLIT, "2026-10-14 14:00", None, "2026-10-14 16:00"),
        (SPLIT, "2026-10-14 15:59", None, "2026-10-14 16:00"),
        (SPLIT, "2026-10-14 16:00", "2026-10-14 19:00", None),
        (SPLIT, "2026-10-14 19:00", None, "2026-10-15 09:00"),
        (SPLIT, "2026-10-16 19:00", None, "2026-10-19 09:00"),  # Friday evening
        (FESTIVE, "2026-10-09 19:00", None, "2026-10-13 09:00"),  # Monday is a holiday
        (FESTIVE, "2026-10-12 10:00", None, "2026-10-13 09:00"),
        (FESTIVE, "2026-12-24 13:59", "2026-12-24 14:00", None),
        (FESTIVE, "2026-12-24 14:00", None, "2026-12-25 09:00"),
        (FESTIVE, "2026-10-17 09:59", None, "2026-10-17 10:00"),  # a Saturday that opens
        (FESTIVE, "2026-10-17 10:00", "2026-10-17 13:00", None),
    ],
)
def test_hours_on_ordinary_and_special_days(hours, moment, until, opening):
    assert is_open(hours, at(moment)) is (until is not None)
    assert wall(open_until(hours, at(moment))) == until
    if opening:
        assert wall(next_opening(hours, at(moment))) == opening


def test_hours_next_opening_is_now_while_open():
    assert next_opening(OFFICE, at("2026-10-14 10:30")) == at("2026-10-14 10:30")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_hours_do_not_depend_on_the_zone_a_moment_comes_in(zone):
    moment = at("2026-10-14 14:00").astimezone(ZoneInfo(zone))
    assert not is_open(SPLIT, moment)
    assert wall(next_opening(SPLIT, moment)) == "2026-10-14 16:00"
    assert wall(add_working_time(SPLIT, moment, 60)) == "2026-10-14 17:00"


@pytest.mark.parametrize(
    ("hours", "start", "minutes", "due"),
    [
        (OFFICE, "2026-10-14 09:14", 240, "2026-10-14 13:14"),
        (OFFICE, "2026-10-14 08:00", 240, "2026-10-14 13:00"),
        (OFFICE, "2026-10-14 16:00", 120, "2026-10-14 18:00"),  # exactly at closing
        (OFFICE, "2026-10-14 16:00", 121, "2026-10-15 09:01"),
        (OFFICE, "2026-10-16 17:00", 240, "2026-10-19 12:00"),  # over the weekend
        (SPLIT, "2026-10-14 13:00", 240, "2026-10-14 19:00"),
        (FESTIVE, "2026-10-09 18:00", 120, "2026-10-13 10:00"),  # over weekend and holiday
        (FESTIVE, "2026-10-16 18:30", 60, "2026-10-17 10:30"),
        (OFFICE, "2026-10-14 20:00", 0, "2026-10-15 09:00"),
        (OFFICE, "2026-10-14 10:00", 0, "2026-10-14 10:00"),
        (calendar("9:00-10:00", days=[0]), "2026-10-14 12:00", 240, "2026-11-09 10:00"),  # one hour a week
    ],
)
def test_hours_add_working_time(hours, start, minutes, due):
    assert wall(add_working_time(hours, at(start), minutes)) == due


NIGHT = calendar("1:00-4:00", days=range(7))
ROUND_THE_CLOCK = calendar("0:00-0:00", days=range(7))


@pytest.mark.parametrize(
    ("hours", "start", "minutes", "due", "offset"),
    [
        # 29 March 2026: 2:00 becomes 3:00, so the night has two real hours.
        (NIGHT, "2026-03-29 01:00", 120, "2026-03-29 04:00", 2),
        (NIGHT, "2026-03-29 01:30", 120, "2026-03-30 01:30", 2),
        # 25 October 2026: 3:00 becomes 2:00 again, so it has four.
        (NIGHT, "2026-10-25 01:00", 240, "2026-10-25 04:00", 1),
        (ROUND_THE_CLOCK, "2026-03-28 12:00", 24 * 60, "2026-03-29 13:00", 2),
        (ROUND_THE_CLOCK, "2026-10-24 12:00", 24 * 60, "2026-10-25 11:00", 1),
        # By day nothing shifts: Friday evening to Monday morning across the change.
        (OFFICE, "2026-03-27 17:00", 120, "2026-03-30 10:00", 2),
        (OFFICE, "2026-10-23 17:00", 120, "2026-10-26 10:00", 1),
    ],
)
def test_hours_count_real_time_when_the_clock_changes(hours, start, minutes, due, offset):
    result = add_working_time(hours, at(start), minutes)
    assert wall(result) == due
    assert result.astimezone(MADRID).utcoffset().total_seconds() == offset * 3600


def test_hours_that_the_clock_skips_open_at_the_jump():
    hours = calendar("2:30-5:00", days=range(7))
    assert next_opening(hours, at("2026-03-29 00:00")).astimezone(UTC) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    skipped = calendar("2:15-2:45", days=[6])
    assert wall(next_opening(skipped, at("2026-03-29 00:00"))) == "2026-04-05 02:15"


def test_hours_that_come_twice_stay_open_through_both():
    hours = calendar("2:15-2:45", days=[6])
    assert is_open(hours, at("2026-10-25 02:20", fold=0))
    assert is_open(hours, at("2026-10-25 02:20", fold=1))
    assert not is_open(hours, at("2026-10-25 02:45", fold=1))


@pytest.mark.parametrize(
    "day", ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"]
)
def test_hours_of_the_day_are_the_wall_clocks_around_a_clock_change(day):
    hours = calendar("9:00-18:00", days=range(7))
    answers = [is_open(hours, at(f"{day} {t}")) for t in ("08:59", "09:00", "17:59", "18:00")]
    assert answers == [False, True, True, False]


def test_hours_until_midnight_run_into_the_next_day():
    late = calendar("0:00-2:00", "20:00-0:00", days=range(7))
    assert wall(open_until(late, at("2026-10-14 23:59"))) == "2026-10-15 02:00"


def test_hours_round_the_clock_have_no_closing():
    assert is_open(ROUND_THE_CLOCK, at("2026-10-25 02:30"))
    assert open_until(ROUND_THE_CLOCK, at("2026-10-14 12:00")) is None


@pytest.mark.parametrize(
    "hours",
    [
        Calendar(zone=MADRID),
        calendar(special={"2026-10-12": []}),
        calendar("9:00-18:00", special={f"2026-10-{day}": [] for day in range(14, 32)}, days=[]),
    ],
)
def test_hours_that_never_open_promise_nothing_and_end(hours):
    moment = at("2026-10-14 12:00")
    assert not is_open(hours, moment)
    assert open_until(hours, moment) is None
    assert next_opening(hours, moment) is None
    assert add_working_time(hours, moment, 240) is None


def test_hours_overlapping_spans_count_once():
    hours = calendar("9:00-14:00", "13:00-18:00")
    assert wall(open_until(hours, at("2026-10-14 10:00"))) == "2026-10-14 18:00"
    assert wall(add_working_time(hours, at("2026-10-14 12:00"), 180)) == "2026-10-14 15:00"


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("9:00-14:00", "14:00-18:00", False),
        ("9:00-14:00", "13:59-18:00", True),
        ("20:00-0:00", "22:00-23:00", True),
        ("9:00-14:00", "20:00-0:00", False),
        ("9:00-14:00", "9:00-14:00", True),
    ],
)
def test_span_overlaps(first, second, overlap):
    assert span(first).overlaps(span(second)) is overlap
    assert span(second).overlaps(span(first)) is overlap


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@given(moments, st.integers(0, 5000))
def test_hours_deadline_is_never_before_the_start_and_grows_with_the_minutes(moment, minutes):
    due = add_working_time(FESTIVE, moment, minutes)
    assert due >= moment
    assert add_working_time(FESTIVE, moment, minutes + 1) > due


@given(moments)
def test_hours_open_now_exactly_when_the_next_opening_is_now(moment):
    assert is_open(FESTIVE, moment) is (next_opening(FESTIVE, moment) == moment)
    assert is_open(FESTIVE, moment) is (open_until(FESTIVE, moment) is not None)


def test_time_within_open_hours_skips_nights_and_weekends():
    desk = calendar("9:00-14:00", "15:00-18:00")
    start, end = at("2026-10-16 13:30"), at("2026-10-19 09:20")  # from a Friday to a Monday
    intervals = open_intervals(desk, start, end)
    assert time_within(intervals, start, end) == timedelta(hours=3, minutes=50)
    assert time_within(intervals, at("2026-10-17 09:00"), at("2026-10-18 09:00")) == timedelta(0)
    assert [b - a for a, b in intervals] == [timedelta(minutes=30), timedelta(hours=3), timedelta(minutes=20)]
