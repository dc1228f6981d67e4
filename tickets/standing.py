"""Where a ticket stands, in the customer's words, and the conversation as they may read it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from docs_kb.dates import MONTHS, before
from tickets.conversation import REOPEN_WINDOW, can_be_answered, staff_name
from tickets.models import Event, Message, Ticket

LATEST_MESSAGES = 30


@dataclass(frozen=True)
class Standing:
    """The status label with its tone, the sentence under it, and whether the customer may write."""

    label: str
    tone: str
    text: str
    is_yours: bool
    can_reply: bool


def standing(ticket: Ticket, now: datetime | None = None) -> Standing:
    """What the customer reads about the state of the ticket. Internal waiting states look alike."""
    now = now or timezone.now()
    return Standing(
        label=ticket.public_status,
        tone=ticket.public_tone,
        text=_sentence(ticket, now),
        is_yours=ticket.status == Ticket.Status.WAITING_CUSTOMER and not ticket.merged_into_id,
        can_reply=can_be_answered(ticket, now),
    )


def _sentence(ticket: Ticket, now: datetime) -> str:
    if ticket.merged_into_id:
        return _("Seguimos en %s.") % ticket.merged_into.reference
    match ticket.status:
        case Ticket.Status.WAITING_CUSTOMER:
            return _("Necesitamos un dato tuyo para seguir.")
        case Ticket.Status.RESOLVED if can_be_answered(ticket, now) and ticket.resolved_at:
            last = timezone.localtime(ticket.resolved_at + REOPEN_WINDOW)
            return _("¿Sigue fallando? Responde antes del %(day)d de %(month)s y lo reabrimos.") % {
                "day": last.day,
                "month": MONTHS[last.month - 1],
            }
        case Ticket.Status.RESOLVED | Ticket.Status.CLOSED:
            return _("Ya no admite respuestas.")
    if ticket.first_answered_at is None and ticket.due_at and ticket.due_at < now:
        return _("Vamos con retraso. Tu ticket sigue en la cola; no hace falta que abras otro.")
    if ticket.status == Ticket.Status.NEW:
        promise = _(" Te responderemos %s.") % before(ticket.due_at, now) if ticket.due_at else ""
        return _("Lo hemos recibido.") + promise
    if ticket.assignee:
        return _("%s lo está mirando.") % staff_name(ticket.assignee)
    return _("Lo estamos mirando.")


@dataclass(frozen=True)
class Entry:
    """One line of the conversation: a message, or what happened between two."""

    at: datetime
    message: Message | None = None
    happening: str = ""
    is_latest: bool = False


@dataclass(frozen=True)
class Thread:
    entries: list[Entry]
    earlier: int  # messages left out


def public_thread(ticket: Ticket, *, whole: bool = False) -> Thread:
    """The conversation, oldest first, without notes and inner events: the latest 30 messages, or all."""
    messages = ticket.messages.public().prefetch_related("attachments")
    earlier = 0 if whole else max(0, messages.count() - LATEST_MESSAGES)
    messages = list(messages[earlier:])
    since = messages[0].created_at if messages else ticket.created_at
    entries = [Entry(m.created_at, message=m, is_latest=m is messages[-1]) for m in messages]
    for event in ticket.events.filter(kind=Event.Kind.STATUS, created_at__gte=since):
        if text := _happening(event):
            entries.append(Entry(event.created_at, happening=text))
    # A stable sort: what a message caused comes after it.
    return Thread(sorted(entries, key=lambda entry: entry.at), earlier)


def _happening(event: Event) -> str:
    """A change of status in the customer's words; nothing where their words stay the same."""
    old, new = (Ticket.PUBLIC_STATUS.get(value, ("",))[0] for value in (event.old, event.new))
    if not new or old == new:
        return ""
    if event.old in (Ticket.Status.RESOLVED, Ticket.Status.CLOSED):
        return _("Lo hemos reabierto.")
    return _("El ticket pasó a «%s»") % new
