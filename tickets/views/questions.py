"""What a form asks once before it is sent: whether a secret is to go along, and whether it is said twice."""

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from docs_kb import masking
from tickets import access
from tickets.models import Ticket
from tickets.twins import TWIN_WINDOW, twin_of
from tickets.views.submission import Submission

SECRETS = {
    masking.PASSWORD: gettext_lazy("una contraseña"),
    masking.CARD: gettext_lazy("un número de tarjeta"),
    masking.ACCOUNT: gettext_lazy("un número de cuenta (IBAN)"),
}


@dataclass(frozen=True)
class Question:
    """A sentence and the two buttons that answer it: each a name, a value and a label."""

    text: str
    buttons: tuple[tuple[str, str, str], ...]


def about_secrets(request: HttpRequest, submission: Submission, text: str) -> Question | None:
    """Ask about passwords, cards and accounts in a text, unless the same were asked about before."""
    secrets = masking.find_secrets(text)
    if not secrets or "secrets" in request.POST:
        return None
    mark = hashlib.sha256("\0".join(text[one.start : one.end] for one in secrets).encode()).hexdigest()
    if submission.warned == mark:
        return None
    submission.warned = mark
    *kinds, last = [str(SECRETS[kind]) for kind in dict.fromkeys(one.kind for one in secrets)]
    listed = _("%(kinds)s y %(last)s") % {"kinds": ", ".join(kinds), "last": last} if kinds else last
    sentence = _("Parece que tu texto lleva %s. Para ayudarte no hace falta: mejor no enviarlo.")
    return Question(
        sentence % listed,
        (("secrets", "remove", _("Quitarlos y enviar")), ("secrets", "keep", _("Enviar tal como está"))),
    )


def words_of(request: HttpRequest, field: str) -> QueryDict:
    """What was typed, without the secrets of that field once this was the answer."""
    words = request.POST.copy()
    if request.POST.get("secrets") == "remove":
        words[field] = masking.without_secrets(words.get(field, ""))
    return words


def about_twin(request: HttpRequest, submission: Submission, *, email: str, text: str) -> Question | None:
    """Ask whether this is one more word about a ticket that the same session has just opened."""
    if "twin" in request.POST:
        return None
    now = timezone.now()
    sent = access.sent_tickets(request, since=now - TWIN_WINDOW)
    if any(ticket.form_key == submission.form_key for ticket in sent):
        return None  # this very form, sent again
    ticket = twin_of(text, email=email, among=sent, at=now)
    if ticket is None:
        return None
    return Question(
        _ago(ticket),
        (("twin", ticket.reference, _("Añadir esto a ese ticket")), ("twin", "new", _("Enviar uno nuevo"))),
    )


def _ago(ticket: Ticket) -> str:
    minutes = int((timezone.now() - ticket.created_at).total_seconds() // 60)
    if not minutes:
        return _("Hace un momento abriste un ticket parecido: %s.") % ticket.reference
    sentence = ngettext(
        "Hace %(n)d minuto abriste un ticket parecido: %(reference)s.",
        "Hace %(n)d minutos abriste un ticket parecido: %(reference)s.",
        minutes,
    )
    return sentence % {"n": minutes, "reference": ticket.reference}
