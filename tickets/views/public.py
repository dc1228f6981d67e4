"""The ticket form, the guides that may make it unnecessary, and its receipt."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from docs_kb.models import Article
from docs_kb.throttle import hit_all
from tickets import access, deflections
from tickets.conversation import AlreadySent, open_ticket
from tickets.forms import TicketForm
from tickets.guides import guides_about, is_long_enough
from tickets.models import OutboxMessage, Ticket
from tickets.standing import standing
from tickets.views.origin import Origin
from tickets.views.private import private, slow_down
from tickets.views.redrawing import NOT_STORED, UNSENT, stale, surroundings, unstored, wait
from tickets.views.submission import Submission, is_foreign, pressed_button, token_refusal

log = logging.getLogger(__name__)


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
        return _form_page(request, form, submission, origin, notice=unstored("Enviar ticket"), status=503)


def _receive(
    request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin, *, is_stale: bool
) -> HttpResponse:
    submission.judge_files(request, form)
    is_ready = not (is_stale or pressed_button(request) or form.errors or submission.is_hasty)
    limits = access.ticket_limits(request, form.cleaned_data["email"]) if is_ready else []
    throttled = submission.keep_files(request, form, limits=limits)
    if is_stale:
        return _form_page(request, form, submission, origin, notice=stale("Enviar ticket"), status=403)
    if button := pressed_button(request):
        notice = _take_back(submission) if button == "undo" else ""
        return _form_page(request, form, submission, origin, notice=notice)
    if form.errors:
        return _form_page(request, form, submission, origin, status=UNSENT)
    if submission.is_hasty:
        notice = _("Comprueba que está todo y envíalo otra vez")
        return _form_page(request, form, submission, origin, notice=notice, status=UNSENT)
    if throttled:
        page = _form_page(request, form, submission, origin, notice=wait(throttled))
        return slow_down(page, throttled)
    return _send(request, form, submission, origin)


def _take_back(submission: Submission) -> str:
    """Whoever comes back from «Nos alegra» finds the form as it was."""
    deflections.undo(form_key=submission.form_key)
    return _("Aquí sigue tu ticket, tal como lo dejaste. Todavía no se ha enviado.")


def _send(request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin) -> HttpResponse:
    words = {name: form.cleaned_data[name] for name in ("name", "email", "description")}
    try:
        ticket = open_ticket(
            **words,
            form_key=submission.form_key,
            article=origin.article,
            category=origin.category,
            search_query=origin.search_query,
            suggested=submission.suggested,
            read=submission.read,
            is_marked_urgent=origin.is_urgent,
        )
    except AlreadySent as sent:
        ticket = sent.ticket
        if not sent.same_content:
            submission.start_over()
            notice = _("Ya enviaste %s. ¿Enviamos esto como otro ticket?") % ticket.reference
            return _form_page(request, form, submission, origin, notice=notice, status=UNSENT)
    if submission.suggested:
        deflections.undo(form_key=submission.form_key)
    access.grant_receipt(request, ticket)
    return redirect("tickets:receipt", ticket.reference)


def _form_page(
    request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin, status=200, **extra
) -> HttpResponse:
    context = {
        "form": form,
        "origin": origin,
        "guides": _guides(request, form, submission),
        "is_searchable": is_long_enough(form["description"].value() or ""),
        **surroundings(request, submission),
        **extra,
    }
    return render(request, "tickets/create.html", context, status=status)


def _guides(request: HttpRequest, form: TicketForm, submission: Submission) -> list[Article]:
    """What the form suggests as it comes back: it was asked to, or did so before."""
    if pressed_button(request) != "guides" and not submission.suggested:
        return []
    if hit_all([access.suggestion_limit(request)]):
        return []
    guides = guides_about(form["description"].value() or "")
    submission.suggest(guides)
    return guides


# --- Guides before the ticket ---------------------------------------------------------------


@require_POST
@private
def suggestions(request: HttpRequest) -> HttpResponse:
    """The form's own section of guides about what is being written; 204 when none is good."""
    if throttled := hit_all([access.suggestion_limit(request)]):
        return slow_down(HttpResponse(), throttled)
    guides = guides_about(request.POST.get("description", ""))
    if not guides:
        return HttpResponse(status=204)
    return render(request, "tickets/_suggestions.html", {"guides": guides})


@csrf_exempt  # it checks for itself, to give the text back
@require_http_methods(["GET", "HEAD", "POST"])
@private
def solved(request: HttpRequest) -> HttpResponse:
    """«Ya lo he resuelto»: count it for the guides, send nothing, hold the form for whoever regrets it."""
    if request.method != "POST":
        return redirect("tickets:create")
    refusal = token_refusal(request)
    if refusal and is_foreign(request):
        return refusal
    origin, form, submission = Origin.read(request.POST), TicketForm(request.POST), Submission.posted(request)
    try:
        submission.judge_files(request, form)
        throttled = submission.keep_files(request, form, limits=[access.solved_limit(request)])
        if refusal:
            notice = stale("Ya lo he resuelto")
            return _form_page(request, form, submission, origin, notice=notice, status=403)
        if not throttled:
            ids = submission.read or submission.suggested
            deflections.record(form_key=submission.form_key, article_ids=ids)
    except NOT_STORED:
        log.exception("A deflection could not be stored")
    context = {"form": form, "origin": origin, **surroundings(request, submission)}
    return render(request, "tickets/solved.html", context)


# --- The receipt ----------------------------------------------------------------------------


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
