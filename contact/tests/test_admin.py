from datetime import date, time

import pytest
import time_machine
from django.contrib.auth.models import User
from django.urls import reverse

from contact.models import Channel
from contact.setup import create_default_channels
from contact.tests.factories import at, make_schedule, make_special_day
from tickets.models import OpeningHours, Schedule, SpecialDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    client.force_login(User.objects.create_superuser("ana"))
    return client


def schedule_form(spans=(), days=(), name="Equipo") -> dict:
    """The data of the schedule's admin form: spans (weekday, from, to), days (date, from, to, reason)."""
    data = {"name": name, "first_response_minutes": 240}
    for prefix, rows in (("opening_hours", spans), ("special_days", days)):
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, (weekday, opens, closes) in enumerate(spans):
        fields = {"weekday": weekday, "opens_at": opens, "closes_at": closes}
        data |= {f"opening_hours-{number}-{name}": value for name, value in fields.items()}
    for number, (day, opens, closes, reason) in enumerate(days):
        fields = {"date": day, "opens_at": opens, "closes_at": closes, "reason": reason}
        data |= {f"special_days-{number}-{name}": value for name, value in fields.items()}
    return data


def post_schedule(client, **rows) -> str:
    response = client.post(reverse("admin:tickets_schedule_add"), schedule_form(**rows))
    return "" if response.status_code == 302 else response.content.decode().replace("\xa0", " ")


def test_schedule_is_stored_with_its_rows(ana):
    assert (
        post_schedule(
            ana,
            spans=[(0, "9:00", "14:00"), (0, "16:00", "19:00"), (1, "20:00", "0:00")],
            days=[("2026-12-24", "9:00", "14:00", "Nochebuena"), ("2026-12-25", "", "", "Navidad")],
        )
        == ""
    )
    assert OpeningHours.objects.count() == 3
    assert SpecialDay.objects.get(date=date(2026, 12, 25)).is_closed


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            {"spans": [(0, "9:00", "14:00"), (0, "13:00", "15:00")]},
            "Lunes, de 13:00 a 15:00 h: se solapa con la franja de 9:00 a 14:00 h.",
        ),
        (
            {"spans": [(4, "18:00", "9:00")]},
            "Viernes: el cierre (9:00 h) tiene que ser posterior a la apertura (18:00 h).",
        ),
        (
            {"days": [("2026-12-24", "9:00", "14:00", "A"), ("2026-12-24", "12:00", "15:00", "A")]},
            "24 de diciembre de 2026, de 12:00 a 15:00 h: se solapa con la franja de 9:00 a 14:00 h.",
        ),
        (
            {"days": [("2026-12-24", "9:00", "14:00", "A"), ("2026-12-24", "", "", "A")]},
            "24 de diciembre de 2026: no puede estar cerrado y con horas a la vez.",
        ),
        (
            {"days": [("2026-12-24", "14:00", "9:00", "A")]},
            "24 de diciembre de 2026: el cierre (9:00 h) tiene que ser posterior",
        ),
    ],
)
def test_schedule_refuses_impossible_rows_by_name_and_stores_nothing(ana, rows, words):
    assert words in post_schedule(ana, **rows)
    assert Schedule.objects.count() == 0


def test_schedule_accepts_a_row_in_place_of_a_deleted_one(ana):
    schedule = make_schedule("Equipo", "09:00-14:00", days=[0])
    stored = schedule.opening_hours.get()
    data = schedule_form(spans=[(0, "9:00", "14:00"), (0, "13:00", "15:00")]) | {
        "opening_hours-INITIAL_FORMS": 1,
        "opening_hours-0-id": stored.pk,
        "opening_hours-0-schedule": schedule.pk,
        "opening_hours-0-DELETE": "on",
    }
    response = ana.post(reverse("admin:tickets_schedule_change", args=[schedule.pk]), data)
    assert response.status_code == 302
    assert [row.opens_at for row in schedule.opening_hours.all()] == [time(13)]


def test_shared_special_day_is_compared_with_those_stored(ana):
    make_special_day("2026-12-24", reason="Nochebuena")
    response = ana.post(
        reverse("admin:tickets_specialday_add"),
        {"schedule": "", "date": "2026-12-24", "opens_at": "9:00", "closes_at": "14:00", "reason": "Otra"},
    )
    assert "no puede estar cerrado y con horas a la vez" in response.content.decode()
    assert SpecialDay.objects.count() == 1


def test_channel_page_previews_what_the_customer_reads(ana):
    create_default_channels()
    phone = Channel.objects.get(kind="phone")
    address = reverse("admin:contact_channel_change", args=[phone.pk])
    with time_machine.travel(at("2026-10-14 18:42"), tick=False):
        now = ana.get(address).content.decode().replace("\xa0", " ")
        then = ana.get(address, {"day": "2026-10-12", "hour": "10:00"}).content.decode().replace("\xa0", " ")
    assert "Así lo ve el cliente ahora" in now
    assert "Teléfono · Cerrado</strong> · abre mañana a las 9:00 h" in now
    assert "Teléfono · Cerrado hoy</strong> · Fiesta Nacional de España; abre mañana a las 9:00 h" in then


