"""Triage in the Django admin: the list, the ticket page's address, customers and outgoing mail."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from docs_kb import dates
from docs_kb.long_lists import BoundedPaginator
from tickets import saved_views
from tickets.history import full_name
from tickets.models import Attachment, OutboxMessage, Requester, Survey, Ticket
from tickets.models.ticket import normalise_reference
from tickets.views import staff, staff_mail


class ReadOnlyAdmin(admin.ModelAdmin):
    """A model that staff look at; the domain alone writes it."""

    actions = None
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ViewFilter(admin.SimpleListFilter):
    """Which saved view is on; drawn as a row of links above the list, not in the sidebar."""

    title = "vista"
    parameter_name = "vista"
    template = "admin/tickets/ticket/_no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in saved_views.VIEWS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(saved_views.condition(current_view(request), request.user))


class RatingFilter(admin.SimpleListFilter):
    """What the customer said of the last resolutions: tickets with at least one such answer."""

    title = "valoración"
    parameter_name = "valoracion"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return Survey.Rating.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in Survey.Rating.values:
            return queryset
        rated = Survey.objects.filter(ticket=OuterRef("pk"), rating=self.value())
        return queryset.filter(Exists(rated))


def current_view(request: HttpRequest) -> str:
    """The view that the list shows: the one asked for, else the first; a search looks everywhere."""
    if request.GET.get("q"):
        return saved_views.ALL
    name = request.GET.get("vista")
    return name if name in saved_views.VIEWS else saved_views.DEFAULT


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["ticket", "customer", "state", "owner", "waiting", "latest"]
    list_display_links = ["ticket"]
    list_filter = [ViewFilter, "priority", "channel", RatingFilter]
    list_select_related = ["requester", "assignee"]
    list_per_page = 50
    search_fields = ["subject", "requester__email", "requester__name"]
    search_help_text = "Referencia, asunto, nombre o correo electrónico del cliente"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        files = Attachment.objects.filter(message__ticket=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_files=Exists(files))

    def get_ordering(self, request: HttpRequest) -> list:
        """Whoever has waited longest comes first; where most wait for nothing, the latest words do."""
        if current_view(request) in saved_views.COUNTED:
            return [F("waiting_since").asc(nulls_last=True), "-last_message_at"]
        return ["-last_message_at"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A reference in any spelling finds its ticket."""
        if reference := normalise_reference(search_term):
            return queryset.filter(reference=reference), False
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        counts, current = saved_views.counts(request.user), current_view(request)
        views = [
            {"name": name, "label": label, "count": counts.get(name), "is_current": name == current}
            for name, (label, _) in saved_views.VIEWS.items()
        ]
        context = {"views": views, "title": "Tickets", "next_view": _next_view(views)}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not (object_id.isascii() and object_id.isdecimal()):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return staff.ticket_page(request, int(object_id))

    def get_urls(self) -> list:
        nouns = {
            "respuesta": staff.reply,
            "nota": staff.note,
            "asignacion": staff.assignment,
            "estado": staff.status,
            "prioridad": staff.priority,
            "asunto": staff.subject,
            "prevision": staff.forecast,
            "spam": staff.spam,
            "union": staff.union,
            "separacion": staff.separation,
        }
        return [
            path(f"<int:pk>/{noun}/", self._signed_in(view), name=f"tickets_ticket_{view.__name__}")
            for noun, view in nouns.items()
        ] + super().get_urls()

    def _signed_in(self, view: Callable) -> Callable:
        """The view for staff; whoever has to sign in first comes back to the ticket, not to its noun."""
        guarded = self.admin_site.admin_view(view)

        def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
            if self.admin_site.has_permission(request):
                return guarded(request, pk)
            ticket_page = reverse("admin:tickets_ticket_change", args=[pk])
            return redirect_to_login(ticket_page, reverse("admin:login"))

        return wrapped

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
        """The status, and below it how urgent the ticket is, unless it is like any other."""
        label, tone = (
            ("Spam", "closed") if ticket.is_spam else (ticket.get_status_display(), ticket.public_tone)
        )
        status = format_html('<span class="status status--{}">{}</span>', tone, label)
        priority = ticket.get_priority_display()
        if ticket.priority == Ticket.Priority.URGENT:
            return format_html('{}<br><span class="late">Prioridad {}</span>', status, priority.lower())
        if ticket.is_marked_urgent and ticket.priority == Ticket.Priority.NORMAL:
            return format_html('{}<br><span class="meta">Urgente, según el cliente</span>', status)
        if ticket.priority != Ticket.Priority.NORMAL:
            return format_html('{}<br><span class="meta">Prioridad {}</span>', status, priority.lower())
        return status

    @admin.display(description="Lo lleva")
    def owner(self, ticket: Ticket) -> str:
        return full_name(ticket.assignee) if ticket.assignee else "Nadie"

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


