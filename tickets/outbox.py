"""Everything that must leave: rows born with what caused them, claimed by one sender, retried, kept.

The row is the queue. A sender takes it with one conditional UPDATE that carries a lease; one that dies
leaves a row whose lease runs out and that another sender takes: at least once, twice at most per death.

What follows a notice to the same person on the same ticket within two minutes waits until they are over and
leaves as one mail: the row that is taken first carries the others (`carried_by`), from then on for good, so
that a second try sends what the first one may have sent already, under the same Message-ID.
"""

import logging
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parseaddr
from secrets import token_hex
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.html import escape
from django.utils.module_loading import import_string

from tickets import wake
from tickets.models import Message, OutboxMessage, Requester, Ticket

log = logging.getLogger(__name__)
State = OutboxMessage.State
LEASE = timedelta(seconds=60)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)]
HOURLY = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=72)
BUILD_ATTEMPTS = 3
# How many automatic mails an address gets in how long before someone proves to read it.
UNPROVEN_MAILS = 3
UNPROVEN_WINDOW = timedelta(hours=1)
TOO_MANY = f"Ya han salido {UNPROVEN_MAILS} avisos en una hora para esta dirección, que nadie ha comprobado"
# Within how long of a notice the following ones on its ticket leave as one mail.
JOIN_WINDOW = timedelta(minutes=2)
# Kinds that open a ticket: nothing on it can have left before.
FIRST_KINDS = frozenset(["receipt", "staff_new"])
SWEEP_SECONDS = 25
MASK = "••••••"
_MARK = re.compile(r"\[\[(?:link|code)\d*\]\]")


class TemporaryFailure(Exception):
    """It did not leave this time; another try may do."""


class PermanentFailure(Exception):
    """It will never leave: the other side refuses this very message or recipient."""


class Unbuildable(PermanentFailure):
    """It will never be a mail, whoever is asked to take it."""


# --- In the request ---------------------------------------------------------------------------


def enqueue(
    *,
    kind: str,
    recipient: str,
    subject: str,
    body_text: str,
    body_html: str,
    event_key: str,
    ticket: Ticket | None = None,
    message: Message | None = None,
    secrets: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    is_automatic: bool = True,
    due_at: datetime | None = None,
) -> OutboxMessage:
    """Write a mail into the surrounding transaction; it leaves after the commit.

    The same event key makes one row only: the first is returned. `secrets` are the links and codes that
    stand as `[[name]]` in the texts. An automatic mail to an address that nobody has proven waits when
    three have left for it within an hour.
    """
    row = compose(
        kind=kind,
        recipient=recipient,
        subject=subject,
        body_text=body_text,
        body_html=body_html,
        event_key=event_key,
        ticket=ticket,
        message=message,
        secrets=secrets,
        headers=headers,
        is_automatic=is_automatic,
        due_at=due_at,
    )
    post([row])
    return OutboxMessage.objects.get(event_key=event_key)


def compose(
    *, recipient: str, subject: str, secrets=None, headers=None, due_at=None, **fields
) -> OutboxMessage:
    """A row as `enqueue` takes it, not yet written; several are posted together."""
    return OutboxMessage(
        recipient=recipient,
        subject=" ".join(subject.split())[:200],
        secrets=secrets or {},
        headers=headers or {},
        due_at=due_at or timezone.now(),
        created_at=timezone.now(),
        mail_id=new_mail_id(),
        **fields,
    )


def post(rows: list[OutboxMessage], *, proven: Collection[str] = (), can_wait: bool = True) -> None:
    """Write rows in one go and wake the sender once they are committed.

    `proven` are addresses known to be read by their owners, which are not worth asking the database for.
    What cannot wait and may not leave at once is kept without its secrets, as a mail that is not sent.
    """
    latest = _latest_on_ticket(rows)
    now = timezone.now()
    for row in rows:
        before = latest.get((row.ticket_id, row.recipient))
        row.due_at = _leaves_at(row, before, is_proven=row.recipient in proven)
        if row.due_at > now and not can_wait:
            row.state, row.secrets, row.last_error = State.SUPPRESSED, {}, TOO_MANY
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        if row.due_at <= now:
            wake.after_commit("tickets.tasks.deliver", str(row.pk))


