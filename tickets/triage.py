"""What the team decides about a ticket: one event per change, and no event where nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from tickets.conversation import lock, set_status, staff_name
from tickets.models import Event, Ticket
from tickets.plain_text import clean_line


def assign(*, ticket: Ticket, to: User | None, by: User | None, at: datetime | None = None) -> None:
    """Give the ticket to someone of the team, or back to nobody."""
    with _changing(ticket):
        if ticket.assignee_id != (to.pk if to else None):
            old = staff_name(ticket.assignee) if ticket.assignee else ""
            ticket.assignee = to
            new = staff_name(to) if to else ""
            _change(ticket, "assignee", Event.Kind.ASSIGNED, old, new, by, at)
            _first_act(ticket, by, at)


def change_status(*, ticket: Ticket, to: str, by: User | None, at: datetime | None = None) -> None:
    """Move the ticket to another status. Raises ValueError for one that does not exist."""
    status = Ticket.Status(to)
    with _changing(ticket):
        set_status(ticket, status, by, at or timezone.now())


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


def mark_spam(*, ticket: Ticket, by: User | None, is_spam: bool = True, at: datetime | None = None) -> None:
    """Take a ticket out of every list as spam, or put it back."""
    with _changing(ticket):
        if ticket.is_spam != is_spam:
            ticket.is_spam = is_spam
            old, new = ("", "spam") if is_spam else ("spam", "")
            _change(ticket, "is_spam", Event.Kind.SPAM, old, new, by, at)


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
