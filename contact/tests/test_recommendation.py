import pytest
from django.urls import reverse

from contact.availability import read_situation
from contact.models import Channel
from contact.recommendation import Reason, reason_from, recommend
from contact.setup import create_default_channels
from contact.tests.factories import at

pytestmark = pytest.mark.django_db
OFFICE_HOURS, EVENING, NIGHT = "2026-10-14 12:00", "2026-10-14 18:42", "2026-10-14 22:00"


def recommended(moment: str, reason: Reason):
    create_default_channels()
    return recommend(read_situation(at(moment)), reason)


@pytest.mark.parametrize(
    ("moment", "reason", "name", "action"),
    [
        (OFFICE_HOURS, Reason.URGENT, "Teléfono", "Llamar al 910 000 000"),
        (EVENING, Reason.URGENT, "WhatsApp", "Escribir por WhatsApp"),
        (NIGHT, Reason.URGENT, "Ticket urgente", "Abrir un ticket urgente"),
        (OFFICE_HOURS, Reason.UNSAID, "WhatsApp", "Escribir por WhatsApp"),
        (EVENING, Reason.UNSAID, "WhatsApp", "Escribir por WhatsApp"),
        (NIGHT, Reason.UNSAID, "Ticket", "Abrir un ticket"),
        (OFFICE_HOURS, Reason.DOUBT, "Documentación", "Ver las guías"),
        (OFFICE_HOURS, Reason.TICKET, "Tu ticket", "Tengo una referencia"),
    ],
)
def test_recommendation_follows_reason_and_hours(moment, reason, name, action):
    result = recommended(moment, reason)
    assert (result.name, result.action.replace("\xa0", " ")) == (name, action)


def test_urgent_ticket_says_so_to_the_form_and_when_somebody_can_be_called():
    result = recommended(NIGHT, Reason.URGENT)
    assert result.url == reverse("tickets:create") + "?motivo=urgente"
    assert result.sentence.replace("\xa0", " ") == (
        "Te responderemos antes de las 13:00 h de mañana. Teléfono: abre mañana a las 9:00 h."
    )


def test_doubt_leads_to_the_guides_and_then_to_a_ticket():
    result = recommended(NIGHT, Reason.DOUBT)
    assert (result.url, result.also[1]) == (reverse("docs_kb:home"), reverse("tickets:create"))


def test_paused_phone_is_not_recommended_for_an_urgency():
    create_default_channels()
    Channel.objects.filter(kind="phone").update(pause_message="Avería de la línea.")
    assert recommend(read_situation(at(OFFICE_HOURS)), Reason.URGENT).name == "WhatsApp"


@pytest.mark.parametrize("text", ["", "otra-cosa", "URGENTE", "<script>", "urgente "])
def test_unknown_reasons_count_as_unsaid(text):
    assert reason_from(text) is Reason.UNSAID
