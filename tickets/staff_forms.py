"""What staff send from the ticket page: validated here, done by the domain."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from tickets.conversation import clean_text
from tickets.history import full_name
from tickets.models import Ticket

BODY_LIMIT = 20_000
FARTHEST_FORECAST = timedelta(days=366)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class BodyForm(forms.Form):
    """Text for a ticket, the last message that its author had on screen, and the key it is sent under."""

    use_required_attribute = False

    body = forms.CharField(
        max_length=BODY_LIMIT,
        error_messages={
            "required": "Escribe el texto antes de enviarlo",
            "max_length": "El texto debe tener 20\u00a0000 caracteres o menos",
        },
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean_body(self) -> str:
        body = clean_text(self.cleaned_data["body"])
        if not body:
            raise forms.ValidationError(self.fields["body"].error_messages["required"], code="required")
        return body


class ReplyForm(BodyForm):
    """An answer to the customer, with the status that the ticket takes afterwards."""

    prefix = "reply"

    next_status = forms.ChoiceField(
        label="Al enviar",
        choices=[
            (Ticket.Status.WAITING_CUSTOMER, "Esperar al cliente: leerá «Esperamos tu respuesta»"),
            (Ticket.Status.OPEN, "Seguir en estudio: leerá «En estudio»"),
            (Ticket.Status.RESOLVED, "Resolver: leerá «Resuelto»"),
        ],
        initial=Ticket.Status.WAITING_CUSTOMER,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Elige en qué estado queda el ticket",
            "invalid_choice": "Elige en qué estado queda el ticket",
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget = forms.Textarea(attrs={"rows": 9})


class NoteForm(BodyForm):
    """A note that the customer never sees."""

    prefix = "note"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget = forms.Textarea(attrs={"rows": 4})
        self.fields["body"].error_messages["required"] = "Escribe la nota antes de guardarla"


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        label="Estado",
        choices=Ticket.Status.choices,
        error_messages={
            "required": "Elige un estado de la lista",
            "invalid_choice": "Elige un estado de la lista",
        },
    )
    public_note = forms.CharField(
        label="Texto para el cliente (opcional)",
        help_text="Al resolver, qué hicimos; si espera a un tercero, de quién dependemos.",
        required=False,
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        label="Prioridad",
        choices=Ticket.Priority.choices,
        coerce=int,
        error_messages={
            "required": "Elige una prioridad de la lista",
            "invalid_choice": "Elige una prioridad de la lista",
        },
    )


class ForecastForm(forms.Form):
    """By when there will be news; empty for no such promise."""

    forecast = forms.DateTimeField(
        label="Previsión para el cliente",
        help_text="La lee en su página. Si es más tarde de lo prometido, también por correo.",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Escribe el día y la hora de la previsión"},
    )

    def clean_forecast(self) -> datetime | None:
        at = self.cleaned_data["forecast"]
        if at and at > timezone.now() + FARTHEST_FORECAST:
            raise forms.ValidationError("Elige una previsión dentro de los próximos doce meses")
        return at


class SubjectForm(forms.Form):
    subject = forms.CharField(
        label="Asunto",
        max_length=120,
        error_messages={"required": "Escribe el asunto", "max_length": "Usa 120 caracteres o menos"},
    )


class AssignmentForm(forms.Form):
    """Who has the ticket: someone of the team, or nobody."""

    assignee = forms.ModelChoiceField(
        label="Lo lleva", queryset=User.objects.none(), required=False, empty_label="Nadie"
    )

    def __init__(self, *args, ticket: Ticket, **kwargs) -> None:
        super().__init__(*args, initial={"assignee": ticket.assignee_id}, **kwargs)
        self.fields["assignee"].queryset = assignable_staff(ticket)
        self.fields["assignee"].label_from_instance = full_name


class MergeForm(forms.Form):
    """Which other ticket of the same customer this one goes on in."""

    into = forms.ModelChoiceField(
        label="Unir a otro ticket del cliente",
        queryset=Ticket.objects.none(),
        empty_label="Elige un ticket",
        error_messages={
            "required": "Elige un ticket de la lista",
            "invalid_choice": "Elige un ticket de la lista",
        },
    )

    def __init__(self, *args, ticket: Ticket, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        others = ticket.requester.tickets.genuine().exclude(pk=ticket.pk)
        self.fields["into"].queryset = others.order_by("-last_message_at")


def assignable_staff(ticket: Ticket) -> QuerySet[User]:
    """Active staff who may work on tickets, by name, and whoever has this one."""
    able = User.objects.with_perm("tickets.change_ticket", backend=BACKEND).filter(is_staff=True)
    holder = User.objects.filter(pk=ticket.assignee_id)
    return (able | holder).order_by("first_name", "username")
