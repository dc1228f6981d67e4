"""What staff may type: numbers that exist, spans that never overlap; every refusal names its row."""

from datetime import date, datetime, time
from itertools import combinations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from contact.addresses import RefusedNumber, parse_number
from contact.models import Channel
from contact.timetable import span_text
from docs_kb.dates import long_date
from tickets.hours import Span
from tickets.models import OpeningHours, SpecialDay

BOTH = "{row}: no puede estar cerrado y con horas a la vez."
OVERLAP = "{row}, {span}: se solapa con la franja {other}."


class ChannelForm(forms.ModelForm):
    """A channel whose number or address really can be dialled or written to."""

    class Meta:
        model = Channel
        fields = [
            "kind",
            "is_active",
            "value",
            "schedule",
            "cost",
            "expected_wait",
            "pause_message",
        ]

    def clean(self) -> dict:
        super().clean()
        # The kind of a stored channel is shown, not asked.
        kind = self.cleaned_data.get("kind", self.instance.kind)
        value = self.cleaned_data.get("value", "")
        try:
            self.cleaned_data["value"] = channel_value(kind, value)
        except ValidationError as refused:
            self.add_error("value", refused)
        if kind in Channel.WITH_NUMBER and not value and self.cleaned_data.get("is_active"):
            self.add_error("value", "Escribe el número o desactiva el canal.")
        return self.cleaned_data


def channel_value(kind: str, text: str) -> str:
    """What is stored of a typed number or address; a `ValidationError` says what to do instead."""
    if not text:
        return ""
    if kind == Channel.Kind.CHAT:
        raise ValidationError("El chat no lleva número ni dirección: deja este campo vacío.")
    try:
        if kind in Channel.WITH_NUMBER:
            return parse_number(text)
        validate_email(text)
    except RefusedNumber as refused:
        raise ValidationError(str(refused))
    except ValidationError:
        raise ValidationError("Escribe una dirección completa, como soporte@example.com.")
    return text


class SpanFormSet(forms.BaseInlineFormSet):
    """Rows of a schedule; those of one day are compared with each other."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if _is_complete(form) and not self._should_delete_form(form)]
        for earlier, later in combinations(kept, 2):
            if error := conflict(later.instance, earlier.instance):
                later.add_error("opens_at", error)


class ScheduleForm(forms.ModelForm):
    """A promise that can be kept: neither at once nor after months of work."""

    MOST_MINUTES = 30 * 8 * 60

    def clean_first_response_minutes(self) -> int:
        minutes = self.cleaned_data["first_response_minutes"]
        if not 1 <= minutes <= self.MOST_MINUTES:
            raise ValidationError("Escribe de 1 a 14 400 minutos: treinta días de ocho horas como mucho.")
        return minutes


class SpecialDayForm(forms.ModelForm):
    """A special day on its own page: compared with those stored for the same date and schedule."""

    class Meta:
        model = SpecialDay
        fields = ["schedule", "date", "opens_at", "closes_at", "reason"]

    def clean_date(self) -> date:
        """A stored day that is over may be corrected; a new one in the past is a slip."""
        day = self.cleaned_data["date"]
        if "date" in self.changed_data and day < timezone.localdate():
            raise ValidationError("Esa fecha ya ha pasado: revisa el año.")
        return day

    def _post_clean(self) -> None:
        super()._post_clean()
        if not _is_complete(self):
            return
        day = self.instance
        siblings = SpecialDay.objects.filter(date=day.date, schedule=day.schedule).exclude(pk=day.pk)
        if error := next(filter(None, (conflict(day, other) for other in siblings)), ""):
            self.add_error("opens_at", error)


class MomentForm(forms.Form):
    """«Ver como si fuera…»: a day and an hour to look at a channel with; both or now."""

    day = forms.DateField(label="Día", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(label="Hora", required=False, widget=forms.TimeInput(attrs={"type": "time"}))

    def moment(self) -> datetime | None:
        """The aware datetime asked for; None for now."""
        if not self.is_valid() or not self.cleaned_data["day"]:
            return None
        hour: time = self.cleaned_data["hour"] or timezone.localtime().time()
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], hour))


def conflict(row: OpeningHours | SpecialDay, other: OpeningHours | SpecialDay) -> str:
    """Why two rows cannot stand together, naming the first; empty when they can."""
    if _day(row) != _day(other):
        return ""
    if row.opens_at is None or other.opens_at is None:
        return BOTH.format(row=_name(row))
    span, theirs = Span(row.opens_at, row.closes_at), Span(other.opens_at, other.closes_at)
    if not span.overlaps(theirs):
        return ""
    return OVERLAP.format(row=_name(row), span=span_text(span), other=span_text(theirs))


def _day(row: OpeningHours | SpecialDay) -> int | date:
    return row.date if isinstance(row, SpecialDay) else row.weekday


def _name(row: OpeningHours | SpecialDay) -> str:
    return long_date(row.date) if isinstance(row, SpecialDay) else row.get_weekday_display()


def _is_complete(form: forms.ModelForm) -> bool:
    """Whether the form holds a row without errors (an empty extra row has no day)."""
    return not form.errors and _day(form.instance) is not None
