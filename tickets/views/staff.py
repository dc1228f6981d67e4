"""The ticket page inside the admin: read the conversation, answer, note, assign, change.

Every change is a POST to a noun below the ticket's admin address; `tickets.admin` mounts them.
"""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tickets import attachments, cases, conversation, guides, history, triage
from tickets.forms import ACCEPTED_TYPES
from tickets.models import Message, Ticket
from tickets.staff_forms import (
    AssignmentForm,
    BodyForm,
    ForecastForm,
    MergeForm,
    NoteForm,
    PriorityForm,
    ReplyForm,
    StatusForm,
    SubjectForm,
)

SENT_BEFORE = "Este formulario ya se había enviado. Si quieres enviar también este texto, envíalo otra vez."


def ticket_page(
    request: HttpRequest, pk: int, *, bound: BodyForm | None = None, seen: int | None = None
) -> HttpResponse:
    """The conversation with everything an agent needs beside it.

    `bound` is a reply or a note that came back; `seen` the last message its author had on screen then.
    """
    ticket = _ticket(request, pk, "view")
    context = admin.site.each_context(request) | {
        "title": f"{ticket.reference} {ticket.subject}",
        "opts": Ticket._meta,
        "ticket": ticket,
        "entries": history.entries(ticket),
        "seen": seen,
        "case": cases.of(ticket),
        "claimed": cases.claimed(ticket),
        "met_guides": guides.met_by(ticket),
        "surveys": list(ticket.surveys.answered()),
        "joined": list(ticket.merged.order_by("created_at")),
        "others": list(ticket.requester.tickets.exclude(pk=ticket.pk).order_by("-last_message_at")[:5]),
        "can_change": request.user.has_perm("tickets.change_ticket"),
        "can_see_mails": request.user.has_perm("tickets.view_outboxmessage"),
        "can_see_requester": request.user.has_perm("tickets.view_requester"),
        "errors": bound is not None and bool(bound.errors),
    }
    if context["can_change"]:
        context |= _forms(ticket, bound)
    return render(request, "admin/tickets/ticket/ticket.html", context)


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the customer, unless somebody wrote while the answer was being written."""
    ticket = _ticket(request, pk, "change")
    form = ReplyForm(request.POST)
    is_whole = _is_whole(request, form)
    with transaction.atomic():
        conversation.lock(ticket)
        if not is_whole or _goes_on_elsewhere(ticket, form) or _has_news(request, ticket, form):
            return _redrawn(request, ticket, form)
        return _said(
            request,
            form,
            ticket,
            f"Respuesta para {ticket.requester.name} en camino.",
            lambda key, body: conversation.reply(
                ticket=ticket,
                author=request.user,
                body=body,
                form_key=key,
                next_status=form.cleaned_data["next_status"],
            ),
        )


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave an internal note."""
    ticket = _ticket(request, pk, "change")
    form = NoteForm(request.POST)
    if not _is_whole(request, form):
        return _redrawn(request, ticket, form)
    return _said(
        request,
        form,
        ticket,
        "Nota interna guardada.",
        lambda key, body: conversation.add_note(ticket=ticket, author=request.user, body=body, form_key=key),
    )


@require_POST
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the ticket to somebody, or to nobody."""
    ticket = _ticket(request, pk, "change")
    if "me" in request.POST:
        triage.assign(ticket=ticket, to=request.user, by=request.user)
        return _done(request, pk, "Ahora lo llevas tú.")
    form = AssignmentForm(request.POST, ticket=ticket)
    if not form.is_valid():
        return _refused(request, pk, "Elige a alguien de la lista.")
    to = form.cleaned_data["assignee"]
    triage.assign(ticket=ticket, to=to, by=request.user)
    said = f"Ahora lo lleva {history.full_name(to)}." if to else "Ahora no lo lleva nadie."
    return _done(request, pk, said)


@require_POST
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the ticket to another status, with a text for the customer where that says more."""
    ticket = _ticket(request, pk, "change")
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _refused(request, pk, next(iter(form.errors.values()))[0])
    was_open, to, note = ticket.is_open, form.cleaned_data["status"], form.cleaned_data["public_note"]
    triage.change_status(ticket=ticket, to=to, by=request.user, public_note=note)
    return _done(request, pk, "Ticket reabierto." if ticket.is_open and not was_open else "Estado cambiado.")


