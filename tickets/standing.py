"""Where a ticket stands, in the customer's words, and the conversation as they may read it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from docs_kb.dates import MONTHS, before, date_time, moment
from tickets.conversation import can_be_answered, staff_name
from tickets.models import Event, Message, Ticket
from tickets.quoting import split_quote
from tickets.sla import REOPEN_WINDOW

LATEST_MESSAGES = 30
# What the conversation tells besides messages.
TOLD = (Event.Kind.STATUS, Event.Kind.MERGED, Event.Kind.FORECAST)


@dataclass(frozen=True)
class Standing:
    """The status label with its tone, the sentence under it, and whether the customer may write."""

    label: str
    tone: str
    text: str
    is_yours: bool
    can_reply: bool
    can_solve: bool
    can_reopen: bool


def standing(ticket: Ticket, now: datetime | None = None) -> Standing:
    """What the customer reads about the state of the ticket. Internal waiting states look alike."""
    now = now or timezone.now()
    can_reply = can_be_answered(ticket, now)
    return Standing(
        label=ticket.public_status,
        tone=ticket.public_tone,
        text=_sentence(ticket, now),
        is_yours=ticket.status == Ticket.Status.WAITING_CUSTOMER and not ticket.merged_into_id,
        can_reply=can_reply,
        can_solve=can_reply and ticket.is_open,
        can_reopen=can_reply and not ticket.is_open,
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
    if _is_late(ticket, now):
        return _late(ticket, now)
    if ticket.status == Ticket.Status.NEW:
        promise = _(" Te responderemos %s.") % before(ticket.due_at, now) if ticket.due_at else ""
        return _("Lo hemos recibido.") + promise
    return _with_news(_who_looks(ticket), ticket, now)


def _who_looks(ticket: Ticket) -> str:
    if ticket.status == Ticket.Status.WAITING_THIRD_PARTY and ticket.waiting_note:
        return ticket.waiting_note.rstrip(".") + "."
    if ticket.assignee:
        return _("%s lo está mirando.") % staff_name(ticket.assignee)
    return _("Lo estamos mirando.")


def _is_late(ticket: Ticket, now: datetime) -> bool:
    """A promise is over, or the first answer will come later than promised first."""
    if ticket.status == Ticket.Status.WAITING_THIRD_PARTY and ticket.waiting_note:
        return False
    promised = None if ticket.first_answered_at else ticket.due_at
    if forecast := ticket.forecast_at:
        return forecast <= now or (promised is not None and promised < forecast)
    return promised is not None and promised < now


def _late(ticket: Ticket, now: datetime) -> str:
    if ticket.forecast_at and ticket.forecast_at > now:
        return _("Vamos con retraso. Nueva previsión: %s.") % moment(ticket.forecast_at, now)
    return _("Vamos con retraso. Tu ticket sigue en la cola; no hace falta que abras otro.")


def _with_news(text: str, ticket: Ticket, now: datetime) -> str:
    """With when there will be news, if the team said so."""
    if ticket.forecast_at is None or ticket.forecast_at <= now:
        return text
    return _("%(text)s Próxima noticia: %(when)s.") % {"text": text, "when": moment(ticket.forecast_at, now)}


@dataclass(frozen=True)
class Entry:
    """One line of the conversation: a message, or what happened between two.

    What a mail quoted from earlier ones is told apart from what it says.
    """

    at: datetime
    message: Message | None = None
    happening: str = ""
    is_latest: bool = False
    said: str = ""
    quoted: str = ""


@dataclass(frozen=True)
class Thread:
    entries: list[Entry]
    earlier: int  # messages left out
    latest_answer: int  # the id of the team's last message, 0 while there is none


def public_thread(ticket: Ticket, *, whole: bool = False) -> Thread:
    """The conversation, oldest first, without notes and inner events: the latest 30 messages, or all."""
    messages = ticket.messages.public().prefetch_related("attachments")
    earlier = 0 if whole else max(0, messages.count() - LATEST_MESSAGES)
    messages = list(messages[earlier:])
    since = messages[0].created_at if earlier else ticket.created_at
    entries = [_spoken(message, is_latest=message is messages[-1]) for message in messages]
    for event in ticket.events.filter(kind__in=TOLD, created_at__gte=since):
        if text := _happening(event):
            entries.append(Entry(event.created_at, happening=text))
    answers = [message.pk for message in messages if message.kind == Message.Kind.STAFF]
    latest = max(answers, default=0) if answers or not earlier else latest_answer(ticket)
    # A stable sort: what a message caused comes after it.
    return Thread(sorted(entries, key=lambda entry: entry.at), earlier, latest)


def latest_answer(ticket: Ticket) -> int:
    """The id of the last thing that the team wrote to the customer, 0 while there is none."""
    answers = ticket.messages.filter(kind=Message.Kind.STAFF).order_by("-pk")
    return answers.values_list("pk", flat=True).first() or 0


def _spoken(message: Message, *, is_latest: bool) -> Entry:
    said, quoted = split_quote(message.body)
    return Entry(message.created_at, message=message, is_latest=is_latest, said=said, quoted=quoted)


def _happening(event: Event) -> str:
    """A change in the customer's words; nothing where their words stay the same."""
    if event.kind == Event.Kind.MERGED:
        return _union(event)
    if event.kind == Event.Kind.FORECAST:
        return _forecast(event)
    old, new = (Ticket.PUBLIC_STATUS.get(value, ("",))[0] for value in (event.old, event.new))
    if not new or old == new:
        return ""
    if event.old in (Ticket.Status.RESOLVED, Ticket.Status.CLOSED) and event.new in Ticket.OPEN_STATUSES:
        return _("Lo hemos reabierto.")
    return _("El ticket pasó a «%s»") % new


def _forecast(event: Event) -> str:
    if not event.new:
        return _("Retiramos la previsión")
    return _("Nueva previsión: %s") % date_time(datetime.fromisoformat(event.new))


def _union(event: Event) -> str:
    """What was joined, as `triage.merge` and `separate` note it in each of the two tickets."""
    if not event.new:
        return _("El ticket ya no está unido a %s") % event.old
    if event.old:
        return _("Se unió tu otro ticket, %s") % event.old
    return _("El ticket se unió a %s") % event.new
