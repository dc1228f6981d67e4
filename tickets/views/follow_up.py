"""The customer's way back: the mailed link and the conversation behind it."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickets import access, cases
from tickets.conversation import AlreadySent, TicketClosed
from tickets.conversation import reply as add_reply
from tickets.forms import AddressForm, ReplyForm
from tickets.models import Ticket
from tickets.models.ticket import normalise_reference
from tickets.standing import latest_answer, public_thread, standing
from tickets.transcript import as_text
from tickets.views.private import private, slow_down
from tickets.views.questions import about_secrets, words_of
from tickets.views.redrawing import NOT_STORED, UNSENT, retry_at, stale, surroundings, unstored, wait
from tickets.views.submission import Submission, is_foreign, pressed_button, token_refusal

log = logging.getLogger(__name__)
CLOSED = gettext_lazy("El ticket ya no admite respuestas. Tu texto sigue aquí.")


# --- The mailed link ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@private
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button, because mail scanners follow links; only pressing it opens the ticket."""
    ticket = access.ticket_for_token(token)
    if ticket is None:
        return render(request, "tickets/dead_link.html", {"form": AddressForm()}, status=404)
    if request.method != "POST":
        return render(request, "tickets/open_link.html", {"ticket": ticket})
    access.grant_ticket(request, ticket)
    return redirect(ticket)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def link_request(request: HttpRequest) -> HttpResponse:
    """Ask for a new link; the answer is the same whether or not the address is known."""
    form = AddressForm(request.POST or None)
    if request.method != "POST":
        return render(request, "tickets/link_request.html", {"form": form})
    if not form.is_valid():
        return render(request, "tickets/link_request.html", {"form": form}, status=UNSENT)
    if throttled := access.may_request_link(request, form.cleaned_data["email"]):
        page = render(request, "429.html", {"retry_at": retry_at(throttled)})
        return slow_down(page, throttled)
    access.request_link(form.cleaned_data["email"])
    return render(request, "tickets/link_sent.html")


# --- The conversation -----------------------------------------------------------------------


@require_safe
@private
def conversation(request: HttpRequest, reference: str) -> HttpResponse:
    """What was said and what happened, with a form to answer."""
    return conversation_page(request, access.ticket_for(request, reference), ReplyForm(), Submission())


@csrf_exempt  # it checks for itself, to give the text back
@require_POST
@private
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the customer's answer with its files."""
    refusal = token_refusal(request)
    if refusal and is_foreign(request):
        return refusal
    ticket = access.ticket_to_answer(request, reference)
    if ticket.reference != normalise_reference(reference):
        messages.info(request, _("Hemos unido tu ticket a %s: seguimos aquí") % ticket.reference)
    words = words_of(request, "body")
    form, submission = ReplyForm(words), Submission.posted(request)
    try:
        return _receive_reply(request, ticket, form, submission, is_stale=refusal is not None)
    except NOT_STORED:
        log.exception("An answer could not be stored")
        notice = unstored("Enviar respuesta")
        return conversation_page(request, ticket, form, submission, notice=notice, status=503)


def _receive_reply(
    request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission, *, is_stale: bool
) -> HttpResponse:
    submission.judge_files(request, form)
    is_ready = not (is_stale or pressed_button(request) or form.errors)
    question = about_secrets(request, submission, form.cleaned_data["body"]) if is_ready else None
    is_ready = is_ready and question is None
    throttled = submission.keep_files(
        request, form, limits=access.reply_limits(request, ticket) if is_ready else []
    )
    if is_stale:
        notice = stale("Enviar respuesta")
        return conversation_page(request, ticket, form, submission, notice=notice, status=403)
    if pressed_button(request):
        return conversation_page(request, ticket, form, submission)
    if form.errors:
        return conversation_page(request, ticket, form, submission, status=UNSENT)
    if question:
        return conversation_page(request, ticket, form, submission, question=question, status=UNSENT)
    if throttled:
        page = conversation_page(request, ticket, form, submission, notice=wait(throttled))
        return slow_down(page, throttled)
    return _answer(request, ticket, form, submission)


def _answer(request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission) -> HttpResponse:
    was_open = ticket.is_open
    try:
        add_reply(ticket=ticket, author=None, body=form.cleaned_data["body"], form_key=submission.form_key)
    except AlreadySent as sent:
        if not sent.same_content:
            submission.start_over()
            notice = _("Ya enviaste una respuesta con este formulario. ¿Enviamos esto como otra?")
            return conversation_page(request, ticket, form, submission, notice=notice, status=UNSENT)
    except TicketClosed:
        return conversation_page(request, ticket, form, submission, notice=CLOSED, status=UNSENT)
    messages.success(request, _what_it_did(ticket, was_open=was_open))
    return redirect(reverse("tickets:conversation", args=[ticket.reference]) + "#ultimo")


def _what_it_did(ticket: Ticket, *, was_open: bool) -> str:
    """What the answer did to a ticket that was resolved: reopened it, or not for mere thanks."""
    if was_open:
        return _("Respuesta enviada")
    if ticket.is_open:
        return _("Respuesta enviada. Lo hemos reabierto.")
    return _("Gracias. Tu ticket sigue resuelto; si algo falla, dínoslo y lo reabrimos")


def conversation_page(
    request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission, status=200, **extra
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "standing": standing(ticket),
        "case": cases.public(request, ticket),
        "thread": public_thread(ticket, whole="todo" in request.GET),
        "form": form,
        **surroundings(request, submission),
        **extra,
    }
    return render(request, "tickets/conversation.html", context, status=status)


@require_safe
@private
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """The id of the team's latest answer, for a page that asks whether it is still the one it shows."""
    latest = latest_answer(access.ticket_for(request, reference))
    answer = JsonResponse({"latest": latest})
    answer.headers["ETag"] = etag = quote_etag(str(latest))
    return get_conditional_response(request, etag=etag, response=answer)


@require_safe
@private
def transcript(request: HttpRequest, reference: str) -> HttpResponse:
    """The conversation to keep: a text file, named after the reference."""
    ticket = access.ticket_for(request, reference)
    response = HttpResponse(as_text(ticket), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{ticket.reference}.txt")
    return response


@require_POST
@private
def close_access(request: HttpRequest, reference: str) -> HttpResponse:
    """Forget on this computer that the link was opened."""
    access.revoke(request, reference)
    return render(request, "tickets/access_closed.html")
