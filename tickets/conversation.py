"""How words enter a ticket, whoever says them: the only doors in, each one transaction."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from docs_kb.models import Article, Category
from tickets import attachments, guides, notifications, sla
from tickets.calendars import load_calendars
from tickets.courtesies import is_courtesy
from tickets.models import Attachment, Event, Message, Requester, Survey, Ticket
from tickets.models.requester import normalise_address
from tickets.models.ticket import new_reference
from tickets.plain_text import clean_line, clean_text
from tickets.subjects import subject_from

# One reference in thousands of millions is taken already; five of them are no accident.
REFERENCE_TRIES = 5
# What a change of status writes.
STANDING_FIELDS = (
    "status",
    "status_since",
    "resolved_at",
    "closed_at",
    "waiting_since",
    "waiting_note",
    "forecast_at",
    "reminded_at",
)


class AlreadySent(Exception):
    """This form was sent before: nothing was stored now.

    `ticket` is what it became, `message` the reply it became (None when it opened the ticket), and
    `same_content` says whether the words and the files are the same as then.
    """

    def __init__(self, ticket: Ticket, *, same_content: bool, message: Message | None = None) -> None:
        super().__init__(ticket.reference)
        self.ticket = ticket
        self.message = message
        self.same_content = same_content


class TicketClosed(Exception):
    """The customer can no longer answer this ticket; what they want to say needs a new one."""


def open_ticket(
    *,
    name: str,
    email: str,
    description: str,
    form_key: str = "",
    channel: str = Ticket.Channel.WEB,
    article: Article | None = None,
    category: Category | None = None,
    search_query: str = "",
    suggested: Collection[int] = (),
    read: Collection[int] = (),
    is_marked_urgent: bool = False,
    related_to: Ticket | None = None,
    claimed_reference: str = "",
    notify: bool = True,
    at: datetime | None = None,
) -> Ticket:
    """Store a new ticket with its first message and the drafts of its form, and the mails about it.

    `article`, `category` and `search_query` say what led to the form; `suggested` and `read` are the ids of
    articles that it showed, the unknown ones ignored. `related_to` is the ticket that it continues, which
    this session may read; `claimed_reference` one that it only named. `at` is when it arrived (now). With
    `notify=False` nobody gets a mail and nothing is counted (imports, demo data).
    Raises AlreadySent when that form key made a ticket before, also when both arrive at once.
    """
    at = at or timezone.now()
    name, description = clean_line(name)[:120], clean_text(description)
    digest = _digest(name, normalise_address(email), description)
    calendars = load_calendars(since=timezone.localdate(at))
    ticket = Ticket(
        reference=new_reference(),
        subject=subject_from(description),
        channel=channel,
        article=article,
        category=category,
        search_query=clean_line(search_query)[:200],
        is_marked_urgent=is_marked_urgent,
        related_to=related_to,
        claimed_reference=claimed_reference,
        form_key=form_key or None,
        form_digest=digest,
        created_at=at,
        status_since=at,
        due_at=sla.first_response_due(at, calendars=calendars),
        waiting_since=at,
        last_message_at=at,
    )
    for tries_left in reversed(range(REFERENCE_TRIES)):
        try:
            with transaction.atomic():
                ticket.requester = Requester.objects.met(email=email, name=name)
                ticket.save(force_insert=True)
                message = Message.objects.create(
                    ticket=ticket,
                    kind=Message.Kind.CUSTOMER,
                    author_name=name,
                    body=description,
                    created_at=at,
                )
                files = attachments.take_drafts(form_key=form_key, message=message)
                _record(ticket, Event.Kind.OPENED, at, message=message, files=files)
                guides.remember(ticket=ticket, suggested=suggested, read=read)
                if notify:
                    notifications.ticket_opened(
                        ticket, message, files=files, calendars=calendars, has_guides=bool(suggested)
                    )
                    guides.count_ticket(ticket)
            break
        except IntegrityError:
            if repeated := _already_opened(form_key, digest):
                raise repeated from None
            if not tries_left or not Ticket.objects.filter(reference=ticket.reference).exists():
                raise
            ticket.reference = new_reference()
    return ticket


def reply(
    *,
    ticket: Ticket,
    author: User | None,
    body: str,
    form_key: str = "",
    next_status: str | None = None,
    notify: bool = True,
    at: datetime | None = None,
) -> Message:
    """Add an answer with the drafts of its form; without an author it is the customer's.

    The team's leaves the ticket in `next_status` (waiting for the customer unless said); the customer's
    makes one that waited for them, or was resolved in the last 14 days, open again. One that only thanks
    leaves a resolved ticket resolved.
    Raises TicketClosed for a customer who comes later than that, AlreadySent for a form sent before.
    """
    at = at or timezone.now()
    body = clean_text(body)
    try:
        with transaction.atomic():
            lock(ticket)
            if author is None and not can_be_answered(ticket, at):
                raise TicketClosed(ticket.reference)
            was_resolved = ticket.status == Ticket.Status.RESOLVED
            message, files = _say(ticket, body, form_key, author, at)
            if author:
                _answered(ticket, next_status or Ticket.Status.WAITING_CUSTOMER, author, at)
            elif was_resolved and not files and _is_courtesy(ticket, body):
                _heard(ticket, at)
            else:
                _asked(ticket, at)
            if notify:
                _tell(ticket, message, files, was_resolved=was_resolved)
    except IntegrityError as error:
        raise _already_said(form_key, ticket, body) or error
    return message


def summarise(*, ticket: Ticket, author: User, body: str, at: datetime) -> None:
    """What was done, as the team's last message of a locked ticket that gets resolved."""
    _say(ticket, clean_text(body), "", author, at)
    ticket.first_answered_at = ticket.first_answered_at or at
    ticket.last_message_at = at
    ticket.save(update_fields=["last_message_at", "first_answered_at"])


