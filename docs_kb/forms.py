"""What readers may write about a guide: the form checks words and saves nothing."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from docs_kb.feedback import LONGEST_COMMENT
from docs_kb.models import ArticleFeedback


class CommentField(forms.CharField):
    """Several lines of text; a line break counts as one character."""

    def to_python(self, value):
        text = str(value or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        return text.encode("utf-8", "ignore").decode().strip()


class ExplanationForm(forms.Form):
    """What was wrong with a guide: one of four reasons, some words, or both."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("¿Qué ha fallado?"),
        choices=ArticleFeedback.Reason.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Elige uno de los cuatro motivos")},
    )
    comment = CommentField(
        label=_("Cuéntanos más (opcional)"),
        help_text=_("No escribas datos personales ni contraseñas"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-counter": LONGEST_COMMENT}),
    )

    def clean_comment(self) -> str:
        comment = self.cleaned_data["comment"]
        if len(comment) > LONGEST_COMMENT:
            raise ValidationError(
                _("El comentario debe tener 1000 caracteres o menos; si necesitas más, abre un ticket")
            )
        return comment

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("reason") and not cleaned.get("comment"):
            self.add_error("reason", _("Elige un motivo o cuéntanos qué ha fallado"))
        return cleaned
