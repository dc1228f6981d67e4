"""Channels, hours and the service notice as staff keep them."""

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contact.availability import channel_state
from contact.forms import ChannelForm, MomentForm, ScheduleForm, SpanFormSet, SpecialDayForm
from contact.models import Channel
from contact.timetable import span_text, week_text
from docs_kb.dates import date_time
from tickets.calendars import load_calendars
from tickets.hours import Span
from tickets.models import OpeningHours, Schedule, ServiceNotice, SpecialDay

# The browser's own pickers: each has one label, and none needs the admin's inline-styled calendars.
PICKERS = {
    models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
    models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    },
}


class ListWithCalendars(ChangeList):
    """A list whose rows share the calendars, read once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        calendars = load_calendars(since=timezone.localdate())
        for row in self.result_list:
            row.calendars = calendars


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    form = ChannelForm
    list_display = ["kind", "value", "schedule", "is_active", "seen_now"]
    list_select_related = ["schedule"]
    fields = ["kind", "is_active", "value", "schedule", "cost", "expected_wait", "pause_message"]
    change_form_template = "admin/contact/channel/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).in_order()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Until there is one of each kind."""
        is_complete = Channel.objects.count() == len(Channel.Kind)
        return not is_complete and super().has_add_permission(request)

    def formfield_for_dbfield(self, db_field: models.Field, *args, **kwargs) -> forms.Field:
        field = super().formfield_for_dbfield(db_field, *args, **kwargs)
        if db_field.name == "schedule":  # chosen here, edited in its own place
            widget = field.widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field

    def get_ordering(self, request: HttpRequest) -> list:
        return []

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> list[str]:
        return ["kind"] if obj else []

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return ListWithCalendars

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context = self._preview(request, object_id) | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def _preview(self, request: HttpRequest, object_id: str) -> dict:
        channel = self.get_object(request, object_id)
        if channel is None:
            return {}
        asked = MomentForm(request.GET) if "day" in request.GET else MomentForm()
        now = asked.moment() or timezone.now()
        state = channel_state(channel, now)
        return {"preview": state, "preview_at": date_time(now), "moment_form": asked}

    @admin.display(description="así lo ve el cliente")
    def seen_now(self, channel: Channel) -> str:
        if not channel.is_configured:
            return "No lo ve"
        return channel_state(channel, timezone.now(), calendars=channel.calendars).summary


class OpeningHoursInline(admin.StackedInline):
    model = OpeningHours
    formset = SpanFormSet
    formfield_overrides = PICKERS
    fields = [("weekday", "opens_at", "closes_at")]
    extra = 0


class SpecialDayInline(admin.StackedInline):
    model = SpecialDay
    formset = SpanFormSet
    formfield_overrides = PICKERS
    fields = [("date", "reason"), ("opens_at", "closes_at")]
    extra = 0
    verbose_name_plural = "días especiales solo de este horario"


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin):
    form = ScheduleForm
    list_display = ["name", "week", "role"]
    inlines = [OpeningHoursInline, SpecialDayInline]

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return ListWithCalendars

    @admin.display(description="semana")
    def week(self, schedule: Schedule) -> str:
        return week_text(schedule.calendars.of(schedule.pk)) or "Sin horas: siempre cerrado"

    @admin.display(description="plazos")
    def role(self, schedule: Schedule) -> str:
        return "De este horario salen los de los tickets" if schedule.is_desk else ""


@admin.register(SpecialDay)
class SpecialDayAdmin(admin.ModelAdmin):
    form = SpecialDayForm
    formfield_overrides = PICKERS
    list_display = ["date", "reason", "hours", "counts_for"]
    list_select_related = ["schedule"]

    def get_ordering(self, request: HttpRequest) -> list:
        """The next one first, what is over last."""
        is_over = Case(When(date__lt=timezone.localdate(), then=1), default=0)
        return [is_over, "date", "opens_at"]

    @admin.display(description="horario")
    def hours(self, day: SpecialDay) -> str:
        return "cerrado" if day.is_closed else span_text(Span(day.opens_at, day.closes_at))

    @admin.display(description="vale para")
    def counts_for(self, day: SpecialDay) -> str:
        return str(day.schedule or "Todos los horarios")


@admin.register(ServiceNotice)
class ServiceNoticeAdmin(admin.ModelAdmin):
    formfield_overrides = PICKERS
    list_display = ["__str__", "is_active", "since", "next_update_at"]
