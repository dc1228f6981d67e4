"""Which question is asked about a ticket, and when a mail may ask it: once for each time it is resolved."""

from datetime import datetime, timedelta

from django.utils import timezone

from tickets.models import Survey, Ticket

# Whoever has just been asked about one ticket is not asked about the next.
PAUSE = timedelta(days=7)


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
