"""Who may see or do what: signed links, what a session has opened, and how often something may be tried.

A reference is a label and admits nobody. A receipt is shown to the session that sent the form, a
conversation to the session that opened the mailed link, and both for eight hours; to whoever entered
Mi Cuenta with a code, all tickets of their address.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from docs_kb.throttle import Limit, Throttled, hit_all, network_of
from tickets import notifications
from tickets.links import revoke_links, signed_token, signed_url, ticket_for_token
from tickets.models import Attachment, Event, Message, Requester, Ticket
from tickets.models.requester import normalise_address
from tickets.models.ticket import normalise_reference

# Left with a browser that signed in, so that it can be told when its session has ended; it admits to nothing.
MARK_COOKIE = f"{settings.SESSION_COOKIE_NAME}_was"
SESSION_SECONDS = 8 * 60 * 60
RECEIPTS, TICKETS, FORMS = "receipts", "tickets", "forms"
# How many of each a session remembers.
LONGEST_MEMORY = 50
LINKS_PER_MAIL = 10
UPLOADS = "upload-network"
SUGGESTIONS_AN_HOUR, SOLVED_AN_HOUR = 600, 60
__all__ = ["revoke_links", "signed_token", "signed_url", "ticket_for_token"]


class NoAccess(PermissionDenied):
    """This session may not see that ticket, or there is none: the answer is the same."""


# --- Who has signed in --------------------------------------------------------------------------


def signed_in_requester(request: HttpRequest) -> Requester | None:
    """The customer who entered Mi Cuenta with a code in this session; nobody of the team is one."""
    user = request.user
    if not user.is_authenticated or user.is_staff or user.is_superuser:
        return None
    return getattr(user, "requester", None)


# --- New links ----------------------------------------------------------------------------------


def request_link(email: str) -> None:
    """Mail new links to the tickets of an address; for one without tickets the same work for nothing."""
    with transaction.atomic():
        requester = Requester.objects.with_address(email).select_for_update().first()
        tickets = _linkable(email)
        renewed = [ticket.pk for ticket in tickets] or [0]  # an empty list would not be asked about at all
        Ticket.objects.filter(pk__in=renewed).update(link_renewed_at=timezone.now())
        notifications.link_requested(requester or Requester(email=normalise_address(email)), tickets)


def _linkable(email: str) -> list[Ticket]:
    return list(Ticket.objects.genuine().of_address(email).order_by("-last_message_at")[:LINKS_PER_MAIL])


# --- What a session has opened ------------------------------------------------------------------


def grant_receipt(request: HttpRequest, ticket: Ticket) -> None:
    """Let this session see the receipt of the ticket that it just sent."""
    _cycle_key(request)
    _remember(request, RECEIPTS, str(ticket.pk), ticket.link_counter)


def grant_ticket(request: HttpRequest, ticket: Ticket) -> None:
    """Let this session read and answer the ticket whose link it opened; that proves the address."""
    _cycle_key(request)
    _remember(request, TICKETS, str(ticket.pk), ticket.link_counter)
    now = timezone.now()
    with transaction.atomic():
        Event.objects.create(ticket=ticket, kind=Event.Kind.LINK_OPENED, created_at=now)
        unproven = Requester.objects.filter(pk=ticket.requester_id, verified_at=None)
        unproven.update(verified_at=now)


def revoke(request: HttpRequest, reference: str) -> None:
    """Forget on this computer that a ticket was opened or sent, and those that were joined to it; whoever
    sees it by having signed in is signed out."""
    ticket = _ticket(reference)
    if ticket is None:
        return
    if _is_own(request, ticket):
        logout(request)
        return
    for pk in [ticket.pk, *(one.pk for one in _joined(request, [ticket]))]:
        for kind in (RECEIPTS, TICKETS):
            held = request.session.get(kind, {})
            if held.pop(str(pk), None):
                request.session[kind] = held


def receipt_for(request: HttpRequest, reference: str) -> Ticket:
    """The ticket whose form this session sent, or which it may read. Raises NoAccess."""
    ticket = _ticket(reference)
    if ticket and (_holds(request, RECEIPTS, ticket) or can_read(request, ticket)):
        return ticket
    raise NoAccess


def is_own_receipt(request: HttpRequest, ticket: Ticket) -> bool:
    """Whether this very session sent the form of a ticket."""
    return _holds(request, RECEIPTS, ticket)


def sent_tickets(request: HttpRequest, *, since: datetime) -> list[Ticket]:
    """The tickets that this session sent after some moment, so that it may see their receipts."""
    sent = [
        int(pk) for pk, (at, _counter) in request.session.get(RECEIPTS, {}).items() if at > since.timestamp()
    ]
    if not sent:
        return []
    tickets = Ticket.objects.genuine().select_related("requester").filter(pk__in=sent)
    return [ticket for ticket in tickets if _holds(request, RECEIPTS, ticket)]


def continued_ticket(request: HttpRequest, reference: str) -> Ticket | None:
    """The ticket that a new one may be joined to as its continuation: one this session sent or may read."""
    try:
        return receipt_for(request, reference)
    except NoAccess:
        return None


def sent_messages(request: HttpRequest, ticket: Ticket) -> list[Message]:
    """What this session itself wrote in a ticket whose receipt it may see: the first words, and what it
    added with a form of its own since."""
    messages = list(ticket.messages.filter(kind=Message.Kind.CUSTOMER).prefetch_related("attachments"))
    return [one for i, one in enumerate(messages) if i == 0 or _holds_form(request, one.form_key or "")]


def ticket_for(request: HttpRequest, reference: str) -> Ticket:
    """The ticket, for a session that may read it. Raises NoAccess."""
    ticket = _ticket(reference)
    if ticket and can_read(request, ticket):
        return ticket
    raise NoAccess


def ticket_to_answer(request: HttpRequest, reference: str) -> Ticket:
    """The ticket that takes an answer to this one: the one it was joined to, where this session may read
    that. Raises NoAccess."""
    ticket = ticket_for(request, reference)
    into = ticket.merged_into
    return into if into and can_read(request, into) else ticket


def can_read(request: HttpRequest, ticket: Ticket) -> bool:
    """Whether this session may read the whole conversation: it opened the ticket's link, or that of one of
    the same customer which was joined to it since; or the customer has signed in."""
    return bool(readable(request, [ticket]))


def readable(request: HttpRequest, tickets: list[Ticket]) -> list[Ticket]:
    """Those of some tickets that this session may read. One query at most, however many they are."""
    known = [one for one in tickets if _holds(request, TICKETS, one) or _is_own(request, one)]
    others = [one for one in tickets if one not in known]
    joined_to = {one.merged_into_id for one in _joined(request, others)}
    return known + [one for one in others if one.pk in joined_to]


def opened_tickets(request: HttpRequest) -> QuerySet[Ticket]:
    """The tickets whose links this session has opened and may still read."""
    opened = Ticket.objects.filter(pk__in=[int(pk) for pk in request.session.get(TICKETS, {})])
    held = [ticket.pk for ticket in opened if _holds(request, TICKETS, ticket)]
    return Ticket.objects.filter(pk__in=held, merged_into=None)


def remember_form(request: HttpRequest, form_key: str) -> None:
    """Let this session see the files that it sends with a form before the form is sent."""
    if not _holds_form(request, form_key):
        _remember(request, FORMS, form_key, 0)


def attachment_for(request: HttpRequest, key: str) -> Attachment:
    """A file, for whoever may see where it belongs. Raises Http404 for everybody else.

    Staff with the right to see tickets see all; a session that may read a ticket, its files but those of
    notes; the session of a receipt those it sent with it; the session of a form its drafts.
    """
    attachment = Attachment.objects.select_related("message__ticket__merged_into").filter(key=key).first()
    if attachment is None or not (_is_staff(request) or _is_open_to(request, attachment)):
        raise Http404
    return attachment


def _is_open_to(request: HttpRequest, attachment: Attachment) -> bool:
    message = attachment.message
    if message is None:
        return _holds_form(request, attachment.form_key)
    if message.is_internal:
        return False
    if can_read(request, message.ticket):
        return True
    is_own = attachment.form_key == message.ticket.form_key or _holds_form(request, attachment.form_key)
    return _holds(request, RECEIPTS, message.ticket) and is_own


def _is_own(request: HttpRequest, ticket: Ticket) -> bool:
    """Whether it is one of the signed-in customer's, as `Ticket.objects.visible_to` finds them."""
    requester = signed_in_requester(request)
    if requester is None or requester.pk != ticket.requester_id or ticket.is_spam:
        return False
    return ticket.merged_into is None or ticket.merged_into.requester_id == requester.pk


