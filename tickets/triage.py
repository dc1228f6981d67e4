"""What the team decides about a ticket: one event per change, and no event where nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from tickets import notifications
from tickets.conversation import lock, set_status, staff_name, summarise
from tickets.models import Event, Ticket
from tickets.plain_text import clean_line, clean_text

NOTE_CHARACTERS = 200


def assign(*, ticket: Ticket, to: User | None, by: User | None, at: datetime | None = None) -> None:
    """Give the ticket to someone of the team, who hears of it from others, or back to nobody."""
    with _changing(ticket):
        if ticket.assignee_id != (to.pk if to else None):
            old = staff_name(ticket.assignee) if ticket.assignee else ""
            ticket.assignee = to
            new = staff_name(to) if to else ""
            _change(ticket, "assignee", Event.Kind.ASSIGNED, old, new, by, at)
            _first_act(ticket, by, at)
            notifications.ticket_assigned(ticket, to, by)


def change_status(
    *,
    ticket: Ticket,
    to: str,
    by: User | None,
    public_note: str = "",
    notify: bool = True,
    at: datetime | None = None,
) -> None:
    """Move the ticket to another status, and tell the customer when that resolves or reopens it.

    `public_note` is for the customer: what we did, as the last message of a ticket that gets resolved, or
    whom we depend on while it waits for a third party. Raises ValueError for a status that does not exist.
    """
    status, at, note = Ticket.Status(to), at or timezone.now(), clean_text(public_note)
    with _changing(ticket):
        was_open = ticket.is_open
        set_status(ticket, status, by, at)
        if status == Ticket.Status.WAITING_THIRD_PARTY and note:
            ticket.waiting_note = clean_line(note)[:NOTE_CHARACTERS]
            ticket.save(update_fields=["waiting_note"])
        if status == Ticket.Status.RESOLVED and was_open:
            if note and by:
                summarise(ticket=ticket, author=by, body=note, at=at)
            if notify:
                notifications.ticket_resolved(ticket, by=by, summary=note)
        elif ticket.is_open and not was_open:
            ticket.waiting_since = at
            ticket.save(update_fields=["waiting_since"])
            if notify:
                notifications.ticket_reopened(ticket, by=by)


def change_priority(*, ticket: Ticket, to: int, by: User | None, at: datetime | None = None) -> None:
    """Set the priority. Raises ValueError for one that does not exist."""
    priority = Ticket.Priority(to)
    with _changing(ticket):
        if ticket.priority != priority:
            old, ticket.priority = ticket.get_priority_display(), priority
            _change(ticket, "priority", Event.Kind.PRIORITY, old, priority.label, by, at)
            _first_act(ticket, by, at)


def change_subject(*, ticket: Ticket, to: str, by: User | None, at: datetime | None = None) -> None:
    """Rename the ticket (120 characters at most); an empty name changes nothing."""
    subject = clean_line(to)[:120]
    with _changing(ticket):
        if subject and ticket.subject != subject:
            old, ticket.subject = ticket.subject, subject
            _change(ticket, "subject", Event.Kind.SUBJECT, old, subject, by, at)
            _first_act(ticket, by, at)


class ForecastRefused(Exception):
    """Nothing can be promised now; the message says why, in the words of the team's pages."""


def is_ours(ticket: Ticket) -> bool:
    """Whether it is the team's turn: then the customer may be told by when there will be news."""
    return ticket.is_open and ticket.status != Ticket.Status.WAITING_CUSTOMER and not ticket.merged_into_id


def change_forecast(
    *, ticket: Ticket, to: datetime | None, by: User | None, at: datetime | None = None
) -> None:
    """Tell the customer by when there will be news, or take that back (None).

    Whoever still waits for the first answer hears by mail of a time later than the one promised before.
    Raises ForecastRefused for a time that is over, and where it is not the team's turn.
    """
    at = at or timezone.now()
    if to and to <= at:
        raise ForecastRefused("La previsión ya ha pasado: elige otra hora.")
    with _changing(ticket):
        if not is_ours(ticket):
            raise ForecastRefused("Ahora no le toca al equipo: el ticket ha cambiado mientras elegías.")
        old = ticket.forecast_at
        if old == to:
            return
        promised = old or ticket.due_at
        if to is None:
            notifications.forecast_ended(ticket)
        elif promised and to > promised and not (ticket.first_answered_at or ticket.is_spam):
            notifications.running_late(ticket, to)
        ticket.forecast_at = to
        before, after = (when.isoformat() if when else "" for when in (promised, to))
        _change(ticket, "forecast_at", Event.Kind.FORECAST, before, after, by, at)
        _first_act(ticket, by, at)