@contextmanager
def rehearsal() -> Iterator[None]:
    """Whatever is posted inside costs what it always costs, waking the worker included, and is taken back: a
    clock does not tell an address that we know from another."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    wake.after_commit("tickets.tasks.deliver", str(uuid4()))  # which finds no such row


def new_mail_id() -> str:
    """A Message-ID of our own domain (RFC 5322, 3.6.4), the same for every try of a row."""
    domain = parseaddr(settings.SUPPORT_EMAIL)[1].rpartition("@")[2]
    return f"<{token_hex(16)}@{domain}>"


def retry(row: OutboxMessage) -> None:
    """Send a mail that failed or came back again, from the start, with all that it carries; nothing for any
    other."""
    carrier = row.carried_by or row
    failed = _mail_of(carrier).filter(state__in=[State.FAILED, State.BOUNCED])
    if failed.update(state=State.QUEUED, due_at=timezone.now(), attempts=0, first_tried_at=None):
        wake.after_commit("tickets.tasks.deliver", str(carrier.pk))


def rendered(row: OutboxMessage, *, whole: bool) -> tuple[str, str]:
    """Text and HTML with the secrets in their places, or masked (also those wiped after sending)."""
    text, html = row.body_text, row.body_html
    if whole:
        text, html = filled(row, text, is_html=False), filled(row, html, is_html=True)
    return _MARK.sub(MASK, text), _MARK.sub(MASK, html)


def oldest_due_age(now: datetime) -> timedelta | None:
    """For how long the oldest row that could leave has been waiting; None when there is none."""
    oldest = OutboxMessage.objects.due(now).aggregate(oldest=Min("due_at"))["oldest"]
    return now - oldest if oldest else None


# --- In the worker ----------------------------------------------------------------------------


def claim(key: str, *, now: datetime | None = None) -> OutboxMessage | None:
    """Take a due row for the length of the lease: one conditional UPDATE, so that one sender wins.

    At its first try a ticket's row takes along what else is due to the same person on that ticket.
    """
    now = now or timezone.now()
    row = OutboxMessage.objects.due(now).filter(pk=key).first()
    if row is None:
        return None
    with transaction.atomic():
        if not _take(row, now):
            return None
        if row.ticket_id:
            _take_along(row, now)
    return row


def deliver(key: str) -> bool:
    """Send one row if it is due and nobody else has it; True when it left.

    A temporary failure is tried again after 1, 5, 15 and 30 minutes, then every hour up to 72; a
    permanent one is failed at once; one whose mail cannot even be built, the third time.
    """
    row = claim(key)
    if row is None:
        return False
    try:
        provider_id = import_string(settings.DELIVERY_BACKENDS[row.channel])().send(row)
    except Unbuildable as error:
        _let_go(row)
        _set_aside(row, str(error))
    except PermanentFailure as error:
        _set_aside(row, str(error))
    except TemporaryFailure as error:
        _put_back(row, str(error))
    except Exception as error:
        log.exception("mail %s cannot be built", row.pk)
        reason = f"{type(error).__name__}: {error}"
        _let_go(row)
        _set_aside(row, reason) if row.attempts >= BUILD_ATTEMPTS else _put_back(row, reason)
    else:
        _mark_sent(row, provider_id)
        return True
    return False


def sweep(limit: int = 500) -> int:
    """Deliver due and abandoned rows, oldest first, for half a minute at most; how many left."""
    ends_at = time.monotonic() + SWEEP_SECONDS
    due = OutboxMessage.objects.due(timezone.now()).order_by("due_at", "created_at")
    sent = 0
    for key in list(due.values_list("pk", flat=True)[:limit]):
        if time.monotonic() > ends_at:
            break
        sent += deliver(key)
    return sent


def whole_mail(row: OutboxMessage) -> list[OutboxMessage]:
    """The row and what it carries, in the order in which they happened."""
    if row.ticket_id is None:
        return [row]
    return sorted([row, *row.carried.unsent()], key=lambda one: one.created_at)


def filled(row: OutboxMessage, text: str, *, is_html: bool) -> str:
    """A text of the row with its secrets in their places."""
    for name, secret in row.secrets.items():
        text = text.replace(f"[[{name}]]", escape(secret) if is_html else secret)
    return text


def is_wiped(row: OutboxMessage) -> bool:
    """Whether what belongs in its texts went when it was sent; before, a mark is somebody's own words."""
    return row.sent_at is not None and not row.secrets and _MARK.search(row.body_text) is not None


def _take(row: OutboxMessage, now: datetime) -> bool:
    """Whether the row was still as it was read; then it is leased to us, in the database and in memory."""
    as_read = OutboxMessage.objects.unsent().filter(pk=row.pk, due_at=row.due_at)
    row.state, row.due_at, row.attempts = State.SENDING, now + LEASE, row.attempts + 1
    row.first_tried_at = row.first_tried_at or now
    return bool(
        as_read.update(
            state=row.state, due_at=row.due_at, attempts=row.attempts, first_tried_at=row.first_tried_at
        )
    )


def _take_along(row: OutboxMessage, now: datetime) -> None:
    """Lease what the row carries together with it; at its very first try, decide what that is.

    Rows that another sender has in its hands are left to it: two that wanted each other would wait for ever.
    """
    leased = {"state": row.state, "due_at": row.due_at}
    is_bound = row.carried.unsent().update(**leased)
    if is_bound or row.attempts > 1:
        return
    beside = OutboxMessage.objects.due(now).filter(
        ticket=row.ticket_id, recipient=row.recipient, channel=row.channel, state=State.QUEUED, attempts=0
    )
    keys = list(beside.select_for_update(skip_locked=True).values_list("pk", flat=True))
    if keys:
        beside.filter(pk__in=keys).update(carried_by=row, attempts=1, first_tried_at=now, **leased)


