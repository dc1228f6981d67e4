"""What customers say of a resolution: one answer, changeable for a week; the lead hears of bad ones."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tickets import notifications
from tickets.models import Event, Survey
from tickets.plain_text import clean_text


class SurveyOver(Exception):
    """The answer comes too late: it is no longer taken, nor changed."""


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
            if rating == Survey.Rating.BAD:
                notifications.rated_badly(survey)