def mark_spam(*, ticket: Ticket, by: User | None, is_spam: bool = True, at: datetime | None = None) -> None:
    """Take a ticket out of every list as spam, or put it back."""
    with _changing(ticket):
        if ticket.is_spam != is_spam:
            ticket.is_spam = is_spam
            old, new = ("", "spam") if is_spam else ("spam", "")
            _change(ticket, "is_spam", Event.Kind.SPAM, old, new, by, at)


class MergeRefused(Exception):
    """These two tickets cannot become one; the message says why, in the words of the team's pages."""


def merge(*, ticket: Ticket, into: Ticket, by: User, notify: bool = True, at: datetime | None = None) -> None:
    """Join a ticket to another one of the same customer, where the conversation goes on.

    Each keeps its own messages. Joining to a ticket that was itself joined means the last of the chain,
    and what had been joined to this one follows it, so that there is never more than one step. A question
    that waits for an answer goes on waiting there. Raises MergeRefused.
    """
    at = at or timezone.now()
    with transaction.atomic():
        into = _last(into)
        for one in sorted([ticket, into], key=lambda one: one.pk):
            lock(one)
        _refuse_merge(ticket, into)
        ticket.merged_into = into
        ticket.save(update_fields=["merged_into"])
        ticket.merged.update(merged_into=into)
        _carry_over(ticket, into, by, at)
        _record_union(ticket, into, by, at, joined=True)
        if notify:
            notifications.ticket_merged(ticket, into)


def separate(*, ticket: Ticket, by: User, at: datetime | None = None) -> None:
    """Undo a union: the ticket goes on by itself, as it was; nothing when it is joined to none."""
    at = at or timezone.now()
    with _changing(ticket):
        if ticket.merged_into_id:
            into, ticket.merged_into = ticket.merged_into, None
            ticket.save(update_fields=["merged_into"])
            _record_union(ticket, into, by, at, joined=False)


def _record_union(ticket: Ticket, into: Ticket, by: User, at: datetime, *, joined: bool) -> None:
    """An event in each of the two: what was joined names both in the one that goes on."""
    here, there = ("", into.reference) if joined else (into.reference, "")
    new = into.reference if joined else ""
    Event.objects.bulk_create(
        [
            Event(ticket=ticket, kind=Event.Kind.MERGED, actor=by, old=here, new=there, created_at=at),
            Event(
                ticket=into, kind=Event.Kind.MERGED, actor=by, old=ticket.reference, new=new, created_at=at
            ),
        ]
    )


def _last(ticket: Ticket) -> Ticket:
    """The ticket in which a conversation goes on now; `merge` keeps it one step away."""
    return ticket.merged_into if ticket.merged_into_id else ticket


def _refuse_merge(ticket: Ticket, into: Ticket) -> None:
    if ticket == into:
        raise MergeRefused("Un ticket no se puede unir consigo mismo.")
    if ticket.merged_into_id:
        raise MergeRefused("Este ticket ya está unido a otro. Sepáralo antes.")
    if ticket.requester_id != into.requester_id:
        raise MergeRefused("Solo se unen tickets del mismo cliente: cada uno lee los suyos.")
    if into.merged_into_id or into.is_spam:
        raise MergeRefused("El otro ticket ha cambiado mientras elegías. Elige otra vez.")


def _carry_over(ticket: Ticket, into: Ticket, by: User, at: datetime) -> None:
    """What the joined ticket still asked for is asked in the other one from now on."""
    into.last_message_at = max(into.last_message_at, ticket.last_message_at)
    if ticket.is_open and ticket.waiting_since:
        if into.status in (Ticket.Status.WAITING_CUSTOMER, Ticket.Status.RESOLVED, Ticket.Status.CLOSED):
            set_status(into, Ticket.Status.OPEN, by, at)
        into.waiting_since = min(into.waiting_since or ticket.waiting_since, ticket.waiting_since)
    into.save(update_fields=["last_message_at", "waiting_since"])


@contextmanager
def _changing(ticket: Ticket) -> Iterator[None]:
    with transaction.atomic():
        lock(ticket)
        yield


def _change(
    ticket: Ticket, field: str, kind: str, old: str, new: str, by: User | None, at: datetime | None
) -> None:
    ticket.save(update_fields=[field])
    Event.objects.create(
        ticket=ticket, kind=kind, actor=by, old=old, new=new, created_at=at or timezone.now()
    )


def _first_act(ticket: Ticket, by: User | None, at: datetime | None) -> None:
    """The first thing that anyone of the team does with a new ticket opens it."""
    if by is not None and ticket.status == Ticket.Status.NEW:
        set_status(ticket, Ticket.Status.OPEN, by, at or timezone.now())