def _next_view(views: list[dict]) -> dict | None:
    """Where there is something to do when the view on screen is empty."""
    return next((view for view in views if view["count"] and not view["is_current"]), None)


@admin.register(Requester)
class RequesterAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "verified_at", "created_at"]
    search_fields = ["name", "email"]
    search_help_text = "Nombre o correo electrónico"
    ordering = ["-id"]
    fields = ["name", "email", "verified_at", "created_at", "latest_tickets"]
    readonly_fields = ["email", "verified_at", "created_at", "latest_tickets"]

    @admin.display(description="últimos tickets")
    def latest_tickets(self, requester: Requester) -> str:
        rows = (
            (
                reverse("admin:tickets_ticket_change", args=[ticket.pk]),
                ticket.reference,
                ticket.subject,
                ticket.get_status_display(),
            )
            for ticket in requester.tickets.order_by("-last_message_at")[:20]
        )
        line = '<li><a href="{}"><span class="data">{}</span> {}</a> <span class="meta">{}</span></li>'
        return format_html('<ul class="plain">{}</ul>', format_html_join("\n", line, rows))


class KindFilter(admin.SimpleListFilter):
    """Which notice a mail is, in words."""

    title = "aviso"
    parameter_name = "aviso"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(staff_mail.KINDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnlyAdmin):
    """Every mail with its state; failed ones can be sent again."""

    list_display = ["subject", "kind_label", "recipient", "state_label", "created", "trouble"]
    list_display_links = ["subject"]
    list_filter = ["state", KindFilter]
    list_per_page = 50
    search_fields = ["recipient", "subject"]
    search_help_text = "Destinatario, asunto o referencia"
    ordering = ["-created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMessage]:
        return super().get_queryset(request).defer("body_text", "body_html", "secrets", "headers")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A reference in any spelling finds the mails of its ticket."""
        if reference := normalise_reference(search_term):
            return queryset.filter(ticket__reference=reference), False
        return super().get_search_results(request, queryset, search_term)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters of the list: no address can be made to ask what a secret begins with."""
        return lookup in ("state", "state__exact", "aviso")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Our page in place of the form: whatever the address spells, nobody sees or writes the row."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return staff_mail.mail_page(request, object_id)

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:key>/html/", wrap(staff_mail.mail_html), name="tickets_outboxmessage_html"),
            path("<uuid:key>/reintento/", wrap(staff_mail.retry), name="tickets_outboxmessage_retry"),
            *super().get_urls(),
        ]

    @admin.display(description="Aviso")
    def kind_label(self, row: OutboxMessage) -> str:
        return row.kind_label

    @admin.display(description="Estado")
    def state_label(self, row: OutboxMessage) -> str:
        return format_html(
            '<span class="status status--{}">{}</span>', staff_mail.tone(row), row.get_state_display()
        )

    @admin.display(description="Creado", ordering="created_at")
    def created(self, row: OutboxMessage) -> str:
        return dates.moment(row.created_at)

    @admin.display(description="Último error")
    def trouble(self, row: OutboxMessage) -> str:
        return row.last_error or "—"
