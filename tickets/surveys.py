"""Asking how it went: one answer for each time that a ticket is resolved, changeable for a week."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tickets.models import Event, Survey, Ticket
from tickets.plain_text import clean_text

# Whoever has just been asked about one ticket is not asked about the next.
PAUSE = timedelta(days=7)


class SurveyOver(Exception):
    """The answer comes too late: it is no longer taken, nor changed."""


def survey_of(ticket: Ticket) -> Survey | None:
    """The survey about the ticket's present resolution; None while nothing is asked."""
    if ticket.resolved_at is None or ticket.is_spam or ticket.merged_into_id:
        return None
    survey = ticket.surveys.filter(resolved_at=ticket.resolved_at).first()
    if survey:
        survey.ticket = ticket
    return survey


def to_be_mailed(ticket: Ticket, at: datetime | None = None) -> Survey | None:
    """The survey that a mail about this resolution asks with, noted as asked; None when it asks nothing.

    Not for spam or joined tickets, not twice, and not within seven days of another to the same customer.
    """
    at = at or timezone.now()
    survey = survey_of(ticket)
    if survey is None or survey.is_answered:
        return None
    if Survey.objects.asked_since(ticket.requester_id, at - PAUSE).exists():
        return None
    survey.asked_at = at
    survey.save(update_fields=["asked_at"])
    return survey


def rate(*, survey: Survey, rating: str, comment: str = "", at: datetime | None = None) -> None:
    """Keep the customer's answer, or the one they changed it to, with an event where the rating is new.

    Raises ValueError for a rating that does not exist, SurveyOver when it comes too late.
    """
    at = at or timezone.now()
    rating = Survey.Rating(rating)
    with transaction.atomic():
        held = Survey.objects.select_for_update().get(pk=survey.pk)
        if not held.is_open(at):
            raise SurveyOver
        survey.rating, survey.comment = rating, clean_text(comment)
        survey.answered_at = held.answered_at or at
        survey.save(update_fields=["rating", "comment", "answered_at"])
        if held.rating != rating:
            Event.objects.create(
                ticket=survey.ticket, kind=Event.Kind.RATED, old=held.rating, new=rating, created_at=at
            )
