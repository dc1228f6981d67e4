"""How it went: the page of the mailed link shows the answer selected, and its button saves it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tickets import access, conversation
from tickets.forms import AddressForm, RatingForm
from tickets.links import RATING_NAMES, survey_for_token, survey_token
from tickets.models import Survey
from tickets.rating import SurveyOver, rate
from tickets.standing import standing
from tickets.views.private import private
from tickets.views.redrawing import UNSENT

RATINGS = {name: rating for rating, name in RATING_NAMES.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def rating(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question with the answer of the link selected; only pressing the button saves it."""
    survey = survey_for_token(token)
    if survey is None or not (survey.is_open() or survey.is_answered):
        return _dead_link(request)
    if request.method != "POST":
        return _rating_page(request, survey, RatingForm(initial=_selected(request, survey)))
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _rating_page(request, survey, form, status=UNSENT)
    try:
        rate(survey=survey, rating=form.cleaned_data["rating"], comment=_comment(request, survey, form))
    except SurveyOver:
        return redirect(request.path)
    messages.success(request, _("Gracias. Hemos guardado tu valoración."))
    return redirect(request.path)


@require_POST
@private
def reopening(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever was asked how it went may say that it was not resolved; it shows them nothing."""
    survey = survey_for_token(token)
    if survey is None:
        return _dead_link(request)
    back = reverse("tickets:rating", args=[token])
    if not _can_reopen(survey):
        return redirect(back)
    try:
        conversation.reopen(ticket=survey.ticket, by=None)
    except conversation.TicketClosed:
        return redirect(back)
    messages.success(request, _("Lo hemos reabierto. Te escribiremos por correo."))
    return redirect(back)


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "tickets/dead_link.html", {"form": AddressForm()}, status=404)


def _can_reopen(survey: Survey) -> bool:
    """Only the resolution that was asked about can be taken back, while the customer's window is open."""
    ticket = survey.ticket
    return ticket.resolved_at == survey.resolved_at and standing(ticket).can_reopen


def _rating_page(request: HttpRequest, survey: Survey, form: RatingForm, status: int = 200) -> HttpResponse:
    context = {
        "survey": survey,
        "ticket": survey.ticket,
        "token": survey_token(survey),
        "form": form,
        "can_reopen": survey.rating == Survey.Rating.BAD and _can_reopen(survey),
        "can_read": access.can_read(request, survey.ticket),
    }
    return render(request, "tickets/rating.html", context, status=status)


def _selected(request: HttpRequest, survey: Survey) -> dict:
    """What the form comes filled in with: the answer of the link, else the one given before.

    The words given before are only for who may read the ticket: a forwarded link does not repeat them.
    """
    named = RATINGS.get(request.GET.get("n", ""), survey.rating)
    return {"rating": named, "comment": survey.comment if access.can_read(request, survey.ticket) else ""}


def _comment(request: HttpRequest, survey: Survey, form: RatingForm) -> str:
    """The comment to keep: an empty one takes nothing away that its form did not show."""
    return form.cleaned_data["comment"] or ("" if access.can_read(request, survey.ticket) else survey.comment)
