"""The customer's way: the ticket form and its receipt, the mailed link, the conversation."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from docs_kb.dates import clock
from docs_kb.throttle import Throttled
from tickets import access
from tickets.conversation import AlreadySent, TicketClosed, open_ticket
from tickets.conversation import reply as add_reply
from tickets.forms import LinkRequestForm, ReplyForm, TicketForm
from tickets.guides import guides_about
from tickets.models import OutboxMessage, Ticket
from tickets.standing import public_thread, standing
from tickets.views.origin import Origin
from tickets.views.private import private, slow_down
from tickets.views.submission import Submission, is_foreign, pressed_button, token_refusal

log = logging.getLogger(__name__)
# A form that came back: understood, but not to be carried out as it is.
UNSENT = 422
# What a database or a disk raises that cannot take what was sent.
NOT_STORED = (DatabaseError, OSError)


@csrf_exempt  # it checks for itself, to give the text back
@require_http_methods(["GET", "HEAD", "POST"])
@private
def create(request: HttpRequest) -> HttpResponse:
    """The ticket form; sent, it becomes a ticket and leads to the receipt."""
    if request.method != "POST":
        return _form_page(request, TicketForm(), Submission(), Origin.read(request.GET))
    refusal = token_refusal(request)
    if refusal and is_foreign(request):
        return refusal
    origin = Origin.read(request.POST, without=request.POST.get("drop"))
    form, submission = TicketForm(request.POST), Submission.posted(request)
    try:
        return _receive(request, form, submission, origin, is_stale=refusal is not None)
    except NOT_STORED:
        log.exception("A ticket could not be stored")
        return _form_page(request, form, submission, origin, notice=_unstored("Enviar ticket"), status=503)


def _receive(
    request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin, *, is_stale: bool
) -> HttpResponse:
    submission.judge_files(request, form)
    is_ready = not (is_stale or pressed_button(request) or form.errors or submission.is_hasty)
    limits = access.ticket_limits(request, form.cleaned_data["email"]) if is_ready else []
    throttled = submission.keep_files(request, form, limits=limits)
    if is_stale:
        return _form_page(request, form, submission, origin, notice=_stale("Enviar ticket"), status=403)
    if pressed_button(request):
        return _form_page(request, form, submission, origin)
    if form.errors:
        return _form_page(request, form, submission, origin, status=UNSENT)
    if submission.is_hasty:
        notice = _("Comprueba que está todo y envíalo otra vez")
        return _form_page(request, form, submission, origin, notice=notice, status=UNSENT)
    if throttled:
        page = _form_page(request, form, submission, origin, notice=_wait(throttled))
        return slow_down(page, throttled)
    return _send(request, form, submission, origin)


def _send(request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin) -> HttpResponse:
    words = {name: form.cleaned_data[name] for name in ("name", "email", "description")}
    try:
        ticket = open_ticket(
            **words,
            form_key=submission.form_key,
            article=origin.article,
            search_query=origin.told,
            is_marked_urgent=origin.is_urgent,
        )
    except AlreadySent as sent:
        ticket = sent.ticket
        if not sent.same_content:
            submission.start_over()
            notice = _("Ya enviaste %s. ¿Enviamos esto como otro ticket?") % ticket.reference
            return _form_page(request, form, submission, origin, notice=notice, status=UNSENT)
    access.grant_receipt(request, ticket)
    return redirect("tickets:receipt", ticket.reference)


def _form_page(
    request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin, status=200, **extra
) -> HttpResponse:
    context = {"form": form, "origin": origin, **_surroundings(request, submission), **extra}
    return render(request, "tickets/create.html", context, status=status)


@require_safe
@private
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The written proof: reference, deadline and all that was sent."""
    ticket = access.receipt_for(request, reference)
    first = ticket.messages.public().prefetch_related("attachments").earliest("created_at", "id")
    context = {
        "ticket": ticket,
        "standing": standing(ticket),
        "message": first,
        "can_follow": access.can_read(request, ticket),
        "copy_failed": _is_copy_undelivered(ticket),
        "guides": guides_about(first.body),
    }
    return render(request, "tickets/receipt.html", context)


def _is_copy_undelivered(ticket: Ticket) -> bool:
    """Whether the mail with the copy and the link was refused for good."""
    lost = (OutboxMessage.State.FAILED, OutboxMessage.State.BOUNCED)
    return ticket.outbox.filter(recipient=ticket.requester.email, state__in=lost).exists()