def solve(
    *, ticket: Ticket, body: str = "", form_key: str = "", notify: bool = True, at: datetime | None = None
) -> None:
    """The customer calls it resolved, perhaps with some last words and files, which become a message.

    Raises TicketClosed where there is nothing left to resolve, AlreadySent for a form sent before.
    """
    at = at or timezone.now()
    body = clean_text(body)
    try:
        with transaction.atomic():
            lock(ticket)
            if ticket.merged_into_id or not ticket.is_open:
                raise TicketClosed(ticket.reference)
            if body or (form_key and attachments.has_new_drafts(form_key)):
                message, _files = _say(ticket, body, form_key, None, at)
                _heard(ticket, at)
                if notify:
                    notifications.customer_replied(message)
            set_status(ticket, Ticket.Status.RESOLVED, None, at)
    except IntegrityError as error:
        raise _already_said(form_key, ticket, body) or error


def reopen(*, ticket: Ticket, by: User | None, notify: bool = True, at: datetime | None = None) -> None:
    """Take a resolved or closed ticket up again: the team at any time, the customer within 14 days.

    The customer waits for an answer from then on. Nothing happens to a ticket that is open.
    Raises TicketClosed for a customer who comes too late.
    """
    at = at or timezone.now()
    with transaction.atomic():
        lock(ticket)
        if ticket.merged_into_id or (by is None and not can_be_answered(ticket, at)):
            raise TicketClosed(ticket.reference)
        if ticket.is_open:
            return
        ticket.waiting_since = at
        set_status(ticket, Ticket.Status.OPEN, by, at)
        if notify:
            notifications.ticket_reopened(ticket, by=by)


def add_note(
    *, ticket: Ticket, author: User, body: str, form_key: str = "", at: datetime | None = None
) -> Message:
    """Add a note that only the team reads. Raises AlreadySent for a form sent before."""
    at = at or timezone.now()
    body = clean_text(body)
    try:
        with transaction.atomic():
            lock(ticket)
            note = Message.objects.create(
                ticket=ticket,
                kind=Message.Kind.NOTE,
                author=author,
                author_name=staff_name(author),
                body=body,
                form_key=form_key or None,
                created_at=at,
            )
            files = attachments.take_drafts(form_key=form_key, message=note)
            _record(ticket, Event.Kind.NOTED, at, actor=author, message=note, files=files)
            if ticket.status == Ticket.Status.NEW:
                set_status(ticket, Ticket.Status.OPEN, author, at)
    except IntegrityError as error:
        raise _already_said(form_key, ticket, body) or error
    return note


def lock(ticket: Ticket) -> None:
    """Read the ticket anew and keep others from changing it until the transaction ends."""
    latest = Ticket.objects.select_related("requester", "assignee").select_for_update(of=("self",))
    ticket.refresh_from_db(from_queryset=latest)


def can_be_answered(ticket: Ticket, at: datetime | None = None) -> bool:
    """Whether a message of the customer still belongs to this ticket."""
    if ticket.merged_into_id or ticket.status == Ticket.Status.CLOSED:
        return False
    if ticket.status != Ticket.Status.RESOLVED or ticket.resolved_at is None:
        return True
    return (at or timezone.now()) < ticket.resolved_at + sla.REOPEN_WINDOW


def set_status(ticket: Ticket, to: str, by: User | None, at: datetime) -> None:
    """Move a locked ticket to another status, with its event; nothing when it is there already.

    What was said about the old status (whom we depend on, a reminder) ends with it, and a forecast where it
    is no longer our turn. Each resolution can be rated.
    """
    if ticket.status == to:
        return
    old, ticket.status, ticket.status_since = ticket.status, to, at
    ticket.waiting_note, ticket.reminded_at = "", None
    if to == Ticket.Status.RESOLVED:
        ticket.resolved_at = at
    elif to == Ticket.Status.CLOSED:
        ticket.closed_at = at
    else:
        ticket.resolved_at = ticket.closed_at = None
    if to in (Ticket.Status.WAITING_CUSTOMER, Ticket.Status.RESOLVED, Ticket.Status.CLOSED):
        _stop_waiting(ticket)
    ticket.save(update_fields=STANDING_FIELDS)
    if to == Ticket.Status.RESOLVED:
        Survey.objects.get_or_create(ticket=ticket, resolved_at=at)
    Event.objects.create(ticket=ticket, kind=Event.Kind.STATUS, actor=by, old=old, new=to, created_at=at)


