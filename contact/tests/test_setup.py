from datetime import date

import pytest

from contact.models import Channel
from contact.setup import NATIONAL_HOLIDAYS, create_default_channels
from tickets.models import OpeningHours, Schedule, SpecialDay

pytestmark = pytest.mark.django_db


def test_default_channels_are_complete_and_valid():
    channels = create_default_channels()
    assert [channel.kind for channel in channels] == Channel.Kind.values
    for row in (*channels, *Schedule.objects.all(), *OpeningHours.objects.all(), *SpecialDay.objects.all()):
        row.full_clean()
    assert Schedule.objects.get(is_desk=True).first_response_minutes == 240


def test_default_channels_twice_change_nothing():
    create_default_channels()
    Channel.objects.filter(kind="phone").update(value="+34911111111")
    create_default_channels()
    assert Channel.objects.count() == 4
    assert Channel.objects.get(kind="phone").value == "+34911111111"
    assert SpecialDay.objects.filter(date=date(2026, 12, 25)).count() == 1


def test_default_channels_respect_an_existing_desk_schedule():
    Schedule.objects.create(name="Nuestro", is_desk=True)
    create_default_channels()
    assert Schedule.objects.get(is_desk=True).name == "Nuestro"


@pytest.mark.parametrize("year", [2026, 2027])
def test_national_holidays_are_ten_a_year(year):
    assert sum(day.year == year for day, _ in NATIONAL_HOLIDAYS) == 10
