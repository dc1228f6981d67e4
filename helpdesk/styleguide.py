"""/estilo/: every component on one page, for whoever builds the next one."""

from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# The token names of static/css/tokens.css.
# fmt: off
COLOURS = [
    "paper", "sheet", "sand", "line", "outline", "ink", "ink-2", "petrol", "petrol-2",
    "petrol-soft", "ochre", "ochre-ink", "ochre-soft", "clay", "clay-2", "clay-soft", "olive",
    "olive-soft", "plum", "plum-soft", "on-solid",
]
# fmt: on


class SampleForm(forms.Form):
    """One field of every kind that the template pack draws."""

    text = forms.CharField(label="Nombre completo")
    mail = forms.EmailField(
        label="Correo electrónico", help_text="Te enviaremos aquí la respuesta y el enlace de seguimiento"
    )
    body = forms.CharField(
        label="Descripción del problema",
        help_text="Cuenta qué intentabas hacer, qué ha ocurrido y desde cuándo",
        widget=forms.Textarea,
    )
    reason = forms.ChoiceField(
        label="¿Qué ha fallado?",
        choices=[("a", "No explica mi caso"), ("b", "Los pasos no funcionan"), ("c", "Está anticuada")],
        widget=forms.RadioSelect,
    )
    keep = forms.BooleanField(label="Mantener la sesión en este equipo", required=False)
    topic = forms.ChoiceField(label="Tema", choices=[("1", "Acceso a tu cuenta"), ("2", "Facturas y pagos")])
    file = forms.FileField(
        label="Capturas de pantalla (opcional)", help_text="PNG, JPG o WebP", required=False
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or settings.DEMO or request.user.is_staff):
        raise Http404
    context = {
        "colours": COLOURS,
        "sample_form": SampleForm(prefix="muestra"),
        "failed_form": _failed_form(),
        "page_obj": SimpleNamespace(
            number=2,
            has_previous=True,
            has_next=True,
            previous_page_number=1,
            next_page_number=3,
            paginator=SimpleNamespace(num_pages=3),
        ),
    }
    return render(request, "helpdesk/styleguide.html", context)


def _failed_form() -> SampleForm:
    form = SampleForm(
        {"fallo-text": "Lucía Ferrer", "fallo-mail": "lucia@", "fallo-topic": "1"}, prefix="fallo"
    )
    form.errors.clear()
    form.add_error("mail", "Escribe el correo electrónico con el formato nombre@example.com")
    form.add_error("reason", "Elige qué ha fallado")
    form.add_error("file", "«captura.tiff» no se admite: elige un archivo PNG, JPG, WebP, PDF o TXT")
    return form
