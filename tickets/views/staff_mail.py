"""One outgoing mail inside the admin: its state, its text, its HTML in a sandbox, and a second try."""

from uuid import UUID

from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from tickets import outbox
from tickets.models import OutboxMessage

State = OutboxMessage.State
KINDS = OutboxMessage.KINDS
TONES = {State.SENT: "done", State.FAILED: "urgent", State.BOUNCED: "urgent", State.SUPPRESSED: "closed"}
# A mail carries its own style attributes; nothing in it may run, load or leave.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "sandbox": [],
}


def tone(row: OutboxMessage) -> str:
    """The colour of a mail's state."""
    return TONES.get(row.state, "ours")


@csp_update({"frame-src": ["'self'"]})
def mail_page(request: HttpRequest, key: str) -> HttpResponse:
    """State, addresses, text part and the framed HTML part of one mail."""
    row = _row(request, key, "view")
    text, _ = outbox.rendered(row, whole=settings.DEMO)
    context = admin.site.each_context(request) | {
        "title": row.subject,
        "opts": OutboxMessage._meta,
        "row": row,
        "kind": row.kind_label,
        "tone": tone(row),
        "carried": row.carried.order_by("created_at").only("subject", "kind", "carried_by"),
        "text": text,
        "is_masked": not settings.DEMO,
        "can_see_ticket": request.user.has_perm("tickets.view_ticket"),
        "can_retry": row.state == State.FAILED and request.user.has_perm("tickets.change_outboxmessage"),
    }
    return render(request, "admin/tickets/outboxmessage/mail.html", context)


@require_safe
@csp(MAIL_POLICY)
@xframe_options_sameorigin
def mail_html(request: HttpRequest, key: UUID) -> HttpResponse:
    """The HTML part alone, under a policy of its own."""
    row = _row(request, key, "view")
    _, html = outbox.rendered(row, whole=settings.DEMO)
    return HttpResponse(html)


@require_POST
def retry(request: HttpRequest, key: UUID) -> HttpResponse:
    """Queue a failed mail again, from now."""
    row = _row(request, key, "change")
    if row.state == State.FAILED:
        outbox.retry(row)
        messages.success(request, "El correo está otra vez en cola.")
    else:
        messages.info(request, "Ese correo no necesita otro intento.")
    return redirect("admin:tickets_outboxmessage_change", row.pk)


def _row(request: HttpRequest, key: UUID | str, permission: str) -> OutboxMessage:
    """Fetch and permission in one act."""
    if not request.user.has_perm(f"tickets.{permission}_outboxmessage"):
        raise PermissionDenied
    try:
        found = UUID(str(key))
    except ValueError:
        raise Http404
    return get_object_or_404(OutboxMessage.objects.select_related("ticket", "carried_by"), pk=found)
