from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tickets.calendars import load_calendars
from tickets.models import OpeningHours, Schedule, ServiceNotice, SpecialDay, Ticket
from tickets.sla import first_response_due, promise, usual_answer
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def make_desk(**fields) -> Schedule:
    desk = Schedule.objects.create(**{"name": "Equipo", "is_desk": True, **fields})
    for day in range(5):
        OpeningHours.objects.create(schedule=desk, weekday=day, opens_at=time(9), closes_at=time(18))
    return desk


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-10-14 09:14", "2026-10-14 13:14"),
        ("2026-10-14 08:59", "2026-10-14 13:00"),
        ("2026-10-14 16:00", "2026-10-15 11:00"),
        ("2026-10-16 18:00", "2026-10-19 13:00"),
        ("2026-10-09 17:00", "2026-10-13 12:00"),  # Monday the 12th is a holiday
        ("2026-03-28 12:00", "2026-03-30 13:00"),  # the clock changes on Sunday
        ("2026-10-24 12:00", "2026-10-26 13:00"),
    ],
)
def test_first_response_is_due_within_the_desks_own_hours(opened, due):
    make_desk()
    SpecialDay.objects.create(date=date(2026, 10, 12), reason="Fiesta Nacional de España")
    assert first_response_due(at(opened)) == at(due)


def test_first_response_minutes_are_the_desks():
    make_desk(first_response_minutes=60)
    assert first_response_due(at("2026-10-14 09:00")) == at("2026-10-14 10:00")


def test_first_response_ignores_other_schedules():
    make_desk()
    other = Schedule.objects.create(name="WhatsApp", first_response_minutes=5)
    OpeningHours.objects.create(schedule=other, weekday=2, opens_at=time(0), closes_at=time(0))
    assert first_response_due(at("2026-10-14 20:00")) == at("2026-10-15 13:00")


def test_first_response_promises_nothing_without_a_desk_or_without_hours():
    assert first_response_due(at("2026-10-14 09:00")) is None
    desk = make_desk()
    OpeningHours.objects.all().delete()
    assert first_response_due(at("2026-10-14 09:00")) is None
    SpecialDay.objects.create(
        schedule=desk, date=date(2026, 10, 14), opens_at=time(9), closes_at=time(12), reason="Solo hoy"
    )
    assert first_response_due(at("2026-10-14 09:00")) is None


@pytest.mark.parametrize(
    ("opened", "promised"),
    [
        ("2026-10-14 09:14:20", "2026-10-14 13:15"),
        ("2026-10-14 09:15:00", "2026-10-14 13:15"),
        ("2026-10-14 09:15:01", "2026-10-14 13:30"),
        ("2026-10-14 13:59:59", "2026-10-14 18:00"),
        ("2026-10-14 20:07:00", "2026-10-15 13:00"),
    ],
)
def test_promise_of_pages_is_the_deadline_up_to_a_quarter_of_an_hour(opened, promised):
    make_desk()
    assert promise(at(opened)) == at(promised)
    assert promise(at(opened)) >= first_response_due(at(opened))


def test_promise_is_nothing_without_a_desk():
    assert promise(at("2026-10-14 09:00")) is None


def test_first_response_takes_one_query_with_one_row_or_many(django_assert_num_queries):
    make_desk()
    for number in range(3):
        Schedule.objects.create(name=f"Otro {number}")
    with django_assert_num_queries(1):
        first_response_due(at("2026-10-14 09:00"))


def test_calendars_leave_the_past_out_and_know_schedules_without_hours():
    desk = make_desk()
    empty = Schedule.objects.create(name="Vacío")
    for day in (13, 14):
        SpecialDay.objects.create(date=date(2026, 10, day), reason="Fiesta")
    calendars = load_calendars(since=date(2026, 10, 14))
    assert list(calendars.of(desk.pk).special) == [date(2026, 10, 14)]
    assert calendars.of(empty.pk).week == {}
    assert calendars.of(None) is None


def test_only_one_schedule_can_be_the_desks():
    make_desk()
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.create(name="Otro", is_desk=True)
    with pytest.raises(ValidationError, match="Ya hay otro horario del equipo"):
        Schedule(name="Otro", is_desk=True).full_clean()


def test_only_one_service_notice_can_be_visible():
    ServiceNotice.objects.create(text="uno")
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceNotice.objects.create(text="dos")
    ServiceNotice.objects.create(text="tres", is_active=False)
    assert [notice.text for notice in ServiceNotice.objects.active()] == ["uno"]


@pytest.mark.parametrize(
    ("since", "following", "sentence"),
    [
        (
            "2026-10-14 10:20",
            "2026-10-14 11:30",
            "Desde las 10:20 h el correo va lento. Siguiente noticia: 11:30 h.",
        ),
        ("2026-10-14 10:20", None, "Desde las 10:20 h el correo va lento."),
        (
            "2026-10-13 22:00",
            "2026-10-15 08:00",
            "Desde las 22:00 h de ayer el correo va lento. Siguiente noticia: mañana, 8:00 h.",
        ),
    ],
)
def test_service_notice_says_since_when_and_when_more(time_machine, since, following, sentence):
    time_machine.move_to(at("2026-10-14 10:45"), tick=False)
    notice = ServiceNotice(
        text="el correo va lento.", since=at(since), next_update_at=following and at(following)
    )
    assert str(notice).replace("\xa0", " ") == sentence


@pytest.mark.parametrize(
    ("opens", "closes", "is_kept"), [(9, 18, True), (20, 0, True), (18, 9, False), (9, 9, False)]
)
def test_opening_hours_end_after_they_start(opens, closes, is_kept):
    row = OpeningHours(
        schedule=Schedule.objects.create(name="Equipo"),
        weekday=0,
        opens_at=time(opens),
        closes_at=time(closes),
    )
    if is_kept:
        row.full_clean()
        row.save()
        return
    with pytest.raises(ValidationError, match="Lunes: el cierre"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_special_day_has_both_hours_or_none():
    day = SpecialDay(date=date(2026, 12, 24), opens_at=time(9), reason="Nochebuena")
    with pytest.raises(ValidationError, match="Escribe las dos horas o ninguna"):
        day.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        day.save()


def answer_all(count: int, opened: str, *, after: timedelta) -> None:
    for _ in range(count):
        ticket = make_ticket(at=at(opened))
        Ticket.objects.filter(pk=ticket.pk).update(first_answered_at=at(opened) + after)


def test_usual_answer_is_the_median_within_the_desks_hours_rounded_up():
    make_desk()
    answer_all(10, "2026-10-14 09:00", after=timedelta(minutes=10))
    answer_all(9, "2026-10-14 17:30", after=timedelta(hours=16))  # half an hour, and half an hour next day
    now = at("2026-10-20 12:00")
    assert usual_answer(now) is None  # nineteen are too few
    answer_all(2, "2026-10-15 10:00", after=timedelta(minutes=31))
    assert usual_answer(now) == timedelta(minutes=45)
    assert usual_answer(at("2026-11-11 17:00")) is None  # most are older than 28 days by then


def test_usual_answer_needs_a_desk_and_takes_one_query_more():
    answer_all(20, "2026-10-14 09:00", after=timedelta(minutes=10))
    assert usual_answer(at("2026-10-15 09:00")) is None
    make_desk()
    assert usual_answer(at("2026-10-15 09:00")) == timedelta(minutes=15)
