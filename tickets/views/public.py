"""The ticket form, and the guides that may make it unnecessary."""

import json
import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from docs_kb.models import Article
from docs_kb.throttle import hit_all
from tickets import access, deflections
from tickets.addresses import LISTS, likely_address
from tickets.conversation import AlreadySent, TicketClosed, open_ticket, reply
from tickets.forms import TicketForm
from tickets.guides import guides_about, is_long_enough
from tickets.models import Requester, Ticket
from tickets.views import questions
from tickets.views.origin import Origin
from tickets.views.private import private, slow_down
from tickets.views.receipts import receipt_address
from tickets.views.redrawing import NOT_STORED, UNSENT, stale, surroundings, unstored, wait
from tickets.views.submission import Submission, is_foreign, pressed_button, token_refusal

log = logging.getLogger(__name__)


@csrf_exempt  # it checks for itself, to give the text back
@require_http_methods(["GET", "HEAD", "POST"])
@private
def create(request: HttpRequest) -> HttpResponse:
    """The ticket form; sent, it becomes a ticket and leads to the receipt."""
    if request.method != "POST":
        origin = Origin.read(request)
        form = TicketForm(initial=_known_words(request, origin))
        return _form_page(request, form, Submission(), origin)
    refusal = token_refusal(request)
    if refusal and is_foreign(request):
        return refusal
    origin, form, submission = Origin(), TicketForm(_words(request)), Submission.posted(request)
    try:
        origin = Origin.read(request, without=request.POST.get("drop"))
        if pressed_button(request) == "carry":
            form = TicketForm(form.data.dict() | _known_words(request, origin))
        return _receive(request, form, submission, origin, is_stale=refusal is not None)
    except NOT_STORED:
        log.exception("A ticket could not be stored")
        return _form_page(request, form, submission, origin, notice=unstored("Enviar ticket"), status=503)


def _known_words(request: HttpRequest, origin: Origin) -> dict[str, str]:
    """Who writes, where this session has said so before: nobody is asked twice."""
    if requester := access.signed_in_requester(request):
        return {"name": requester.name, "email": requester.email}
    if origin.continues:
        first = access.sent_messages(request, origin.continues)[:1]
        return {"name": first[0].author_name if first else "", "email": origin.continues.requester.email}
    return {}


def _words(request: HttpRequest) -> QueryDict:
    """What was typed, as the pressed button corrects it: another address, or no secrets."""
    words = questions.words_of(request, "description")
    if address := request.POST.get("use_address"):
        words["email"] = address
    return words


def _receive(
    request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin, *, is_stale: bool
) -> HttpResponse:
    submission.judge_files(request, form)
    is_ready = not (is_stale or pressed_button(request) or form.errors or submission.is_hasty)
    question = _question(request, form, submission) if is_ready else None
    is_ready = is_ready and question is None
    limits = access.ticket_limits(request, form.cleaned_data["email"]) if is_ready else []
    throttled = submission.keep_files(request, form, limits=limits)
    if is_stale:
        return _form_page(request, form, submission, origin, notice=stale("Enviar ticket"), status=403)
    if button := pressed_button(request):
        return _form_page(request, form, submission, origin, notice=_why_back(button, submission))
    if form.errors:
        return _form_page(request, form, submission, origin, status=UNSENT)
    if submission.is_hasty:
        notice = _("Comprueba que está todo y envíalo otra vez")
        return _form_page(request, form, submission, origin, notice=notice, status=UNSENT)
    if question and not form.errors:
        return _form_page(request, form, submission, origin, question=question, status=UNSENT)
    if throttled:
        page = _form_page(request, form, submission, origin, notice=wait(throttled))
        return slow_down(page, throttled)
    if ticket := _twin(request):
        return _add_to(request, ticket, form, submission, origin)
    return _send(request, form, submission, origin)


def _question(request: HttpRequest, form: TicketForm, submission: Submission) -> questions.Question | None:
    email, text = form.cleaned_data["email"], form.cleaned_data["description"]
    return questions.about_secrets(request, submission, text) or questions.about_twin(
        request, submission, email=email, text=text
    )


def _twin(request: HttpRequest) -> Ticket | None:
    """The ticket of this session that was chosen to take these words instead of a new one."""
    chosen = request.POST.get("twin", "new")
    return None if chosen == "new" else access.continued_ticket(request, chosen)


def _add_to(
    request: HttpRequest, ticket: Ticket, form: TicketForm, submission: Submission, origin: Origin
) -> HttpResponse:
    """«Añadir esto a ese ticket»: one more message instead of a ticket of its own."""
    if throttled := hit_all(access.reply_limits(request, ticket)):
        page = _form_page(request, form, submission, origin, notice=wait(throttled))
        return slow_down(page, throttled)
    body = form.cleaned_data["description"]
    try:
        reply(ticket=ticket, author=None, body=body, form_key=submission.form_key)
    except AlreadySent as sent:
        ticket = sent.ticket
    except TicketClosed:
        return _send(request, form, submission, origin)
    access.remember_form(request, submission.form_key)
    messages.success(request, _("Lo hemos añadido a %s") % ticket.reference)
    return redirect(ticket if access.can_read(request, ticket) else receipt_address(ticket))


def _why_back(button: str, submission: Submission) -> str:
    """What the page says to whoever comes back from «Nos alegra», or from a ticket that takes no answers."""
    if button == "undo":
        deflections.undo(form_key=submission.form_key)
        return _("Aquí sigue tu ticket, tal como lo dejaste. Todavía no se ha enviado.")
    if button == "carry":
        return _("Tu respuesta está ahora en un ticket nuevo. Todavía no se ha enviado: revísala y envíala.")
    return ""


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
            related_to=origin.continues,
            claimed_reference=origin.claimed_reference,
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
    return redirect(receipt_address(ticket))


def _form_page(
    request: HttpRequest, form: TicketForm, submission: Submission, origin: Origin, status=200, **extra
) -> HttpResponse:
    context = {
        "form": form,
        "origin": origin,
        "known": _known(request, form),
        "changing": "changing" in request.POST,
        "likely_address": likely_address(form["email"].value() or ""),
        "address_lists": json.dumps(LISTS),
        "guides": _guides(request, form, submission),
        "is_searchable": is_long_enough(form["description"].value() or ""),
        **surroundings(request, submission),
        **extra,
    }
    return render(request, "tickets/create.html", context, status=status)


def _known(request: HttpRequest, form: TicketForm) -> Requester | None:
    """Who has signed in, while the form is in their own name: then it shows who they are and asks nothing."""
    requester = access.signed_in_requester(request)
    if requester is None or "change" in request.POST or "changing" in request.POST:
        return None
    return requester if form["email"].value() == requester.email and "name" not in form.errors else None


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
    origin, form, submission = Origin(), TicketForm(request.POST), Submission.posted(request)
    try:
        origin = Origin.read(request)
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
