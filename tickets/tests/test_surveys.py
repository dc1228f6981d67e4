"""Asking how it went: once for each resolution, and kept for good after a week."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import rating, surveys, triage
from tickets.links import revoke_links, survey_for_token, survey_token, survey_url
from tickets.models import Event, OutboxMessage, Survey, Ticket
from tickets.tests.factories import BRUNO, make_agent, make_ticket

pytestmark = pytest.mark.django_db
Rating = Survey.Rating


def resolved(**fields) -> Ticket:
    ticket = make_ticket(**fields)
    triage.change_status(ticket=ticket, to=Ticket.Status.RESOLVED, by=None, notify=False)
    return ticket


def test_survey_is_one_for_each_resolution():
    ticket = resolved()
    first = surveys.survey_of(ticket)
    assert surveys.survey_of(ticket) == first
    triage.change_status(ticket=ticket, to=Ticket.Status.OPEN, by=None, notify=False)
    assert surveys.survey_of(ticket) is None
    triage.change_status(ticket=ticket, to=Ticket.Status.RESOLVED, by=None, notify=False)
    assert surveys.survey_of(ticket) != first
    assert Survey.objects.count() == 2


def test_survey_is_not_for_spam_nor_for_joined_tickets():
    spam, joined = resolved(), resolved()
    triage.mark_spam(ticket=spam, by=make_agent())
    joined.merged_into = make_ticket()
    joined.save(update_fields=["merged_into"])
    assert surveys.to_be_mailed(spam) is surveys.to_be_mailed(joined) is None


def test_survey_is_mailed_once_in_seven_days_to_each_customer():
    now = timezone.now()
    assert surveys.to_be_mailed(resolved(), now)
    assert surveys.to_be_mailed(resolved(), now + timedelta(days=6)) is None
    assert surveys.to_be_mailed(resolved(email=BRUNO), now)
    assert surveys.to_be_mailed(resolved(), now + timedelta(days=7, minutes=1))


def test_rating_can_be_changed_for_seven_days_and_no_longer():
    survey, now = surveys.survey_of(resolved()), timezone.now()
    make_agent(group="Supervisión")
    page_of_long_ago = Survey.objects.get()
    for comment in ("Muy\r\nbien", "Muy\r\nmuy bien"):
        rating.rate(survey=survey, rating=Rating.GOOD, comment=comment, at=now)
    assert survey.comment == "Muy\nmuy bien"
    assert not OutboxMessage.objects.exists()
    rating.rate(survey=survey, rating=Rating.BAD, at=now + timedelta(days=6))
    assert OutboxMessage.objects.get().kind == "staff_rated"
    with pytest.raises(rating.SurveyOver):
        rating.rate(survey=page_of_long_ago, rating=Rating.GOOD, at=now + timedelta(days=7))
    survey.refresh_from_db()
    assert (survey.rating, survey.comment, survey.answered_at) == (Rating.BAD, "", now)
    events = Event.objects.filter(kind=Event.Kind.RATED).values_list("old", "new")
    assert list(events) == [("", "good"), ("good", "bad")]


def test_rating_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="great"):
        rating.rate(survey=surveys.survey_of(resolved()), rating="great")


def test_link_opens_its_own_survey_until_links_are_revoked():
    ticket, other = resolved(), resolved()
    survey = surveys.survey_of(ticket)
    surveys.survey_of(other)
    assert survey_for_token(survey_token(survey)) == survey
    assert survey_url(survey, Rating.BAD).endswith(f"/valorar/{survey_token(survey)}/?n=mal")
    crossed = survey_token(survey).replace(
        ticket.reference.replace("-", ""), other.reference.replace("-", "")
    )
    assert survey_for_token(crossed) is None
    assert survey_for_token("nada") is None
    mailed = survey_token(survey)
    revoke_links(ticket)
    assert survey_for_token(mailed) is None
