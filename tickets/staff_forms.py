"""What staff send from the ticket page: validated here, done by the domain."""

from django import forms
from django.contrib.auth import get_user_model

from tickets.models import Ticket

BODY_LIMIT = 20_000


class BodyForm(forms.Form):
    """Text for a ticket, and the last message that its author had on screen."""

    body = forms.CharField(
        max_length=BODY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": "Escribe el texto antes de enviarlo",
            "max_length": "El texto debe tener 20 000 caracteres o menos",
        },
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ReplyForm(BodyForm):
    """An answer to the customer, with the status that the ticket takes afterwards."""

    next_status = forms.ChoiceField(
        label="Al enviar",
        choices=[
            (Ticket.Status.WAITING_CUSTOMER, "Esperar al cliente: leerá «Esperamos tu respuesta»"),
            (Ticket.Status.OPEN, "Seguir en estudio: leerá «En estudio»"),
            (Ticket.Status.RESOLVED, "Resolver: leerá «Resuelto»"),
        ],
        initial=Ticket.Status.WAITING_CUSTOMER,
        widget=forms.RadioSelect,
    )


class NoteForm(BodyForm):
    """A note that the customer never sees."""


class StatusForm(forms.Form):
    status = forms.ChoiceField(label="Estado", choices=Ticket.Status.choices)


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(label="Prioridad", choices=Ticket.Priority.choices, coerce=int)


class SubjectForm(forms.Form):
    subject = forms.CharField(
        label="Asunto",
        max_length=120,
        error_messages={"required": "Escribe el asunto", "max_length": "Usa 120 caracteres o menos"},
    )


class AssignmentForm(forms.Form):
    assignee = forms.ModelChoiceField(
        label="Lo lleva", queryset=get_user_model().objects.none(), required=False, empty_label="Nadie"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = assignable_staff()
        self.fields["assignee"].label_from_instance = staff_name


def assignable_staff():
    """Active staff, by name."""
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    return staff.order_by("first_name", "username")


def staff_name(user) -> str:
    """How a colleague is named on screen."""
    return user.get_full_name() or user.get_username()
