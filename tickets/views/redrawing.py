"""What a form of the customer's says when it comes back instead of being carried out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from docs_kb.dates import clock
from docs_kb.file_types import too_large
from docs_kb.throttle import Throttled
from tickets import access, attachments
from tickets.views.submission import Submission, pressed_button

# Understood, but not to be carried out as it is.
UNSENT = 422
# What a database or a disk raises that cannot take what was sent.
NOT_STORED = (DatabaseError, OSError)


def surroundings(request: HttpRequest, submission: Submission) -> dict:
    """What a form's page says beside the form. The session may see the drafts that the page lists."""
    if request.method == "POST" and submission.drafts:
        access.remember_form(request, submission.form_key)
    return {
        "submission": submission,
        "max_files": settings.MAX_FILES,
        "max_file_bytes": settings.MAX_FILE_BYTES,
        "max_total_bytes": settings.MAX_TOTAL_BYTES,
        "too_many": attachments.too_many(),
        "too_large": too_large("{name}", "{size}"),
        "came_back": request.method == "POST",
        "company_name": settings.COMPANY_NAME,
        "pressed": pressed_button(request),
    }


def stale(button: str) -> str:
    return _("La página llevaba mucho tiempo abierta. Revisa tu texto y pulsa «%s» otra vez.") % button


def unstored(button: str) -> str:
    return (
        _(
            "No hemos podido guardarlo; el fallo es nuestro. Tu texto sigue aquí: mira si están tus archivos "
            "y pulsa «%s» otra vez dentro de un momento."
        )
        % button
    )


def wait(throttled: Throttled) -> str:
    sentence = _(
        "Demasiados intentos seguidos. Espera hasta las %s y vuelve a enviarlo: tu texto sigue aquí."
    )
    return sentence % clock(retry_at(throttled))


def retry_at(throttled: Throttled) -> datetime:
    return timezone.now() + timedelta(seconds=throttled.retry_after)
