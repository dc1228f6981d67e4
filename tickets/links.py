"""Signed links: what a mail carries so that its reader, and nobody else, can open one ticket."""

import re
from base64 import b32encode
from datetime import timedelta

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from tickets.models import Survey, Ticket
from tickets.models.ticket import normalise_reference

LINK_LIFE = timedelta(days=30)
# What the address of a rating calls each answer.
RATING_NAMES = {Survey.Rating.GOOD: "bien", Survey.Rating.FAIR: "regular", Survey.Rating.BAD: "mal"}
_signer = Signer(salt="ticket-link")
_survey_signer = Signer(salt="survey-link")
_TOKEN = re.compile(r"([0-9A-Z]{8,11})\.([A-Za-z0-9_-]{43})")


def signed_token(ticket: Ticket) -> str:
    """What opens one ticket for its customer, as long as it lives and is not revoked.

    Signed over ticket, customer and revocation counter; the ticket's life decides the end, so that no
    row is stored and every message renews it.
    """
    return f"{ticket.reference.replace('-', '')}.{_signature(ticket)}"


def signed_url(ticket: Ticket) -> str:
    """The whole address for a mail, always of our own site."""
    return settings.SITE_URL + reverse("tickets:open_link", args=[signed_token(ticket)])


def reply_address(ticket: Ticket) -> str:
    """Where its customer's mail client answers: it knows the ticket, and nobody else can guess it.

    In lower case and without signs, as some mail servers change the one and break at the other.
    """
    name, _, domain = settings.SUPPORT_EMAIL.rpartition("@")
    code = normalise_reference(ticket.reference).partition("-")[2].replace("-", "").lower()
    mac = salted_hmac("ticket-reply", _signed(ticket), algorithm="sha256").digest()[:15]
    return f"{name}+{code}{b32encode(mac).decode().lower()}@{domain}"


def ticket_for_token(token: str) -> Ticket | None:
    """The ticket of a link that is genuine, not revoked and not too old; None for all others.

    The same work is done for an invented link as for one that has ended, so that no clock tells them apart.
    """
    reference, given = _parts(token)
    found = Ticket.objects.select_related("requester").filter(reference=reference).first()
    ticket = found or Ticket(last_message_at=timezone.now())
    is_genuine = constant_time_compare(given, _signature(ticket))
    renewed_at = max(ticket.last_message_at, ticket.link_renewed_at or ticket.last_message_at)
    is_alive = timezone.now() < renewed_at + LINK_LIFE
    return found if is_genuine and is_alive else None


def survey_token(survey: Survey) -> str:
    """What opens one question about one resolution, and nothing of the ticket."""
    return f"{survey.ticket.reference.replace('-', '')}.{_survey_signature(survey)}"


def survey_url(survey: Survey, rating: str = "") -> str:
    """The whole address for a mail; with a rating (`Survey.Rating`), that one comes selected, not saved."""
    path = reverse("tickets:rating", args=[survey_token(survey)])
    return settings.SITE_URL + path + (f"?n={RATING_NAMES[Survey.Rating(rating)]}" if rating else "")


def survey_for_token(token: str) -> Survey | None:
    """The survey of a link that is genuine and whose ticket's links were not revoked; None for others."""
    reference, given = _parts(token)
    asked = Survey.objects.select_related("ticket__requester", "ticket__merged_into")
    for survey in asked.filter(ticket__reference=reference):
        if constant_time_compare(given, _survey_signature(survey)):
            return survey
    return None


def revoke_links(ticket: Ticket) -> None:
    """Make every link sent so far, and every session opened with one, worthless."""
    ticket.link_counter += 1
    ticket.save(update_fields=["link_counter"])


def _signature(ticket: Ticket) -> str:
    return _signer.signature(_signed(ticket))


def _survey_signature(survey: Survey) -> str:
    return _survey_signer.signature(f"{survey.pk}:{_signed(survey.ticket)}")


def _signed(ticket: Ticket) -> str:
    return f"{ticket.pk}:{ticket.requester_id}:{ticket.link_counter}"


def _parts(token: str) -> tuple[str, str]:
    """The reference and the signature of a token; a reference that no ticket has where it is none."""
    match = _TOKEN.fullmatch(token)
    return (normalise_reference(match[1]), match[2]) if match else ("", "")
