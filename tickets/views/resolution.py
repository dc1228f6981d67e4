"""«Ya está resuelto»: the customer's question, answer and second thoughts about it."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tickets import access, conversation, surveys
from tickets.forms import RatingForm, ReplyForm
from tickets.links import survey_token
from tickets.models import Ticket
from tickets.standing import standing
from tickets.views.follow_up import CLOSED, conversation_page
from tickets.views.private import private, slow_down
from tickets.views.questions import about_secrets, words_of
from tickets.views.redrawing import NOT_STORED, UNSENT, stale, surroundings, unstored, wait
from tickets.views.submission import Submission, is_foreign, token_refusal

BUTTON = "Sí, está resuelto"
log = logging.getLogger(__name__)


@csrf_exempt  # it checks for itself, to give the text back
@require_http_methods(["GET", "HEAD", "POST"])
@private
def resolution(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask whether it is resolved, with what was being typed kept; once it is, ask how it went."""
    refusal = token_refusal(request)
    if refusal and is_foreign(request):
        return refusal
    ticket = access.ticket_for(request, reference)
    if request.method == "POST":
        return _asked(request, ticket, is_stale=refusal is not None)
    return _page(request, ticket)


def _page(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    where = standing(ticket)
    if where.can_solve:
        return _confirm_page(request, ticket, ReplyForm(), Submission())
    if where.can_reopen:
        return _solved_page(request, ticket)
    return redirect(ticket)


def _asked(request: HttpRequest, ticket: Ticket, *, is_stale: bool) -> HttpResponse:
    """The button was pressed: the first time it only leads to the question."""
    form, submission = ReplyForm(words_of(request, "body")), Submission.posted(request)
    form.fields["body"].required = False
    submission.judge_files(request, form)
    is_confirmed = "confirm" in request.POST
    is_ready = is_confirmed and not is_stale and not form.errors
    question = about_secrets(request, submission, form.cleaned_data["body"]) if is_ready else None
    is_ready = is_ready and question is None
    throttled = submission.keep_files(
        request, form, limits=access.reply_limits(request, ticket) if is_ready else []
    )
    if not standing(ticket).can_solve:
        return _too_late(request, ticket, form, submission)
    if form.errors:
        return conversation_page(request, ticket, form, submission, status=UNSENT)
    if throttled:
        return slow_down(_confirm_page(request, ticket, form, submission, notice=wait(throttled)), throttled)
    if is_confirmed and is_stale:
        return _confirm_page(request, ticket, form, submission, notice=stale(BUTTON), status=403)
    if question:
        return _confirm_page(request, ticket, form, submission, question=question, status=UNSENT)
    if not is_confirmed:
        return _confirm_page(request, ticket, form, submission)
    return _solve(request, ticket, form, submission)


def _solve(request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission) -> HttpResponse:
    try:
        conversation.solve(ticket=ticket, body=form.cleaned_data["body"], form_key=submission.form_key)
    except conversation.AlreadySent as sent:
        if not sent.same_content:
            submission.start_over()
            notice = _("Ya enviaste una respuesta con este formulario. ¿Enviamos esto como otra?")
            return conversation_page(request, ticket, form, submission, notice=notice, status=UNSENT)
    except conversation.TicketClosed:
        return _too_late(request, ticket, form, submission)
    except NOT_STORED:
        log.exception("A ticket could not be resolved")
        return _confirm_page(request, ticket, form, submission, notice=unstored(BUTTON), status=503)
    return redirect("tickets:resolution", ticket.reference)


def _too_late(request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission) -> HttpResponse:
    """Somebody resolved or closed it meanwhile: words and files that this form has not sent come back."""
    was_sent = ticket.messages.filter(form_key=submission.form_key).exists()
    if was_sent or not (form["body"].value() or submission.drafts):
        return redirect(ticket)
    closed = not conversation.can_be_answered(ticket)
    notice = CLOSED if closed else _("El ticket ya está resuelto. Tu texto sigue aquí.")
    return conversation_page(request, ticket, form, submission, notice=notice, status=UNSENT)


def _confirm_page(
    request: HttpRequest, ticket: Ticket, form: ReplyForm, submission: Submission, status=200, **extra
) -> HttpResponse:
    context = {"ticket": ticket, "form": form, **surroundings(request, submission), **extra}
    return render(request, "tickets/solved_confirm.html", context, status=status)


def _solved_page(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    survey = surveys.survey_of(ticket)
    asks = survey is not None and survey.is_open()
    context = {
        "ticket": ticket,
        "standing": standing(ticket),
        "survey": survey if asks else None,
        "survey_token": survey_token(survey) if asks else "",
        "form": RatingForm(initial={"rating": survey.rating, "comment": survey.comment}) if asks else None,
    }
    return render(request, "tickets/solved_done.html", context)


@require_POST
@private
def reopening(request: HttpRequest, reference: str) -> HttpResponse:
    """It was not resolved after all."""
    ticket = access.ticket_for(request, reference)
    try:
        conversation.reopen(ticket=ticket, by=None)
    except conversation.TicketClosed:
        return redirect(ticket)
    messages.success(request, _("Lo hemos reabierto. Cuéntanos qué sigue fallando."))
    return redirect(reverse("tickets:conversation", args=[ticket.reference]) + "#responder")
