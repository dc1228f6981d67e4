"""What time alone does to tickets: reminders, resolutions and closings for lack of news, new forecasts.

Each ticket is looked at again under its lock, in a transaction of its own: one that fails is logged and
stops no other, and a run that dies has done what it has done.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from tickets import notifications, sla
from tickets.calendars import load_calendars
from tickets.conversation import lock, set_status
from tickets.models import Event, Ticket
from tickets.triage import change_forecast, change_status

log = logging.getLogger(__name__)
Status = Ticket.Status
# How many tickets one run looks at; the next goes on where it ended.
BATCH = 200


def follow_up(now: datetime | None = None) -> int:
    """Close, resolve and remind while the desk is at work, so that nobody gets such a mail at night."""
    now = now or timezone.now()
    if not sla.is_working_time(now, calendars=load_calendars(since=timezone.localdate(now))):
        return 0
    return sum(step(now) for step in (close, resolve, remind))


def remind(now: datetime | None = None) -> int:
    """Remind customers who have not answered for a week, once for each question; how many."""
    now = now or timezone.now()
    silent = _silent(now - sla.REMIND_AFTER).filter(reminded_at=None)
    return _each(silent, _remind, now)


def resolve(now: datetime | None = None) -> int:
    """Call resolved what has waited for its customer for two weeks, a week of them after a reminder."""
    now = now or timezone.now()
    reminded = _silent(now - sla.RESOLVE_AFTER).filter(reminded_at__lte=now - sla.TIME_AFTER_REMINDER)
    return _each(reminded, _resolve, now)


def close(now: datetime | None = None) -> int:
    """Close what has been resolved for two weeks. Nobody is told: the mail about it said until when."""
    now = now or timezone.now()
    resolved = Ticket.objects.filter(
        merged_into=None, status=Status.RESOLVED, resolved_at__lte=now - sla.REOPEN_WINDOW
    )
    return _each(resolved, _close, now)


def forecast(now: datetime | None = None) -> int:
    """Tell customers whose promised answer has not come by when it will, once for each promise."""
    now = now or timezone.now()
    return _each(_late(now), _forecast, now)


def _silent(since: datetime) -> QuerySet[Ticket]:
    """Tickets that have waited for their customer since then or longer."""
    return Ticket.objects.genuine().filter(
        Q(status_since=None) | Q(status_since__lte=since),
        status=Status.WAITING_CUSTOMER,
        last_message_at__lte=since,
    )


def _late(now: datetime) -> QuerySet[Ticket]:
    """Tickets without a first answer whose last promise is over."""
    unanswered = Ticket.objects.awaiting_staff().filter(first_answered_at=None, due_at__lt=now)
    return unanswered.annotate(promised_at=Coalesce("forecast_at", "due_at")).filter(promised_at__lt=now)


def _each(tickets: QuerySet[Ticket], act: Callable, now: datetime) -> int:
    """Do it to each ticket that still is among these once it is locked; to how many."""
    done = 0
    for pk in list(tickets.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        try:
            with transaction.atomic():
                ticket = Ticket(pk=pk)
                lock(ticket)
                if tickets.filter(pk=pk).exists():
                    act(ticket, now)
                    done += 1
        except Exception:
            log.exception("ticket %s: %s", pk, act.__name__)
    return done


def _remind(ticket: Ticket, now: datetime) -> None:
    notifications.reminder(ticket)
    ticket.reminded_at = now
    ticket.save(update_fields=["reminded_at"])
    Event.objects.create(ticket=ticket, kind=Event.Kind.REMINDED, created_at=now)


def _resolve(ticket: Ticket, now: datetime) -> None:
    change_status(ticket=ticket, to=Status.RESOLVED, by=None, at=now)


def _close(ticket: Ticket, now: datetime) -> None:
    set_status(ticket, Status.CLOSED, None, now)


def _forecast(ticket: Ticket, now: datetime) -> None:
    misses = ticket.events.filter(kind=Event.Kind.FORECAST, actor=None).count()
    when = sla.new_forecast(now, misses=misses, calendars=load_calendars(since=timezone.localdate(now)))
    if when:
        change_forecast(ticket=ticket, to=when, by=None, at=now)
