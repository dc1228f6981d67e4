"""Triage in the Django admin: the list, the ticket page's address, customers and outgoing mail."""

from django.contrib import admin
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from docs_kb import dates
from tickets.models import Attachment, OutboxMessage, Requester, Ticket
from tickets.models.ticket import normalise_reference
from tickets.staff_forms import staff_name
from tickets.views import staff, staff_mail

OPEN = Q(status__in=Ticket.OPEN_STATUSES, is_spam=False, merged_into=None)
# The saved views of the list, in order; the first one opens by itself.
VIEWS = {
    "sin-responder": ("Sin responder", OPEN & Q(waiting_since__isnull=False)),
    "sin-asignar": ("Sin asignar", OPEN & Q(assignee=None)),
    "mios": ("Míos", OPEN),
    "abiertos": ("Abiertos", OPEN),
    "esperando": ("Esperando al cliente", OPEN & Q(status=Ticket.Status.WAITING_CUSTOMER)),
    "resueltos": ("Resueltos y cerrados", Q(status__in=["resolved", "closed"], is_spam=False)),
    "spam": ("Spam", Q(is_spam=True)),
    "todos": ("Todos", Q()),
}
DEFAULT_VIEW = next(iter(VIEWS))


def view_condition(name: str, user) -> Q:
    """The rows of a saved view for this member of staff."""
    condition = VIEWS[name][1]
    return condition & Q(assignee=user) if name == "mios" else condition


class ViewFilter(admin.SimpleListFilter):
    """Which saved view is on; drawn as a row of links above the list, not in the sidebar."""

    title = "vista"
    parameter_name = "vista"
    template = "admin/tickets/ticket/_no_filter.html"

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _) in VIEWS.items()]

    def queryset(self, request, queryset):
        name = self.value() or ("todos" if request.GET.get("q") else DEFAULT_VIEW)
        return queryset.filter(view_condition(name, request.user))