# --- The mailed link ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@private
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, because mail scanners follow links; only pressing it opens the ticket."""
    ticket = access.ticket_for_token(token)
    if ticket is None:
        return render(request, "tickets/dead_link.html", {"form": LinkRequestForm()}, status=404)
    if request.method != "POST":
        return render(request, "tickets/open_link.html", {"ticket": ticket})
    access.grant_ticket(request, ticket)
    return redirect(ticket)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def link_request(request: HttpRequest) -> HttpResponse:
    """Ask for a new link; the answer is the same whether or not the address is known."""
    form = LinkRequestForm(request.POST or None)
    if request.method != "POST":
        return render(request, "tickets/link_request.html", {"form": form})
    if not form.is_valid():
        return render(request, "tickets/link_request.html", {"form": form}, status=UNSENT)
    if throttled := access.may_request_link(request, form.cleaned_data["email"]):
        page = render(request, "429.html", {"retry_at": _retry_at(throttled)})
        return slow_down(page, throttled)
    access.request_link(form.cleaned_data["email"])
    return render(request, "tickets/link_sent.html")


# --- The conversation -----------------------------------------------------------------------


@require_safe
@private
def conversation(request: HttpRequest, reference: str) -> HttpResponse:
    """What was said and what happened, with a form to answer."""
    return _conversation_page(request, access.ticket_for(request, reference), ReplyForm(), Submission())


@csrf_exempt  # it checks for itself, to give the text back
@require_POST
@private
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the customer's answer with its files."""
    refusal = token_refusal(request)
    if refusal and is_foreign(request):
        return refusal
    ticket = access.ticket_for(request, reference)
    form, submission = ReplyForm(request.POST), Submission.posted(request)
    try:
        return _receive_reply(request, ticket, form, submission, is_stale=refusal is not None)
    except NOT_STORED:
        log.exception("An answer could not be stored")
        notice = _unstored("Enviar respuesta")
        return _conversation_page(request, ticket, form, submission, notice=notice, status=503)


def _receive_reply(
    request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission, *, is_stale: bool
) -> HttpResponse:
    submission.judge_files(request, form)
    is_ready = not (is_stale or pressed_button(request) or form.errors)
    throttled = submission.keep_files(
        request, form, limits=access.reply_limits(request, ticket) if is_ready else []
    )
    if is_stale:
        notice = _stale("Enviar respuesta")
        return _conversation_page(request, ticket, form, submission, notice=notice, status=403)
    if pressed_button(request):
        return _conversation_page(request, ticket, form, submission)
    if form.errors:
        return _conversation_page(request, ticket, form, submission, status=UNSENT)
    if throttled:
        page = _conversation_page(request, ticket, form, submission, notice=_wait(throttled))
        return slow_down(page, throttled)
    return _answer(request, ticket, form, submission)


def _answer(request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission) -> HttpResponse:
    try:
        add_reply(ticket=ticket, author=None, body=form.cleaned_data["body"], form_key=submission.form_key)
    except AlreadySent as sent:
        if not sent.same_content:
            submission.start_over()
            notice = _("Ya enviaste una respuesta con este formulario. ¿Enviamos esto como otra?")
            return _conversation_page(request, ticket, form, submission, notice=notice, status=UNSENT)
    except TicketClosed:
        notice = _("El ticket se ha cerrado y ya no admite respuestas. Copia tu texto en un ticket nuevo.")
        return _conversation_page(request, ticket, form, submission, notice=notice, status=UNSENT)
    messages.success(request, _("Respuesta enviada"))
    return redirect(reverse("tickets:conversation", args=[ticket.reference]) + "#ultimo")


def _conversation_page(
    request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission, status=200, **extra
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "standing": standing(ticket),
        "thread": public_thread(ticket, whole="todo" in request.GET),
        "form": form,
        **_surroundings(request, submission),
        **extra,
    }
    return render(request, "tickets/conversation.html", context, status=status)


@require_POST
@private
def close_access(request: HttpRequest, reference: str) -> HttpResponse:
    """Forget on this computer that the link was opened."""
    access.revoke(request, reference)
    return render(request, "tickets/access_closed.html")


# --- What both forms say --------------------------------------------------------------------


def _surroundings(request: HttpRequest, submission: Submission) -> dict:
    """What a form's page says beside the form. The session may see the drafts that the page lists."""
    if request.method == "POST" and submission.drafts:
        access.remember_form(request, submission.form_key)
    return {
        "submission": submission,
        "max_files": settings.MAX_FILES,
        "max_file_bytes": settings.MAX_FILE_BYTES,
        "max_total_bytes": settings.MAX_TOTAL_BYTES,
        "company_name": settings.COMPANY_NAME,
        "pressed": pressed_button(request),
    }


def _stale(button: str) -> str:
    return _("La página llevaba mucho tiempo abierta. Revisa tu texto y pulsa «%s» otra vez.") % button


def _unstored(button: str) -> str:
    return (
        _(
            "No hemos podido guardarlo; el fallo es nuestro. Tu texto sigue aquí: mira si están tus archivos "
            "y pulsa «%s» otra vez dentro de un momento."
        )
        % button
    )


def _wait(throttled: Throttled) -> str:
    sentence = _(
        "Demasiados intentos seguidos. Espera hasta las %s y vuelve a enviarlo: tu texto sigue aquí."
    )
    return sentence % clock(_retry_at(throttled))


def _retry_at(throttled: Throttled) -> datetime:
    return timezone.now() + timedelta(seconds=throttled.retry_after)
