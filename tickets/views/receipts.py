"""The receipt of a ticket: the written proof, for the session that sent it, and its one correction."""

import logging
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from docs_kb.throttle import hit_all
from tickets import access, corrections, sla
from tickets.addresses import likely_address
from tickets.forms import AddressForm
from tickets.guides import guides_about
from tickets.models import OutboxMessage, Ticket
from tickets.standing import standing
from tickets.views.private import private, slow_down
from tickets.views.redrawing import NOT_STORED, UNSENT, unstored, wait

log = logging.getLogger(__name__)


def receipt_address(ticket: Ticket) -> str:
    return reverse("tickets:receipt", args=[ticket.reference])


@require_safe
@private
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Reference, deadline and all that was sent."""
    return _page(request, access.receipt_for(request, reference))


@require_POST
@private
def correct_address(request: HttpRequest, reference: str) -> HttpResponse:
    """«¿No es tu correo?»: the copy and the link go to another address, and the old link opens nothing."""
    ticket = access.receipt_for(request, reference)
    if not access.is_own_receipt(request, ticket):
        raise access.NoAccess
    form = AddressForm(request.POST, is_new=True)
    if not form.is_valid():
        return _page(request, ticket, form=form, status=UNSENT)
    email = form.cleaned_data["email"]
    if throttled := hit_all(access.correction_limits(request, ticket, email)):
        return slow_down(_page(request, ticket, form=form, notice=wait(throttled)), throttled)
    try:
        corrections.correct_address(ticket=ticket, email=email)
    except corrections.TooLate:
        notice = _("Ya no se puede cambiar aquí el correo. Escríbenos y lo corregimos.")
        return _page(request, ticket, form=form, notice=notice, status=UNSENT)
    except NOT_STORED:
        log.exception("An address could not be corrected")
        return _page(request, ticket, form=form, notice=unstored("Corregir el correo"), status=503)
    access.grant_receipt(request, ticket)
    messages.success(request, _("Hemos enviado la copia y el enlace a %s") % ticket.requester.email)
    return redirect(receipt_address(ticket))


def _page(
    request: HttpRequest, ticket: Ticket, *, form: AddressForm | None = None, notice: str = "", status=200
) -> HttpResponse:
    sent = access.sent_messages(request, ticket)
    now = timezone.now()
    context = {
        "ticket": ticket,
        "standing": standing(ticket),
        "message": sent[0],
        "sent": sent,
        "can_follow": access.can_read(request, ticket),
        "can_correct": access.is_own_receipt(request, ticket) and corrections.is_in_time(ticket, now),
        "form": form or AddressForm(initial={"email": _suggestion(ticket)}, is_new=True),
        "notice": notice,
        "copy_failed": _is_copy_undelivered(ticket),
        "usual": _usual(ticket, now),
        "guides": guides_about(sent[0].body),
    }
    return render(request, "tickets/receipt.html", context, status=status)


def _suggestion(ticket: Ticket) -> str:
    return likely_address(ticket.requester.email) or ticket.requester.email


def _usual(ticket: Ticket, now: datetime):
    """How long the first answer usually takes, while this ticket waits for its own."""
    return None if ticket.first_answered_at else sla.usual_answer(now)


def _is_copy_undelivered(ticket: Ticket) -> bool:
    """Whether the mail with the copy and the link was refused for good."""
    lost = (OutboxMessage.State.FAILED, OutboxMessage.State.BOUNCED)
    return ticket.outbox.filter(recipient=ticket.requester.email, state__in=lost).exists()