class ReadOnlyAdmin(admin.ModelAdmin):
    """A model that staff look at; the domain alone writes it."""

    actions = None

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["ticket", "customer", "state", "priority_label", "owner", "waiting", "latest"]
    list_display_links = ["ticket"]
    list_filter = [ViewFilter, "priority", "channel"]
    list_select_related = ["requester", "assignee"]
    list_per_page = 50
    search_fields = ["reference", "subject", "requester__email", "requester__name", "messages__body"]
    search_help_text = "Referencia, nombre, correo electrónico o texto"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_ordering(self, request):
        return [F("waiting_since").asc(nulls_last=True), "-last_message_at"]

    def get_search_results(self, request, queryset, search_term):
        """A reference in any spelling finds its ticket."""
        if reference := normalise_reference(search_term):
            return queryset.filter(reference=reference), False
        return super().get_search_results(request, queryset, search_term)

    def get_queryset(self, request):
        files = Attachment.objects.filter(message__ticket=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_files=Exists(files))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        counts = Ticket.objects.aggregate(
            **{
                name.replace("-", "_"): Count("pk", filter=view_condition(name, request.user))
                for name in VIEWS
                if name not in ("todos", "resueltos", "spam")
            }
        )
        current = request.GET.get("vista") or ("todos" if request.GET.get("q") else DEFAULT_VIEW)
        views = [
            {
                "label": label,
                "url": f"?vista={name}",
                "count": counts.get(name.replace("-", "_")),
                "is_current": name == current,
            }
            for name, (label, _) in VIEWS.items()
        ]
        return super().changelist_view(request, {"views": views, "title": "Tickets"} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not str(object_id).isdigit():
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return staff.ticket_page(request, int(object_id))

    def get_urls(self):
        nouns = {
            "respuesta": staff.reply,
            "nota": staff.note,
            "asignacion": staff.assignment,
            "estado": staff.status,
            "prioridad": staff.priority,
            "asunto": staff.subject,
            "spam": staff.spam,
        }
        return [
            path(
                f"<int:pk>/{noun}/",
                self.admin_site.admin_view(view),
                name=f"tickets_ticket_{view.__name__}",
            )
            for noun, view in nouns.items()
        ] + super().get_urls()

    @admin.display(description="Ticket")
    def ticket(self, ticket: Ticket) -> str:
        return format_html(
            '<span class="data">{}</span> <span class="subject">{}</span>', ticket.reference, ticket.subject
        )

    @admin.display(description="Cliente")
    def customer(self, ticket: Ticket) -> str:
        return ticket.requester.name

    @admin.display(description="Estado")
    def state(self, ticket: Ticket) -> str:
        label = "Spam" if ticket.is_spam else ticket.get_status_display()
        return format_html('<span class="status status--{}">{}</span>', ticket.public_tone, label)

    @admin.display(description="Prioridad")
    def priority_label(self, ticket: Ticket) -> str:
        label = ticket.get_priority_display()
        if ticket.priority == Ticket.Priority.URGENT:
            return format_html('<span class="status status--urgent">{}</span>', label)
        return label

    @admin.display(description="Lo lleva")
    def owner(self, ticket: Ticket) -> str:
        return staff_name(ticket.assignee) if ticket.assignee else "Nadie"

    @admin.display(description="Espera")
    def waiting(self, ticket: Ticket) -> str:
        """How long the customer has been waiting, and whether the promise still holds."""
        if ticket.waiting_since is None:
            return "—"
        now = timezone.now()
        waited = dates.duration(now - ticket.waiting_since)
        if ticket.first_answered_at or ticket.due_at is None:
            return waited
        if ticket.due_at < now:
            return format_html(
                '{}<br><span class="late">vencido hace {}</span>', waited, dates.duration(now - ticket.due_at)
            )
        return format_html(
            '{}<br><span class="meta">faltan {}</span>', waited, dates.duration(ticket.due_at - now)
        )

    @admin.display(description="Último mensaje")
    def latest(self, ticket: Ticket) -> str:
        said = dates.moment(ticket.last_message_at)
        if not ticket.has_files:
            return said
        return format_html('{}<br><span class="meta">con archivos</span>', said)


@admin.register(Requester)
class RequesterAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "verified_at", "created_at"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "verified_at", "created_at", "tickets"]
    readonly_fields = ["email", "verified_at", "created_at", "tickets"]
    show_full_result_count = False

    @admin.display(description="Tickets")
    def tickets(self, requester: Requester) -> str:
        rows = (
            (
                reverse("admin:tickets_ticket_change", args=[t.pk]),
                t.reference,
                t.subject,
                t.get_status_display(),
            )
            for t in requester.tickets.order_by("-last_message_at")[:20]
        )
        return format_html_join("\n", '<p><a href="{}">{}</a> {} · {}</p>', rows) or "Ninguno"


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnlyAdmin):
    """Every mail with its state; failed ones can be sent again."""

    list_display = [
        "created_at",
        "kind",
        "recipient",
        "subject",
        "state_label",
        "attempts",
        "sent_at",
        "last_error",
    ]
    list_display_links = ["subject"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient", "subject", "ticket__reference"]
    ordering = ["-created_at"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request):
        return super().get_queryset(request).defer("body_text", "body_html", "secrets")

    @admin.display(description="Estado")
    def state_label(self, row: OutboxMessage) -> str:
        tones = {"sent": "done", "failed": "urgent", "bounced": "urgent", "suppressed": "closed"}
        tone = tones.get(row.state, "ours")
        return format_html('<span class="status status--{}">{}</span>', tone, row.get_state_display())

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:key>/html/", wrap(staff_mail.mail_html), name="tickets_outboxmessage_html"),
            path("<uuid:key>/reintento/", wrap(staff_mail.retry), name="tickets_outboxmessage_retry"),
            path("<uuid:key>/change/", wrap(staff_mail.mail_page), name="tickets_outboxmessage_change"),
            *super().get_urls(),
        ]
