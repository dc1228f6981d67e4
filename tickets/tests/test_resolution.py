"""«Ya está resuelto», over HTTP: asked, confirmed, rated, taken back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tickets import conversation, triage
from tickets.links import revoke_links, signed_token, survey_token
from tickets.models import Event, OutboxMessage, Survey, Ticket
from tickets.tests.factories import make_agent, make_ticket
from tickets.tests.web import answer, open_by_link, opened_form, page_text, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("woken")]


@pytest.fixture
def ticket():
    return make_ticket()


@pytest.fixture
def lucia(ticket) -> Client:
    client = Client()
    open_by_link(client, ticket)
    return client


def url(noun: str, ticket: Ticket) -> str:
    return reverse(f"tickets:{noun}", args=[ticket.reference])


def resolved(ticket: Ticket, **how) -> Survey:
    triage.change_status(ticket=ticket, to="resolved", by=None, notify=False, **how)
    return ticket.surveys.first()


def rating_url(survey: Survey) -> str:
    return reverse("tickets:rating", args=[survey_token(survey)])


# --- Asking and answering -----------------------------------------------------------------------


def test_resolving_asks_first_and_only_the_button_does_it(lucia, ticket):
    page = lucia.get(url("resolution", ticket))
    assert "¿Lo damos por resuelto?" in page_text(page)
    lucia.post(url("resolution", ticket))
    ticket.refresh_from_db()
    assert ticket.status == "new"
    done = lucia.post(url("resolution", ticket), {"confirm": "1"}, follow=True)
    said = page_text(done)
    assert "Tu ticket está resuelto" in said
    assert "¿Cómo ha ido?" in said
    assert "Reabrir el ticket" in said
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_resolving_keeps_what_was_being_typed(lucia, ticket):
    hidden = opened_form(lucia, ticket.get_absolute_url())
    typed = hidden | {"body": "Era el router.", "solved": "1", "attachments": [text()]}
    page = lucia.post(url("resolution", ticket), typed)
    html = page.content.decode()
    assert "Era el router." in html
    assert "registro.txt" in html
    back = lucia.post(url("reply", ticket), hidden | {"body": "Era el router.", "add": "1"})
    assert "Era el router." in back.content.decode()
    assert "registro.txt" in back.content.decode()
    lucia.post(url("resolution", ticket), hidden | {"body": "Era el router.", "confirm": "1"})
    last = ticket.messages.last()
    assert (last.body, last.attachments.count()) == ("Era el router.", 1)
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    again = lucia.post(url("resolution", ticket), hidden | {"body": "Era el router.", "confirm": "1"})
    assert (again.status_code, ticket.messages.count()) == (302, 2)
    late = lucia.post(url("resolution", ticket), {"body": "Y el cable.", "solved": "1"})
    assert late.status_code == 422
    assert "El ticket ya está resuelto. Tu texto sigue aquí." in page_text(late)
    assert ">\nY el cable.</textarea>" in late.content.decode()


def test_too_many_words_come_back_to_the_answer(lucia, ticket):
    response = lucia.post(url("resolution", ticket), {"body": "a" * 5001, "confirm": "1"})
    assert response.status_code == 422
    assert "a" * 5001 in response.content.decode()


def test_expired_token_asks_again_with_the_text(ticket):
    lucia = Client(enforce_csrf_checks=True)
    page = lucia.get(reverse("tickets:open_link", args=[signed_token(ticket)]))
    lucia.post(page.request["PATH_INFO"], {"csrfmiddlewaretoken": page.context["csrf_token"]})
    response = lucia.post(url("resolution", ticket), {"body": "Era el router.", "confirm": "1"})
    assert response.status_code == 403
    assert "Era el router." in response.content.decode()
    foreign = lucia.post(url("resolution", ticket), headers={"Sec-Fetch-Site": "cross-site"})
    assert "Era" not in foreign.content.decode()
    ticket.refresh_from_db()
    assert ticket.status == "new"


def test_customer_opens_the_ticket_again(lucia, ticket):
    resolved(ticket)
    assert lucia.get(url("reopening", ticket)).status_code == 405
    response = lucia.post(url("reopening", ticket), follow=True)
    assert "Lo hemos reabierto." in page_text(response)
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert OutboxMessage.objects.get(kind="reopened").recipient == ticket.requester.email


def test_after_the_window_a_related_ticket_is_offered(lucia, ticket):
    resolved(ticket, at=timezone.now() - timedelta(days=14, minutes=1))
    lucia.post(url("reopening", ticket))
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    response = lucia.get(url("resolution", ticket), follow=True)
    assert response.redirect_chain == [(ticket.get_absolute_url(), 302)]
    assert f'href="/tickets/nuevo/?relacionado={ticket.reference}"' in response.content.decode()


def test_thanks_are_answered_in_kind(lucia, ticket):
    resolved(ticket)
    answer(lucia, ticket, "Muchas gracias")
    said = page_text(lucia.get(ticket.get_absolute_url()))
    assert "Gracias. Tu ticket sigue resuelto; si algo falla, dínoslo y lo reabrimos" in said


def test_answer_that_reopens_says_so(lucia, ticket):
    resolved(ticket)
    answer(lucia, ticket, "Sigue sin funcionar")
    assert "Respuesta enviada. Lo hemos reabierto." in page_text(lucia.get(ticket.get_absolute_url()))


def test_stranger_resolves_and_reopens_nothing(client, ticket):
    for noun in ("resolution", "reopening"):
        assert client.post(url(noun, ticket), {"confirm": "1"}).status_code == 403
    ticket.refresh_from_db()
    assert ticket.status == "new"


# --- Rating -------------------------------------------------------------------------------------


def test_link_shows_its_answer_selected_and_saves_nothing(client, ticket):
    survey = resolved(ticket)
    for _ in range(2):
        page = client.get(rating_url(survey), {"n": "mal"})
    html = page.content.decode()
    assert re.findall(r'value="(\w+)"[^>]* checked', html) == ["bad"]
    survey.refresh_from_db()
    assert survey.rating == ""
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert ticket.subject not in html


def test_rating_is_saved_by_its_button_and_can_be_changed(client, ticket):
    survey = resolved(ticket)
    first = client.post(rating_url(survey), {"rating": "good", "comment": "Rápido"}, follow=True)
    assert "Gracias. Hemos guardado tu valoración." in page_text(first)
    assert "Reabrir" not in page_text(first)
    client.post(rating_url(survey), {"rating": "fair", "comment": "Bueno"})
    assert list(Survey.objects.values_list("rating", "comment")) == [("fair", "Bueno")]


def test_comment_is_repeated_only_to_who_may_read_the_ticket(client, lucia, ticket):
    survey = resolved(ticket)
    client.post(rating_url(survey), {"rating": "good", "comment": "Muy rápido"})
    assert "Muy rápido" not in client.get(rating_url(survey)).content.decode()
    assert "Muy rápido" in lucia.get(rating_url(survey)).content.decode()
    client.post(rating_url(survey), {"rating": "fair"})
    survey.refresh_from_db()
    assert (survey.rating, survey.comment) == ("fair", "Muy rápido")
    lucia.post(rating_url(survey), {"rating": "fair"})
    survey.refresh_from_db()
    assert survey.comment == ""


@pytest.mark.parametrize("wrong", [{}, {"rating": "great"}, {"rating": "good", "comment": "a" * 2001}])
def test_wrong_rating_comes_back(client, ticket, wrong):
    survey = resolved(ticket)
    response = client.post(rating_url(survey), wrong)
    assert response.status_code == 422
    assert "<title>Error: " in response.content.decode()
    survey.refresh_from_db()
    assert survey.rating == ""


def test_bad_rating_offers_to_reopen_and_tells_the_lead(client, ticket):
    make_agent("marta", group="Supervisión")
    make_agent("ana")
    survey = resolved(ticket)
    page = client.post(rating_url(survey), {"rating": "bad", "comment": "Sigue igual"}, follow=True)
    assert "Reabrir el ticket" in page_text(page)
    assert [row.recipient for row in OutboxMessage.objects.filter(kind="staff_rated")] == [
        "marta@example.com"
    ]
    reopening = reverse("tickets:rating_reopening", args=[survey_token(survey)])
    assert client.get(reopening).status_code == 405
    again = client.post(reopening, follow=True)
    assert "Lo hemos reabierto." in page_text(again)
    assert "Reabrir el ticket" not in page_text(again)
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert client.get(ticket.get_absolute_url()).status_code == 403


def test_old_survey_opens_no_later_resolution(client, ticket):
    survey = resolved(ticket)
    conversation.reopen(ticket=ticket, by=None, notify=False)
    resolved(ticket)
    client.post(reverse("tickets:rating_reopening", args=[survey_token(survey)]))
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_rating_that_is_over_is_shown_and_not_changed(client, ticket, time_machine):
    survey = resolved(ticket)
    client.post(rating_url(survey), {"rating": "good"})
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    client.post(rating_url(survey), {"rating": "bad"})
    said = page_text(client.get(rating_url(survey)))
    assert "Tu valoración es «Bien». Ya no se puede cambiar." in said
    assert Event.objects.filter(kind="rated").count() == 1


def test_dead_rating_links_look_alike(client, ticket):
    survey = resolved(ticket)
    mailed = rating_url(survey)
    revoke_links(ticket)
    old = rating_url(survey)
    Survey.objects.update(resolved_at=timezone.now() - timedelta(days=31))
    answers = [client.get(link) for link in (mailed, old, "/valorar/nada/")]
    answers.append(client.post(mailed, {"rating": "good"}))
    assert {response.status_code for response in answers} == {404}
    assert len({page_text(response) for response in answers}) == 1
