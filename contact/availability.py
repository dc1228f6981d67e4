"""Which channels answer now, until when, when next, and how that is said."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from contact.addresses import mailto_url, number_text, tel_url, whatsapp_url
from contact.models import Channel
from docs_kb.dates import NBSP, clock, day_name, opening
from tickets.calendars import Calendars, load_calendars
from tickets.hours import Calendar, is_open, next_opening, open_until
from tickets.models import ServiceNotice
from tickets.sla import promise

CLOSING_SOON = timedelta(minutes=30)


class Availability(models.TextChoices):
    """What a channel is right now. Decided in this order: pause, special day, hours, presence."""

    PAUSED = "paused", "Interrumpido"
    HOLIDAY = "holiday", "Cerrado hoy"
    OUT_OF_HOURS = "out_of_hours", "Cerrado"
    UNSTAFFED = "unstaffed", "Sin nadie ahora"
    UNKNOWN = "unknown", "Sin comprobar"
    OPEN = "open", "Abierto ahora"
    CLOSING_SOON = "closing_soon", "Cierra pronto"
    ALWAYS = "always", "A cualquier hora"


OPEN_NOW = (Availability.OPEN, Availability.CLOSING_SOON, Availability.ALWAYS)
TONES = {
    Availability.OPEN: "done",
    Availability.ALWAYS: "done",
    Availability.CLOSING_SOON: "yours",
    Availability.PAUSED: "yours",
}


@dataclass(frozen=True)
class ChannelState:
    """One channel at one moment. `until` and `next_opening` are aware datetimes or None."""

    channel: Channel
    now: datetime
    availability: Availability
    calendar: Calendar | None = None
    until: datetime | None = None
    next_opening: datetime | None = None
    reason: str = ""

    @property
    def kind(self) -> str:
        return self.channel.kind

    @property
    def address_text(self) -> str:
        """The address as people read it: «910 000 000»; empty for the chat."""
        address = self.channel.address
        return number_text(address) if self.kind in Channel.WITH_NUMBER and address else address

    @property
    def url(self) -> str:
        """Where the channel is reached: `https://wa.me/…`, `tel:…`, `mailto:…` or the chat's page."""
        match self.kind:
            case Channel.Kind.WHATSAPP:
                return whatsapp_url(self.channel.address)
            case Channel.Kind.PHONE:
                return tel_url(self.channel.address)
            case Channel.Kind.EMAIL:
                return mailto_url(self.channel.address)
        return reverse("contact:chat")

    @property
    def is_open(self) -> bool:
        return self.availability in OPEN_NOW

    @property
    def tone(self) -> str:
        """The tone of components/status.html; the words carry the meaning."""
        return TONES.get(self.availability, "closed")

    @property
    def label(self) -> str:
        """The state in two or three words: «Abierto ahora», «Cierra en 20 minutos», «Cerrado»."""
        if self.availability != Availability.CLOSING_SOON:
            return self.availability.label
        minutes = math.ceil((self.until - self.now).total_seconds() / 60)
        return ngettext("Cierra en %(n)s minuto", "Cierra en %(n)s minutos", minutes) % {"n": minutes}

    @property
    def sentence(self) -> str:
        """What follows the label: until when, when next, or why not."""
        match self.availability:
            case Availability.PAUSED:
                return self.channel.pause_message
            case Availability.OPEN | Availability.CLOSING_SOON:
                return self.until_text
            case Availability.HOLIDAY:
                return "; ".join(filter(None, (self.reason, self.opening_text)))
            case Availability.OUT_OF_HOURS:
                return self.opening_text
        return ""

    @property
    def summary(self) -> str:
        """The state alone in one line: «Abierto hasta las 20:00 h», «Cerrado hasta mañana, 9:00 h»."""
        match self.availability:
            case Availability.OPEN:
                return f"Abierto {self.until_text}".strip()
            case Availability.HOLIDAY | Availability.OUT_OF_HOURS if self.next_opening:
                return f"Cerrado {until(self.next_opening, self.now)}"
            case Availability.HOLIDAY | Availability.OUT_OF_HOURS:
                return "Cerrado"
        return self.label

    @property
    def until_text(self) -> str:
        return until(self.until, self.now) if self.until else ""

    @property
    def opening_text(self) -> str:
        return f"abre {opening(self.next_opening, self.now)}" if self.next_opening else ""


def until(at: datetime, now: datetime) -> str:
    """«hasta las 20:00 h»; «hasta mañana, 9:00 h» when it is not today. Midnight is today's 24:00 h."""
    local, today = timezone.localtime(at), timezone.localdate(now)
    if (local.hour, local.minute) == (0, 0) and local.date() == today + timedelta(days=1):
        return f"hasta las 24:00{NBSP}h"
    if local.date() == today:
        return f"hasta {'la' if local.hour == 1 else 'las'} {clock(at)}"
    return f"hasta {day_name(at, now)}, {clock(at)}"