def _is_staff(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and user.is_staff and user.has_perm("tickets.view_ticket")


def _ticket(reference: str) -> Ticket | None:
    tickets = Ticket.objects.select_related("requester", "assignee", "merged_into")
    return tickets.filter(reference=normalise_reference(reference) or None).first()


def _holds(request: HttpRequest, kind: str, ticket: Ticket) -> bool:
    since, counter = request.session.get(kind, {}).get(str(ticket.pk), (0, -1))
    return counter == ticket.link_counter and since > _now() - SESSION_SECONDS


def _holds_form(request: HttpRequest, form_key: str) -> bool:
    return bool(form_key) and form_key in request.session.get(FORMS, {})


def _joined(request: HttpRequest, tickets: list[Ticket]) -> list[Ticket]:
    """The tickets of the same customer, joined to one of these, whose links this session opened."""
    opened = [int(pk) for pk in request.session.get(TICKETS, {})]
    if not opened or not tickets:
        return []
    joined = Ticket.objects.filter(pk__in=opened, merged_into__in=tickets)
    own = joined.filter(requester=F("merged_into__requester"))
    return [one for one in own if _holds(request, TICKETS, one)]


def _remember(request: HttpRequest, kind: str, key: str, counter: int) -> None:
    held = request.session.get(kind, {}) | {key: [_now(), counter]}
    newest = sorted(held.items(), key=lambda item: item[1][0])[-LONGEST_MEMORY:]
    request.session[kind] = dict(newest)


def _cycle_key(request: HttpRequest) -> None:
    """A session that gains rights gets a new key, so that nobody who planted the old one has them."""
    if request.session.session_key:
        request.session.cycle_key()


def _now() -> int:
    return int(timezone.now().timestamp())


# --- How often ------------------------------------------------------------------------------------


def ticket_limits(request: HttpRequest, email: str) -> list[Limit]:
    """Five tickets per address and thirty per network an hour."""
    address = normalise_address(email)
    return [Limit("ticket-address", address, 5), Limit("ticket-network", network_of(request), 30)]


def reply_limits(request: HttpRequest, ticket: Ticket) -> list[Limit]:
    """Thirty answers per ticket and sixty per network an hour."""
    return [Limit("reply-ticket", str(ticket.pk), 30), Limit("reply-network", network_of(request), 60)]


def suggestion_limit(request: HttpRequest) -> Limit:
    """As many looks for guides per network an hour as searches."""
    return Limit("suggestions-network", network_of(request), SUGGESTIONS_AN_HOUR)


def solved_limit(request: HttpRequest) -> Limit:
    """As many tickets solved by guides per network an hour as votes."""
    return Limit("solved-network", network_of(request), SOLVED_AN_HOUR)


def correction_limits(request: HttpRequest, ticket: Ticket, email: str) -> list[Limit]:
    """Three corrections of a ticket's address an hour, each counted as a ticket for the new one."""
    return [Limit("correction-ticket", str(ticket.pk), 3), *ticket_limits(request, email)]


def upload_limit(request: HttpRequest) -> Limit:
    """Three hundred requests with files per network an hour, before these are part of anything."""
    return Limit(UPLOADS, network_of(request), 300)


def may_request_link(request: HttpRequest, email: str) -> Throttled | None:
    """Five new links per address and twenty per network an hour; None: go on."""
    address = normalise_address(email)
    return hit_all([Limit("link-address", address, 5), Limit("link-network", network_of(request), 20)])
