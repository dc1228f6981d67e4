"""An address that was mistyped in the form, put right before anybody has answered to it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tickets import notifications
from tickets.calendars import load_calendars
from tickets.conversation import lock
from tickets.links import revoke_links
from tickets.models import Event, OutboxMessage, Requester, Ticket
from tickets.models.requester import normalise_address

CORRECTION_WINDOW = timedelta(minutes=30)


class TooLate(Exception):
    """Somebody has answered, opened the link, or half an hour is over: the address stays."""


def is_in_time(ticket: Ticket, at: datetime) -> bool:
    """Whether the address of a ticket may still be corrected by whoever sent it."""
    if at >= ticket.created_at + CORRECTION_WINDOW or ticket.first_answered_at or ticket.merged_into_id:
        return False
    return not ticket.events.filter(kind=Event.Kind.LINK_OPENED).exists()


def correct_address(*, ticket: Ticket, email: str, at: datetime | None = None) -> None:
    """Give a ticket to another address: its receipt and link go there, the old link opens nothing any more.

    Nothing happens when it is the same address. Raises TooLate.
    """
    at = at or timezone.now()
    with transaction.atomic():
        lock(ticket)
        if not is_in_time(ticket, at):
            raise TooLate(ticket.reference)
        old = ticket.requester
        if normalise_address(email) == old.email:
            return
        message = ticket.messages.prefetch_related("attachments").earliest("created_at", "id")
        ticket.requester = Requester.objects.met(email=email, name=message.author_name)
        ticket.save(update_fields=["requester"])
        revoke_links(ticket)
        queued = ticket.outbox.filter(recipient=old.email, state=OutboxMessage.State.QUEUED)
        queued.update(state=OutboxMessage.State.SUPPRESSED, secrets={})
        Event.objects.create(ticket=ticket, kind=Event.Kind.ADDRESS, created_at=at)
        calendars = load_calendars(since=timezone.localdate(ticket.created_at))
        files = list(message.attachments.all())
        notifications.address_corrected(ticket, message, files=files, calendars=calendars)
        _forget_unused(old)


def _forget_unused(requester: Requester) -> None:
    """Nothing is kept of an address that was only a slip of the pen."""
    if not (requester.is_verified or requester.user_id or requester.tickets.exists()):
        requester.delete()
