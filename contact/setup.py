"""The channels a desk starts with, and Spain's national holidays as they were published."""

from datetime import date, time

from django.db import transaction

from contact.models import Channel
from tickets.models import OpeningHours, Schedule, SpecialDay

WORKDAYS = range(5)
# BOE: the national holidays of each year, by hand; regional and local ones are the desk's to add.
NATIONAL_HOLIDAYS = (
    (date(2026, 1, 1), "Año Nuevo"),
    (date(2026, 1, 6), "Epifanía del Señor"),
    (date(2026, 4, 3), "Viernes Santo"),
    (date(2026, 5, 1), "Fiesta del Trabajo"),
    (date(2026, 8, 15), "Asunción de la Virgen"),
    (date(2026, 10, 12), "Fiesta Nacional de España"),
    (date(2026, 11, 1), "Todos los Santos"),
    (date(2026, 12, 6), "Día de la Constitución Española"),
    (date(2026, 12, 8), "Inmaculada Concepción"),
    (date(2026, 12, 25), "Natividad del Señor"),
    (date(2027, 1, 1), "Año Nuevo"),
    (date(2027, 1, 6), "Epifanía del Señor"),
    (date(2027, 3, 26), "Viernes Santo"),
    (date(2027, 5, 1), "Fiesta del Trabajo"),
    (date(2027, 8, 15), "Asunción de la Virgen"),
    (date(2027, 10, 12), "Fiesta Nacional de España"),
    (date(2027, 11, 1), "Todos los Santos"),
    (date(2027, 12, 6), "Día de la Constitución Española"),
    (date(2027, 12, 8), "Inmaculada Concepción"),
    (date(2027, 12, 25), "Natividad del Señor"),
)
SHORT_DAYS = (
    (date(2026, 12, 24), "Nochebuena"),
    (date(2026, 12, 31), "Nochevieja"),
    (date(2027, 12, 24), "Nochebuena"),
    (date(2027, 12, 31), "Nochevieja"),
)


@transaction.atomic
def create_default_channels() -> list[Channel]:
    """Store the four channels with their hours and the holidays; what exists already stays as it is."""
    team = _schedule("Equipo de soporte", (9, 18), is_desk=not Schedule.objects.filter(is_desk=True).exists())
    whatsapp = _schedule("WhatsApp", (9, 20))
    chat = _schedule("Chat en directo", (9, 14), (16, 19))
    if not SpecialDay.objects.filter(schedule=None).exists():
        _create_special_days()
    return [
        _channel(
            Channel.Kind.WHATSAPP,
            value="+34600000000",
            schedule=whatsapp,
            expected_wait="solemos contestar en 10 minutos",
        ),
        _channel(Channel.Kind.PHONE, value="+34910000000", schedule=team, cost="llamada a fijo, sin recargo"),
        _channel(Channel.Kind.EMAIL, expected_wait="respuesta en 8 h laborables"),
        _channel(Channel.Kind.CHAT, schedule=chat),
    ]


def _schedule(name: str, *spans: tuple[int, int], is_desk: bool = False) -> Schedule:
    """A schedule from Monday to Friday with spans given in whole hours."""
    schedule, is_new = Schedule.objects.get_or_create(name=name, defaults={"is_desk": is_desk})
    if is_new:
        OpeningHours.objects.bulk_create(
            OpeningHours(schedule=schedule, weekday=day, opens_at=time(opens), closes_at=time(closes))
            for day in WORKDAYS
            for opens, closes in spans
        )
    return schedule


def _channel(kind: Channel.Kind, **fields: object) -> Channel:
    return Channel.objects.get_or_create(kind=kind, defaults=fields)[0]


def _create_special_days() -> None:
    closed = [SpecialDay(date=day, reason=reason) for day, reason in NATIONAL_HOLIDAYS]
    short = [
        SpecialDay(date=day, reason=reason, opens_at=time(9), closes_at=time(14))
        for day, reason in SHORT_DAYS
    ]
    SpecialDay.objects.bulk_create(closed + short)