def chat_presence(now: datetime) -> int:
    """How many of the team are available in the chat: none, as nobody's presence is recorded anywhere."""
    return 0


def channel_states(now: datetime, *, calendars: Calendars | None = None) -> list[ChannelState]:
    """The configured channels in their order, each as it is at `now`. One query with calendars, else two."""
    return _states(Channel.objects.all(), calendars or load_calendars(since=timezone.localdate(now)), now)


def channel_state(channel: Channel, now: datetime, *, calendars: Calendars | None = None) -> ChannelState:
    """One channel as it is at `now`, whether customers see it or not."""
    return _state(channel, calendars or load_calendars(since=timezone.localdate(now)), now)


@dataclass(frozen=True)
class Setup:
    """The rows behind what a page says about us."""

    calendars: Calendars
    channels: tuple[Channel, ...]
    service_notice: ServiceNotice | None


@dataclass(frozen=True)
class Situation:
    """Everything a page says about us at one moment."""

    now: datetime
    states: list[ChannelState]
    calendars: Calendars
    first_response_due: datetime | None
    service_notice: ServiceNotice | None

    def of(self, kind: str) -> ChannelState | None:
        """The state of a channel; None when customers cannot use it."""
        return next((state for state in self.states if state.kind == kind), None)


def read_situation(now: datetime) -> Situation:
    """Channels, the desk's promise and the service notice at `now`, in three queries."""
    return situation_at(now, read_setup(timezone.localdate(now)))


def read_setup(day: date) -> Setup:
    """What staff have set up, with the special days from a date on."""
    return Setup(
        calendars=load_calendars(since=day),
        channels=tuple(Channel.objects.all()),
        service_notice=ServiceNotice.objects.active().first(),
    )


def situation_at(now: datetime, setup: Setup) -> Situation:
    """What the set-up comes to at `now`; asks the database nothing."""
    return Situation(
        now=now,
        states=_states(setup.channels, setup.calendars, now),
        calendars=setup.calendars,
        first_response_due=promise(now, calendars=setup.calendars),
        service_notice=setup.service_notice,
    )


def unknown_situation(now: datetime) -> Situation:
    """What can be said when the database does not answer: write to us; the chat could not be checked."""
    states = [
        ChannelState(Channel(kind=Channel.Kind.EMAIL), now, Availability.ALWAYS),
        ChannelState(Channel(kind=Channel.Kind.CHAT), now, Availability.UNKNOWN),
    ]
    return Situation(now, states, Calendars(), None, None)


def _states(stored: Iterable[Channel], calendars: Calendars, now: datetime) -> list[ChannelState]:
    return [_state(c, calendars, now) for c in _in_order(stored) if c.is_configured]


def _in_order(stored: Iterable[Channel]) -> Iterable[Channel]:
    """Stored channels in their order; mail and chat exist without a row, as they need no setting up."""
    by_kind = {channel.kind: channel for channel in stored}
    for kind in Channel.Kind.values:
        if kind in by_kind:
            yield by_kind[kind]
        elif kind not in Channel.WITH_NUMBER:
            yield Channel(kind=kind)


def _state(channel: Channel, calendars: Calendars, now: datetime) -> ChannelState:
    calendar = calendars.of(channel.schedule_id)
    facts = {"channel": channel, "now": now, "calendar": calendar}
    if channel.pause_message:
        return ChannelState(availability=Availability.PAUSED, **facts)
    if calendar and not is_open(calendar, now):
        facts["next_opening"] = next_opening(calendar, now)
        if reason := _closed_for(calendar, timezone.localdate(now)):
            return ChannelState(availability=Availability.HOLIDAY, reason=reason, **facts)
        return ChannelState(availability=Availability.OUT_OF_HOURS, **facts)
    facts["until"] = open_until(calendar, now) if calendar else None
    return ChannelState(availability=_staffed(channel, facts["until"], now, calendar), **facts)


def _staffed(
    channel: Channel, closes_at: datetime | None, now: datetime, calendar: Calendar | None
) -> Availability:
    """A channel within its hours: somebody must also be there for a chat."""
    if channel.kind == Channel.Kind.CHAT and not chat_presence(now):
        return Availability.UNSTAFFED
    if closes_at and closes_at - now < CLOSING_SOON:
        return Availability.CLOSING_SOON
    return Availability.OPEN if calendar else Availability.ALWAYS


def _closed_for(calendar: Calendar, day: date) -> str:
    """The public reason when a whole day is closed that would otherwise open."""
    special = calendar.special.get(day)
    if special and not special.spans and calendar.week.get(day.weekday()):
        return special.reason
    return ""
