"""What customers may write: the forms check words and save nothing.

Files are not judged here: the view stages them (`tickets.attachments`) and hangs what was refused on the
form, so that a good file outlives the error of another field.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from tickets.conversation import clean_line, clean_text
from tickets.models import Survey
from tickets.sign_in import CODE_CHARACTERS, normalise_code

NAME_CHARACTERS = 120
EMAIL_CHARACTERS = 254
TEXT_CHARACTERS = 5000
COMMENT_CHARACTERS = 2000
DESCRIPTION_MINIMUM = 10
ACCEPTED_TYPES = "image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain"
FILES_HINT = _("Hasta 5 archivos PNG, JPG, WebP, PDF o TXT de 10\u00a0MB como máximo cada uno.")


class LineField(forms.CharField):
    """One line of text; runs of spaces and control characters become one space."""

    def to_python(self, value):
        return clean_line(super().to_python(value))


class ProseField(forms.CharField):
    """Several lines of text; a line break counts as one character, as does any code point. What nobody can
    see is no text."""

    def to_python(self, value):
        text = clean_text(str(value or ""))
        return text if clean_line(text) else ""


class AddressField(forms.EmailField):
    """A mail address, with one sentence for whatever is wrong with it."""

    default_error_messages = {
        "required": _("Escribe tu correo electrónico"),
        "invalid": _("Escribe el correo electrónico con el formato nombre@example.com"),
    }

    def __init__(self, **kwargs) -> None:
        attrs = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        widget = forms.EmailInput(attrs=attrs | {"maxlength": EMAIL_CHARACTERS})
        super().__init__(label=_("Correo electrónico"), max_length=None, widget=widget, **kwargs)

    def clean(self, value) -> str:
        address = super().clean(value)
        if len(address) > EMAIL_CHARACTERS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some uploads, unjudged: what came is for the view to stage."""

    def __init__(self, **kwargs) -> None:
        widget = FilesInput(attrs={"accept": ACCEPTED_TYPES, "data-file-picker": True})
        super().__init__(required=False, help_text=FILES_HINT, widget=widget, **kwargs)

    def clean(self, data, initial=None) -> list:
        return data or []


class TicketForm(forms.Form):
    """The ticket form: who writes, from where, and what happens."""

    use_required_attribute = False

    name = LineField(
        label=_("Nombre completo"),
        validators=[MaxLengthValidator(NAME_CHARACTERS, _("El nombre debe tener 120 caracteres o menos"))],
        error_messages={"required": _("Escribe tu nombre completo")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false", "dir": "auto"}),
    )
    email = AddressField(help_text=_("Te enviaremos aquí la respuesta y el enlace de seguimiento"))
    description = ProseField(
        label=_("Descripción del problema"),
        help_text=_("Cuenta qué intentabas hacer, qué ha ocurrido y desde cuándo"),
        error_messages={"required": _("Describe el problema")},
        widget=forms.Textarea(
            attrs={
                "rows": 9,
                "dir": "auto",
                "data-counter": TEXT_CHARACTERS,
                "data-least": DESCRIPTION_MINIMUM,
            }
        ),
    )
    attachments = FilesField(label=_("Capturas de pantalla (opcional)"))

    def clean_description(self) -> str:
        description = self.cleaned_data["description"]
        if len(description) > TEXT_CHARACTERS:
            raise ValidationError(
                _("La descripción debe tener 5000 caracteres o menos; adjunta el resto como archivo TXT")
            )
        if len(description) < DESCRIPTION_MINIMUM:
            raise ValidationError(_("Cuéntanos un poco más: al menos 10 caracteres"))
        return description


class ReplyForm(forms.Form):
    """What a customer adds to their ticket."""

    use_required_attribute = False

    body = ProseField(
        label=_("Tu respuesta"),
        error_messages={"required": _("Escribe tu respuesta")},
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "data-counter": TEXT_CHARACTERS}),
    )
    attachments = FilesField(label=_("Añadir archivos (opcional)"))

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        if len(body) > TEXT_CHARACTERS:
            raise ValidationError(
                _("La respuesta debe tener 5000 caracteres o menos; adjunta el resto como archivo TXT")
            )
        return body


class AddressForm(forms.Form):
    """One address, by default that of the customer's tickets, which a link or a code should go to."""

    use_required_attribute = False

    email = AddressField(help_text=_("La dirección con la que abriste tus tickets"))

    def __init__(self, *args, is_new: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            self.fields["email"].help_text = ""


class RatingForm(forms.Form):
    """How the customer found it."""

    use_required_attribute = False

    rating = forms.ChoiceField(
        label=_("¿Cómo ha ido?"),
        choices=Survey.Rating.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Elige Bien, Regular o Mal"),
            "invalid_choice": _("Elige Bien, Regular o Mal"),
        },
    )
    comment = ProseField(
        label=_("¿Quieres contarnos algo? (opcional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-counter": COMMENT_CHARACTERS}),
    )

    def clean_comment(self) -> str:
        comment = self.cleaned_data["comment"]
        if len(comment) > COMMENT_CHARACTERS:
            raise ValidationError(_("El comentario debe tener 2000 caracteres o menos"))
        return comment


class CodeForm(forms.Form):
    """The code as it was typed or pasted; whether it is the right one is not asked here."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Código de 8 caracteres"),
        strip=True,
        error_messages={"required": _("Escribe el código que te hemos enviado")},
        widget=forms.TextInput(
            attrs={
                "class": "data code-input",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": 12,
            }
        ),
    )
    remember = forms.BooleanField(label=_("Mantener la sesión en este equipo"), required=False)

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if len(code) != CODE_CHARACTERS:
            raise ValidationError(_("El código tiene 8 letras y números: mira que esté entero"))
        return code


class NameForm(forms.Form):
    """How the team should call a customer."""

    use_required_attribute = False

    name = LineField(
        label=_("Nombre completo"),
        validators=[MaxLengthValidator(NAME_CHARACTERS, _("El nombre debe tener 120 caracteres o menos"))],
        error_messages={"required": _("Escribe tu nombre completo")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false", "dir": "auto"}),
    )
