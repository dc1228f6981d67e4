"""What happened in a ticket, in order and in words: messages with their mails, and the changes between."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Prefetch

from docs_kb.dates import date_time
from tickets.models import Event, Message, OutboxMessage, Survey, Ticket

# A message shows as itself, and a refused file beside its name; their events would say it twice.
SHOWN_OTHERWISE = (Event.Kind.OPENED, Event.Kind.REPLIED, Event.Kind.NOTED, Event.Kind.FILE_REFUSED)
SENT = OutboxMessage.State.SENT


@dataclass
class Entry:
    """One line of the history: a message, or the sentence of a change."""

    at: datetime
    message: Message | None = None
    sentence: str = ""
    mails: list[OutboxMessage] = field(default_factory=list)
    sent_to_team: int = 0


def entries(ticket: Ticket) -> list[Entry]:
    """Everything that happened, oldest first. Six queries, however long it is."""
    mails = OutboxMessage.objects.defer("body_text", "body_html", "secrets", "headers").order_by("created_at")
    messages = ticket.messages.select_related("author").prefetch_related(
        "attachments", Prefetch("outbox", mails)
    )
    spoken = [_spoken(message, ticket.requester.email) for message in messages]
    events = ticket.events.exclude(kind__in=SHOWN_OTHERWISE).select_related("actor")
    changed = [Entry(at=event.created_at, sentence=sentence(event)) for event in events]
    alone = mails.filter(ticket=ticket, message=None)
    told = [_told(mail) for mail in alone if mail.recipient == ticket.requester.email or mail.state != SENT]
    return sorted([*spoken, *changed, *told], key=lambda entry: (entry.at, entry.message is None))


def sentence(event: Event) -> str:
    """A change in words, with whoever made it: «Estado: de Nuevo a En curso · Ana Serrano»."""
    return f"{_what(event)} · {full_name(event.actor)}" if event.actor else _what(event)


def full_name(user: User) -> str:
    """How colleagues name each other on screen."""
    return user.get_full_name() or user.get_username()


def newest_message(ticket: Ticket) -> int | None:
    """The id of the last thing anyone wrote, notes included."""
    return ticket.messages.order_by("-pk").values_list("pk", flat=True).first()


def _spoken(message: Message, customer: str) -> Entry:
    """A message with its mails: the customer's always, the team's one by one only while not sent."""
    mails = list(message.outbox.all())
    to_customer = [mail for mail in mails if mail.recipient == customer]
    to_team = [mail for mail in mails if mail.recipient != customer]
    unsent = [mail for mail in to_team if mail.state != SENT]
    return Entry(
        at=message.created_at,
        message=message,
        mails=to_customer + unsent,
        sent_to_team=len(to_team) - len(unsent),
    )


def _told(mail: OutboxMessage) -> Entry:
    """A mail that no message caused: to the customer always, to the team only while not sent."""
    return Entry(at=mail.created_at, sentence=mail.kind_label, mails=[mail])


def _what(event: Event) -> str:
    old, new = event.old, event.new
    match event.kind:
        case Event.Kind.STATUS:
            return f"Estado: de «{_status(old)}» a «{_status(new)}»"
        case Event.Kind.PRIORITY:
            return f"Prioridad: de «{old}» a «{new}»"
        case Event.Kind.SUBJECT:
            return f"Asunto: de «{old}» a «{new}»"
        case Event.Kind.ASSIGNED:
            return f"Lo lleva {new}" if new else f"{old} ya no lo lleva"
        case Event.Kind.SPAM:
            return "Marcado como spam" if new else "Ya no está marcado como spam"
        case Event.Kind.LINK_OPENED:
            return "El cliente abrió el enlace de su correo"
        case Event.Kind.MERGED:
            return _union(old, new)
        case Event.Kind.RATED:
            return f"El cliente valoró la atención: «{_rating(new)}»" + (
                f" (antes, «{_rating(old)}»)" if old else ""
            )
        case Event.Kind.FORECAST:
            return (
                f"Nueva previsión: {date_time(datetime.fromisoformat(new))}" if new else "Previsión quitada"
            )
        case Event.Kind.REMINDED:
            return "Le recordamos al cliente que esperamos su respuesta"
    return event.get_kind_display()


def _union(old: str, new: str) -> str:
    if not new:
        return f"Separado de {old}"
    return f"Se le unió {old}" if old else f"Unido a {new}"


def _rating(value: str) -> str:
    return str(Survey.Rating(value).label) if value in Survey.Rating.values else value


def _status(value: str) -> str:
    return str(Ticket.Status(value).label) if value in Ticket.Status.values else value
