"""The ticket page inside the admin: read the conversation, answer, note, assign, change.

Every change is a POST to a noun below the ticket's admin address; `tickets.admin` mounts them.
"""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tickets import conversation, triage
from tickets.models import Event, Message, OutboxMessage, Ticket
from tickets.staff_forms import (
    AssignmentForm,
    NoteForm,
    PriorityForm,
    ReplyForm,
    StatusForm,
    SubjectForm,
    staff_name,
)

# Replies and notes show as themselves in the thread; their events would say it twice.
SPOKEN = (Event.Kind.REPLIED, Event.Kind.NOTED)


def ticket_page(
    request: HttpRequest, pk: int, reply_form: ReplyForm | None = None, note_form: NoteForm | None = None
) -> HttpResponse:
    """The conversation with everything an agent needs beside it."""
    ticket = _ticket(request, pk, "view")
    entries, last_message = _entries(ticket)
    context = admin.site.each_context(request) | {
        "title": ticket.subject,
        "opts": Ticket._meta,
        "ticket": ticket,
        "entries": entries,
        "others": _other_tickets(ticket),
        "can_change": request.user.has_perm("tickets.change_ticket"),
        "reply_form": reply_form or ReplyForm(initial={"seen": last_message}, prefix="reply"),
        "note_form": note_form or NoteForm(initial={"seen": last_message}, prefix="note"),
        "last_message": last_message,
        "status_form": StatusForm(initial={"status": ticket.status}),
        "priority_form": PriorityForm(initial={"priority": ticket.priority}),
        "subject_form": SubjectForm(initial={"subject": ticket.subject}),
        "assignment_form": AssignmentForm(initial={"assignee": ticket.assignee_id}),
    }
    return render(request, "admin/tickets/ticket/ticket.html", context)


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the customer."""
    ticket = _ticket(request, pk, "change")
    form = ReplyForm(request.POST, prefix="reply")
    if not form.is_valid() or _has_news(request, ticket, form):
        return ticket_page(request, pk, reply_form=_seen_now(form, ticket))
    conversation.reply(
        ticket=ticket,
        author=request.user,
        body=form.cleaned_data["body"],
        next_status=form.cleaned_data["next_status"],
    )
    messages.success(request, f"Respuesta para {ticket.requester.name} en camino.")
    return _back(pk)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave an internal note."""
    ticket = _ticket(request, pk, "change")
    form = NoteForm(request.POST, prefix="note")
    if not form.is_valid():
        return ticket_page(request, pk, note_form=_seen_now(form, ticket))
    conversation.add_note(ticket=ticket, author=request.user, body=form.cleaned_data["body"])
    messages.success(request, "Nota interna guardada.")
    return _back(pk)


@require_POST
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the ticket to somebody, or to nobody."""
    ticket = _ticket(request, pk, "change")
    if "me" in request.POST:
        triage.assign(ticket=ticket, to=request.user, by=request.user)
        return _done(request, pk, "Ahora lo llevas tú.")
    form = AssignmentForm(request.POST)
    if not form.is_valid():
        return _refused(request, pk, "Elige a alguien de la lista.")
    to = form.cleaned_data["assignee"]
    triage.assign(ticket=ticket, to=to, by=request.user)
    return _done(request, pk, f"Ahora lo lleva {staff_name(to)}." if to else "Ahora no lo lleva nadie.")


@require_POST
def status(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, StatusForm, "status", triage.change_status, "Estado cambiado.")


@require_POST
def priority(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, PriorityForm, "priority", triage.change_priority, "Prioridad cambiada.")


@require_POST
def subject(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, SubjectForm, "subject", triage.change_subject, "Asunto cambiado.")


@require_POST
def spam(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = _ticket(request, pk, "change")
    triage.mark_spam(ticket=ticket, by=request.user, is_spam=not ticket.is_spam)
    said = "Marcado como spam." if ticket.is_spam else "Ya no está marcado como spam."
    return _done(request, pk, said)


def _ticket(request: HttpRequest, pk: int, permission: str) -> Ticket:
    """Fetch and permission in one act."""
    if not request.user.has_perm(f"tickets.{permission}_ticket"):
        raise PermissionDenied
    tickets = Ticket.objects.select_related("requester", "assignee", "article__category", "merged_into")
    return get_object_or_404(tickets, pk=pk)


def _entries(ticket: Ticket) -> tuple[list, int | None]:
    """Messages and events in the order they happened, and the id of the newest message."""
    outbox = OutboxMessage.objects.defer("body_text", "body_html", "secrets", "headers")
    spoken = list(
        ticket.messages.select_related("author").prefetch_related(
            "attachments", Prefetch("outbox", outbox.filter(recipient=ticket.requester.email))
        )
    )
    events = ticket.events.exclude(kind__in=SPOKEN).select_related("actor")
    entries = sorted([*spoken, *events], key=lambda entry: (entry.created_at, isinstance(entry, Event)))
    return entries, max((message.pk for message in spoken), default=None)


def _other_tickets(ticket: Ticket) -> list[Ticket]:
    return list(ticket.requester.tickets.exclude(pk=ticket.pk).order_by("-last_message_at")[:5])


def _has_news(request: HttpRequest, ticket: Ticket, form: ReplyForm) -> bool:
    """Whether someone wrote after the author's page was drawn; says so when true."""
    seen = form.cleaned_data["seen"] or 0
    newer = ticket.messages.filter(pk__gt=seen).exclude(author=request.user)
    if not newer.exists():
        return False
    last = newer.latest("pk")
    what = "añadió una nota" if last.kind == Message.Kind.NOTE else "escribió"
    form.add_error(
        "body", f"{last.author_name} {what} mientras escribías. Léelo y decide: no se ha enviado nada."
    )
    return True


def _seen_now(form: ReplyForm | NoteForm, ticket: Ticket) -> ReplyForm | NoteForm:
    """The same bound form, marked as having seen the newest message."""
    newest = ticket.messages.order_by("pk").values_list("pk", flat=True).last()
    form.data = form.data.copy()
    form.data[form.add_prefix("seen")] = newest or ""
    return form


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