def test_channel_page_says_when_customers_do_not_see_it(ana):
    create_default_channels()
    Channel.objects.filter(kind="phone").update(is_active=False)
    address = reverse("admin:contact_channel_change", args=[Channel.objects.get(kind="phone").pk])
    assert "El canal no aparece en la web ni en los correos." in ana.get(address).content.decode()


def test_channel_number_is_refused_with_a_sentence_and_stored_in_one_spelling(ana):
    create_default_channels()
    phone = Channel.objects.get(kind="phone")
    address = reverse("admin:contact_channel_change", args=[phone.pk])
    data = {"is_active": "on", "value": "902 123 456", "schedule": phone.schedule_id}
    assert "recargo" in ana.post(address, data).content.decode()
    assert ana.post(address, data | {"value": "911 23 45 67"}).status_code == 302
    phone.refresh_from_db()
    assert (phone.value, phone.kind) == ("+34911234567", "phone")


@pytest.mark.parametrize("name", ["contact_channel", "tickets_schedule"])
def test_admin_lists_take_the_same_queries_with_one_row_and_with_many(
    ana, name, django_assert_max_num_queries
):
    address = reverse(f"admin:{name}_changelist")
    schedule = make_schedule()
    Channel.objects.create(kind="phone", value="+34910000000", schedule=schedule)
    ana.get(address)
    with django_assert_max_num_queries(50) as one:
        ana.get(address)
    create_default_channels()
    with django_assert_max_num_queries(50) as many:
        assert ana.get(address).status_code == 200
    assert len(many) == len(one)


@pytest.mark.parametrize("name", ["tickets_specialday", "tickets_servicenotice"])
def test_admin_pages_of_special_days_and_notices_open(ana, name):
    create_default_channels()
    assert ana.get(reverse(f"admin:{name}_changelist")).status_code == 200
    assert ana.get(reverse(f"admin:{name}_add")).status_code == 200


def test_channel_can_be_added_until_there_is_one_of_each_kind(ana):
    add = reverse("admin:contact_channel_add")
    assert ana.get(add).status_code == 200
    create_default_channels()
    assert ana.get(add).status_code == 403
    assert add not in ana.get(reverse("admin:contact_channel_changelist")).content.decode()


def test_channel_preview_stands_below_the_tools_of_the_page(ana):
    create_default_channels()
    channel = Channel.objects.get(kind="phone")
    html = ana.get(reverse("admin:contact_channel_change", args=[channel.pk])).content.decode()
    assert html.index("object-tools") < html.index("channel-preview") < html.index('id="channel_form"')


def test_special_days_begin_with_the_next_one(ana):
    for day in ("2026-12-25", "2026-01-06", "2026-10-20"):
        make_special_day(day)
    with time_machine.travel(at("2026-10-14 12:00"), tick=False):
        page = ana.get(reverse("admin:tickets_specialday_changelist"))
    days = [day.date.isoformat() for day in page.context["cl"].result_list]
    assert days == ["2026-10-20", "2026-12-25", "2026-01-06"]


def test_schedules_lead_to_the_special_days_and_name_the_one_of_deadlines(ana):
    create_default_channels()
    html = ana.get(reverse("admin:tickets_schedule_changelist")).content.decode()
    assert reverse("admin:tickets_specialday_changelist") in html
    assert html.count("De este horario salen los de los tickets") == 1


@pytest.mark.parametrize("minutes", ["0", "14401", "99999999999"])
def test_schedule_promises_nothing_impossible(ana, minutes):
    data = schedule_form() | {"first_response_minutes": minutes}
    html = ana.post(reverse("admin:tickets_schedule_add"), data).content.decode()
    assert "Escribe de 1 a 14" in html
    assert not Schedule.objects.exists()


def test_special_day_is_not_added_to_the_past(ana):
    data = {"schedule": "", "date": "2020-12-28", "opens_at": "", "closes_at": "", "reason": "Fiesta"}
    add = reverse("admin:tickets_specialday_add")
    assert "Esa fecha ya ha pasado" in ana.post(add, data).content.decode()
    over = make_special_day("2020-12-28", reason="Fieta")
    change = reverse("admin:tickets_specialday_change", args=[over.pk])
    assert ana.post(change, data).status_code == 302


def test_special_day_with_one_hour_is_told_once(ana):
    data = {"schedule": "", "date": "2099-12-28", "opens_at": "10:00", "closes_at": "", "reason": "Fiesta"}
    html = ana.post(reverse("admin:tickets_specialday_add"), data).content.decode()
    assert html.count("Escribe las dos horas o ninguna") == 1