def _let_go(row: OutboxMessage) -> None:
    """Nothing left, and one of the notices may be why: each goes on alone."""
    carried = OutboxMessage.objects.filter(carried_by=row.pk, state=State.SENDING)
    carried.update(carried_by=None, state=State.QUEUED, due_at=timezone.now())


def _mail_of(row: OutboxMessage) -> QuerySet[OutboxMessage]:
    """A row and those that it carries."""
    return OutboxMessage.objects.filter(Q(pk=row.pk) | Q(carried_by=row.pk))


def _mark_sent(row: OutboxMessage, provider_id: str) -> None:
    """Whoever sent it says so, even if the lease has run out meanwhile."""
    sent = {"state": State.SENT, "sent_at": timezone.now(), "provider_id": provider_id, "last_error": ""}
    if not settings.DEMO:
        sent["secrets"] = {}
    _mail_of(row).filter(state__in=[State.SENDING, State.QUEUED]).update(**sent)


def _put_back(row: OutboxMessage, reason: str) -> None:
    now = timezone.now()
    pause = PAUSES[row.attempts - 1] if row.attempts <= len(PAUSES) else HOURLY
    if now + pause > row.first_tried_at + GIVE_UP_AFTER:
        return _set_aside(row, reason)
    _still_ours(row).update(state=State.QUEUED, due_at=now + pause, last_error=reason[:500])


def _set_aside(row: OutboxMessage, reason: str) -> None:
    log.warning("mail %s (%s) failed for good: %s", row.pk, row.kind, reason)
    _still_ours(row).update(state=State.FAILED, last_error=reason[:500])


def _still_ours(row: OutboxMessage) -> QuerySet[OutboxMessage]:
    return _mail_of(row).filter(state=State.SENDING, due_at=row.due_at)


def _latest_on_ticket(rows: list[OutboxMessage]) -> dict[tuple, datetime]:
    """When the last mail on these tickets to each left or is to leave; nothing where none can have."""
    later = [row for row in rows if row.ticket_id and row.kind not in FIRST_KINDS]
    if not later or not settings.RATE_LIMITS:
        return {}
    leaves_at = Coalesce("sent_at", "first_tried_at", "due_at")
    earlier = (
        OutboxMessage.objects.filter(
            ticket__in={row.ticket_id for row in later}, recipient__in={row.recipient for row in later}
        )
        .exclude(state__in=[State.FAILED, State.SUPPRESSED])
        .order_by()
        .values_list("ticket_id", "recipient")
        .annotate(latest=Max(leaves_at))
    )
    return {(ticket, recipient): latest for ticket, recipient, latest in earlier}


def _leaves_at(row: OutboxMessage, latest: datetime | None, *, is_proven: bool) -> datetime:
    """When a new row may leave: at once, together with one that waits already, or when the two minutes after
    the last one, or the hour of an unproven address, are over. A person's answer waits for no such hour."""
    now = timezone.now()
    if latest and now < latest and (row.is_automatic or latest <= now + JOIN_WINDOW):
        return max(row.due_at, latest)
    due_at = row.due_at if latest is None or latest > now else max(row.due_at, latest + JOIN_WINDOW)
    if row.is_automatic and not is_proven:
        due_at = max(due_at, _allowed_at(row.recipient) or due_at)
    return due_at


def _allowed_at(recipient: str) -> datetime | None:
    """When an address that nobody has proven may get one more automatic mail (three in any hour); None: now.

    Callers that write for a customer hold the lock of their Requester row.
    """
    if not settings.RATE_LIMITS:
        return None
    times = (
        OutboxMessage.objects.filter(recipient=recipient, is_automatic=True, carried_by=None)
        .exclude(state__in=[State.FAILED, State.SUPPRESSED])
        .annotate(leaves_at=Coalesce("sent_at", "due_at"))
        .order_by("-leaves_at")
        .values_list("leaves_at", flat=True)[:UNPROVEN_MAILS]
    )
    latest = list(times)
    if len(latest) < UNPROVEN_MAILS:
        return None
    free_at = latest[-1] + UNPROVEN_WINDOW
    return None if free_at <= timezone.now() or _is_proven(recipient) else free_at


def _is_proven(recipient: str) -> bool:
    """Whether someone has shown to read this address: a customer who opened a link, or the team."""
    if Requester.objects.filter(email=recipient, verified_at__isnull=False).exists():
        return True
    return User.objects.filter(email__iexact=recipient, is_staff=True, is_active=True).exists()