def staff_name(user: User) -> str:
    """How customers know someone of the team: by the first name."""
    return user.first_name or user.get_username()


def _digest(*parts: str) -> str:
    """A fingerprint of the words that a form sent; its files are told apart by their own."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _already_opened(form_key: str, digest: str) -> AlreadySent | None:
    """The ticket that this form key became before, if any: a file that came only now is new content."""
    first = Ticket.objects.filter(form_key=form_key).first()
    if not form_key or first is None:
        return None
    same_content = first.form_digest == digest and not attachments.has_new_drafts(form_key)
    return AlreadySent(first, same_content=same_content)


def _already_said(form_key: str, ticket: Ticket, body: str) -> AlreadySent | None:
    """What that form key became before, if anything: a file that came only now is new content."""
    first = Message.objects.select_related("ticket").filter(form_key=form_key).first()
    if not form_key or first is None:
        return None
    is_same = first.ticket_id == ticket.pk and first.body == body
    same_content = is_same and not attachments.has_new_drafts(form_key)
    return AlreadySent(first.ticket, same_content=same_content, message=first)


def _record(ticket: Ticket, kind: str, at: datetime, *, message, files, actor: User | None = None) -> None:
    """The event of a message, and one for each of its files that had been refused before it was sent."""
    events = [Event(ticket=ticket, kind=kind, actor=actor, message=message, created_at=at)]
    events += [attachments.refusal(file, ticket, at) for file in files if file.is_refused]
    Event.objects.bulk_create(events)


def _say(
    ticket: Ticket, body: str, form_key: str, author: User | None, at: datetime
) -> tuple[Message, list[Attachment]]:
    """A public message of a locked ticket, with the drafts of its form and its events."""
    message = Message.objects.create(
        ticket=ticket,
        kind=Message.Kind.STAFF if author else Message.Kind.CUSTOMER,
        author=author,
        author_name=staff_name(author) if author else ticket.requester.name,
        body=body,
        form_key=form_key or None,
        created_at=at,
    )
    files = attachments.take_drafts(form_key=form_key, message=message)
    _record(ticket, Event.Kind.REPLIED, at, actor=author, message=message, files=files)
    return message, files


def _tell(ticket: Ticket, message: Message, files: list[Attachment], *, was_resolved: bool) -> None:
    """The mails about an answer and what it did to the ticket. Mere thanks are read when someone looks."""
    is_resolved = ticket.status == Ticket.Status.RESOLVED
    if message.author:
        notifications.staff_replied(message, files=files)
    elif not is_resolved:
        notifications.customer_replied(message)
        if was_resolved:
            notifications.ticket_reopened(ticket)


def _is_courtesy(ticket: Ticket, body: str) -> bool:
    """Whether it only thanks, perhaps by name whoever answers the ticket or has it."""
    answers = ticket.messages.filter(kind=Message.Kind.STAFF)
    names = [ticket.requester.name, *answers.values_list("author_name", flat=True)]
    if ticket.assignee:
        names.append(staff_name(ticket.assignee))
    return is_courtesy(body, names=names)


def _answered(ticket: Ticket, next_status: str, author: User, at: datetime) -> None:
    ticket.last_message_at = at
    ticket.first_answered_at = ticket.first_answered_at or at
    ticket.reminded_at = None
    _stop_waiting(ticket)
    ticket.save(
        update_fields=[
            "last_message_at",
            "first_answered_at",
            "waiting_since",
            "forecast_at",
            "reminded_at",
        ]
    )
    set_status(ticket, next_status, author, at)


def _stop_waiting(ticket: Ticket) -> None:
    """It is no longer our turn, or it has been taken: nothing is promised."""
    if ticket.forecast_at:
        notifications.forecast_ended(ticket)
    ticket.waiting_since = ticket.forecast_at = None


def _heard(ticket: Ticket, at: datetime) -> None:
    """Words that ask for nothing."""
    ticket.last_message_at = at
    ticket.save(update_fields=["last_message_at"])


def _asked(ticket: Ticket, at: datetime) -> None:
    ticket.last_message_at = at
    ticket.waiting_since = ticket.waiting_since or at
    ticket.save(update_fields=["last_message_at", "waiting_since"])
    if ticket.status in (Ticket.Status.WAITING_CUSTOMER, Ticket.Status.RESOLVED):
        set_status(ticket, Ticket.Status.OPEN, None, at)
