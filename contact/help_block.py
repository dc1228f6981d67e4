"""The six ways to get help in their one order: the block that closes every page, and the lines of mails."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from contact.availability import Availability, ChannelState, Situation
from contact.models import Channel
from contact.timetable import week_text
from docs_kb.dates import before

ANY_TIME = "A cualquier hora"


@dataclass(frozen=True)
class HelpEntry:
    """One way to get help. `is_open` is None where opening hours do not apply."""

    number: int
    kind: str
    name: str
    url: str
    detail: str
    is_open: bool | None = None


@dataclass(frozen=True)
class HelpLine:
    """One way to get help in a mail: `text` is what a reader without links reads or dials."""

    number: int
    kind: str
    name: str
    url: str
    text: str
    detail: str


def help_entries(situation: Situation) -> list[HelpEntry]:
    """Documentation and ticket, then the channels that customers can use, numbered in that order."""
    due = situation.first_response_due
    answer = f"Respuesta {before(due, situation.now)}" if due else ANY_TIME
    ways = [
        ("documentation", "Consultar la documentación", reverse("docs_kb:home"), ANY_TIME, None),
        ("ticket", "Abrir un ticket", reverse("tickets:create"), answer, None),
        *(_channel_way(state) for state in situation.states),
    ]
    return [HelpEntry(number, *way) for number, way in enumerate(ways, start=1)]


def help_lines(states: list[ChannelState]) -> list[HelpLine]:
    """The four lines that close every mail: documentation, ticket, WhatsApp and phone, absolute and timeless.

    A mail is read at any hour, so it says when we answer, not whether we answer now.
    """
    docs, ticket = (settings.SITE_URL + reverse(name) for name in ("docs_kb:home", "tickets:create"))
    ways = [
        ("documentation", "Documentación", docs, docs, ""),
        ("ticket", "Ticket", ticket, ticket, ""),
        *(_mail_way(s) for s in states if s.kind in Channel.WITH_NUMBER),
    ]
    return [HelpLine(number, *way) for number, way in enumerate(ways, start=1)]


def _channel_way(state: ChannelState) -> tuple:
    channel = state.channel
    details = [state.address_text if channel.kind != Channel.Kind.WHATSAPP else "", state.summary]
    is_open = None if state.availability == Availability.ALWAYS else state.is_open
    return (
        channel.kind,
        channel.get_kind_display(),
        state.url,
        " · ".join(filter(None, details)),
        is_open,
    )


def _mail_way(state: ChannelState) -> tuple:
    channel = state.channel
    hours = week_text(state.calendar) if state.calendar else ""
    text = state.url if channel.kind == Channel.Kind.WHATSAPP else state.address_text
    return (channel.kind, channel.get_kind_display(), state.url, text, hours[:1].lower() + hours[1:])