@require_POST
def union(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the ticket to another one of the same customer."""
    ticket = _ticket(request, pk, "change")
    form = MergeForm(request.POST, ticket=ticket)
    if not form.is_valid():
        return _refused(request, pk, form.errors["into"][0])
    into = form.cleaned_data["into"]
    try:
        triage.merge(ticket=ticket, into=into, by=request.user)
    except triage.MergeRefused as refused:
        return _refused(request, pk, str(refused))
    return _done(request, pk, f"Unido a {into.reference}. El cliente sigue allí.")


@require_POST
def separation(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a union."""
    triage.separate(ticket=_ticket(request, pk, "change"), by=request.user)
    return _done(request, pk, "El ticket vuelve a ir por separado.")


@require_POST
def priority(request: HttpRequest, pk: int) -> HttpResponse:
    """Set how urgent the team finds it."""
    return _change(request, pk, PriorityForm, "priority", triage.change_priority, "Prioridad cambiada.")


@require_POST
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename the ticket."""
    return _change(request, pk, SubjectForm, "subject", triage.change_subject, "Asunto cambiado.")


@require_POST
def forecast(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the customer by when there will be news, or take that back."""
    said = "Previsión guardada." if request.POST.get("forecast") else "Ya no hay previsión."
    try:
        return _change(request, pk, ForecastForm, "forecast", triage.change_forecast, said)
    except triage.ForecastRefused as refused:
        return _refused(request, pk, str(refused))


@require_POST
def spam(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the ticket as spam, or put it back, as the button said."""
    ticket = _ticket(request, pk, "change")
    is_spam = request.POST.get("is_spam") == "1"
    triage.mark_spam(ticket=ticket, by=request.user, is_spam=is_spam)
    return _done(request, pk, "Marcado como spam." if is_spam else "Ya no está marcado como spam.")


def _ticket(request: HttpRequest, pk: int, permission: str) -> Ticket:
    """Fetch and permission in one act."""
    if not request.user.has_perm(f"tickets.{permission}_ticket"):
        raise PermissionDenied
    tickets = Ticket.objects.select_related(
        "requester", "assignee", "article__category", "category", "merged_into"
    )
    return get_object_or_404(tickets, pk=pk)


def _forms(ticket: Ticket, bound: BodyForm | None) -> dict:
    """The forms of the page; one that came back stands where it was, with its text and its files."""
    seen = {"seen": history.newest_message(ticket)}
    reply_form = bound if isinstance(bound, ReplyForm) else ReplyForm(initial=seen | _new_key())
    note_form = bound if isinstance(bound, NoteForm) else NoteForm(initial=seen | _new_key())
    return {
        "reply_form": reply_form,
        "note_form": note_form,
        "drafts": list(attachments.drafts(bound["form_key"].value())) if bound else [],
        "accepted_types": ACCEPTED_TYPES,
        "status_form": StatusForm(initial={"status": ticket.status}),
        "merge_form": MergeForm(ticket=ticket),
        "priority_form": PriorityForm(initial={"priority": ticket.priority}),
        "forecast_form": ForecastForm(initial={"forecast": ticket.forecast_at})
        if triage.is_ours(ticket)
        else None,
        "subject_form": SubjectForm(initial={"subject": ticket.subject}),
        "assignment_form": AssignmentForm(ticket=ticket),
    }


def _new_key() -> dict:
    return {"form_key": attachments.new_form_key()}


def _is_whole(request: HttpRequest, form: BodyForm) -> bool:
    """Whether a reply or a note can be sent. Its good files are staged either way, under its key."""
    form.data = form.data.copy()
    name = form.add_prefix("form_key")
    key = form.data[name] = attachments.clean_form_key(form.data.get(name))
    if "remove" in request.POST:
        attachments.remove_draft(form_key=key, key=request.POST["remove"])
        form.errors.clear()
    refusals = attachments.stage_all(form_key=key, uploads=request.FILES.getlist(form.add_prefix("files")))
    for sentence in refusals:
        form.add_error(None, sentence)
    return form.is_valid() and "remove" not in request.POST


def _goes_on_elsewhere(ticket: Ticket, form: ReplyForm) -> bool:
    """Whether the ticket was joined to another one; says so when true."""
    if not ticket.merged_into_id:
        return False
    form.add_error(None, f"Este ticket está unido a {ticket.merged_into.reference}: contesta allí.")
    return True


def _has_news(request: HttpRequest, ticket: Ticket, form: ReplyForm) -> bool:
    """Whether someone wrote after the author's page was drawn; says so when true."""
    newer = ticket.messages.filter(pk__gt=form.cleaned_data["seen"] or 0).exclude(author=request.user)
    last = newer.order_by("pk").last()
    if last is None:
        return False
    what = "añadió una nota" if last.kind == Message.Kind.NOTE else "escribió"
    form.add_error(
        None, f"{last.author_name} {what} mientras escribías. Léelo y decide: no se ha enviado nada."
    )
    return True


def _said(
    request: HttpRequest, form: BodyForm, ticket: Ticket, confirmation: str, say: Callable
) -> HttpResponse:
    """Say it once, however often the form is sent."""
    try:
        say(form.cleaned_data["form_key"], form.cleaned_data["body"])
    except conversation.AlreadySent as sent:
        if not sent.same_content:
            form.add_error(None, SENT_BEFORE)
            return _redrawn(request, ticket, form, start_over=True)
    return _done(request, ticket.pk, confirmation)


def _redrawn(
    request: HttpRequest, ticket: Ticket, form: BodyForm, *, start_over: bool = False
) -> HttpResponse:
    """The page with the draft as it was, marked as having seen the newest message."""
    seen = form.data.get(form.add_prefix("seen"), "")
    form.data[form.add_prefix("seen")] = history.newest_message(ticket) or ""
    if start_over:
        old, new = form.data[form.add_prefix("form_key")], attachments.new_form_key()
        attachments.move_drafts(form_key=old, to=new)
        form.data[form.add_prefix("form_key")] = new
    response = ticket_page(request, ticket.pk, bound=form, seen=int(seen) if seen.isdecimal() else None)
    response.status_code = 422
    return response


def _change(
    request: HttpRequest, pk: int, form_class: type, field: str, act: Callable, said: str
) -> HttpResponse:
    """One field, one domain function, one sentence."""
    ticket = _ticket(request, pk, "change")
    form = form_class(request.POST)
    if not form.is_valid():
        return _refused(request, pk, form.errors[field][0])
    act(ticket=ticket, to=form.cleaned_data[field], by=request.user)
    return _done(request, pk, said)


def _done(request: HttpRequest, pk: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return _back(pk)


def _refused(request: HttpRequest, pk: int, why: str) -> HttpResponse:
    messages.error(request, why)
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    return redirect("admin:tickets_ticket_change", pk)
