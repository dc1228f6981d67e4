"""The sentence under the status, state by state."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tickets import triage
from tickets.conversation import reply
from tickets.models import Ticket
from tickets.standing import standing
from tickets.tests.factories import make_agent, make_ticket

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 9, 14, tzinfo=ZoneInfo("Europe/Madrid"))
Status = Ticket.Status


@pytest.fixture
def ticket():
    ticket = make_ticket(at=MONDAY)
    ticket.due_at = MONDAY + timedelta(hours=4)
    ticket.save()
    return ticket


@pytest.fixture
def ana():
    return make_agent()


def sentence(ticket: Ticket, after: timedelta = timedelta(minutes=5)) -> str:
    ticket.refresh_from_db()
    return standing(ticket, MONDAY + after).text.replace("\xa0", " ")


def test_new_ticket_says_by_when(ticket):
    assert sentence(ticket) == "Lo hemos recibido. Te responderemos antes de las 13:14 h de hoy."


def test_new_ticket_without_a_promise_promises_nothing(ticket):
    Ticket.objects.update(due_at=None)
    assert sentence(ticket) == "Lo hemos recibido."


def test_missed_promise_is_never_silent(ticket, ana):
    assert sentence(ticket, timedelta(hours=5)).startswith("Vamos con retraso.")
    triage.assign(ticket=ticket, to=ana, by=ana, at=MONDAY)
    assert sentence(ticket, timedelta(hours=5)).startswith("Vamos con retraso.")


def test_open_ticket_says_who_has_it(ticket, ana):
    triage.change_status(ticket=ticket, to=Status.OPEN, by=ana, at=MONDAY)
    assert sentence(ticket) == "Lo estamos mirando."
    triage.assign(ticket=ticket, to=ana, by=ana, at=MONDAY)
    assert sentence(ticket) == "Ana lo está mirando."


def test_ticket_that_waits_for_a_third_party_looks_open(ticket, ana):
    triage.change_status(ticket=ticket, to=Status.WAITING_THIRD_PARTY, by=ana, at=MONDAY)
    assert sentence(ticket) == "Lo estamos mirando."
    assert standing(ticket).label == "En estudio"


def test_waiting_ticket_is_the_customers_turn(ticket, ana):
    reply(ticket=ticket, author=ana, body="¿Qué navegador usas?", at=MONDAY, notify=False)
    assert sentence(ticket) == "Necesitamos un dato tuyo para seguir."
    assert standing(ticket, MONDAY).is_yours


def test_forecast_says_when_there_will_be_news(ticket, ana):
    def promise(hours: float | None, at: float = 0) -> str:
        to = None if hours is None else MONDAY + timedelta(hours=hours)
        triage.change_forecast(ticket=ticket, to=to, by=ana, at=MONDAY + timedelta(hours=at))
        return sentence(ticket, timedelta(hours=at, minutes=5))

    assert promise(2) == "Lo estamos mirando. Próxima noticia: hoy, 11:14 h."
    assert promise(6) == "Vamos con retraso. Nueva previsión: hoy, 15:14 h."
    assert promise(None) == "Lo estamos mirando."
    reply(ticket=ticket, author=ana, body="Lo miro", next_status=Status.OPEN, at=MONDAY, notify=False)
    triage.assign(ticket=ticket, to=ana, by=ana, at=MONDAY)
    assert promise(24) == "Ana lo está mirando. Próxima noticia: mañana, 9:14 h."
    assert sentence(ticket, timedelta(hours=25)).startswith("Vamos con retraso.")
    note = "Dependemos del registro del dominio"
    triage.change_status(
        ticket=ticket,
        to=Status.WAITING_THIRD_PARTY,
        by=ana,
        public_note=note,
        at=MONDAY + timedelta(hours=25),
    )
    assert promise(30, at=25) == f"{note}. Próxima noticia: hoy, 15:14 h."
    assert sentence(ticket, timedelta(hours=31)) == f"{note}."


@pytest.mark.parametrize("status", [Status.WAITING_CUSTOMER, Status.RESOLVED, Status.CLOSED])
def test_nothing_is_forecast_where_it_is_not_our_turn(ticket, ana, status):
    triage.change_forecast(ticket=ticket, to=MONDAY + timedelta(hours=2), by=ana, at=MONDAY)
    triage.change_status(ticket=ticket, to=status, by=ana, at=MONDAY)
    assert ticket.forecast_at is None
    with pytest.raises(triage.ForecastRefused):
        triage.change_forecast(ticket=ticket, to=MONDAY + timedelta(hours=2), by=ana, at=MONDAY)


def test_resolved_ticket_says_until_when_it_reopens(ticket, ana):
    triage.change_status(ticket=ticket, to=Status.RESOLVED, by=ana, at=MONDAY)
    assert sentence(ticket) == "¿Sigue fallando? Responde antes del 16 de noviembre y lo reabrimos."
    assert standing(ticket, MONDAY + timedelta(days=13)).can_reply
    late = MONDAY + timedelta(days=14)
    assert sentence(ticket, timedelta(days=14)) == "Ya no admite respuestas."
    assert not standing(ticket, late).can_reply


def test_closed_ticket_takes_no_more_answers(ticket, ana):
    triage.change_status(ticket=ticket, to=Status.CLOSED, by=ana, at=MONDAY)
    assert sentence(ticket) == "Ya no admite respuestas."
    assert not standing(ticket, MONDAY).can_reply
