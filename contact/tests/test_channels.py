import pytest

from contact.availability import channel_state
from contact.forms import ChannelForm
from contact.models import Channel
from contact.tests.factories import at, make_channel

pytestmark = pytest.mark.django_db


def form(**fields) -> ChannelForm:
    return ChannelForm({"is_active": "on", **fields})


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"kind": "phone", "value": "910 000 000"}, "+34910000000"),
        ({"kind": "whatsapp", "value": "0034 600 000 000"}, "+34600000000"),
        ({"kind": "phone", "is_active": ""}, ""),
        ({"kind": "email"}, ""),
        ({"kind": "email", "value": "ayuda@example.com"}, "ayuda@example.com"),
        ({"kind": "chat"}, ""),
    ],
)
def test_channel_form_stores_numbers_and_addresses_in_one_spelling(typed, stored):
    assert form(**typed).save().value == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": "phone"}, "Escribe el número o desactiva el canal."),
        ({"kind": "whatsapp", "value": "soporte"}, "Escribe un número de teléfono"),
        ({"kind": "phone", "value": "600111"}, "Este número no existe."),
        ({"kind": "phone", "value": "902 123 456"}, "recargo"),
        ({"kind": "email", "value": "soporte@"}, "Escribe una dirección completa"),
        ({"kind": "chat", "value": "x"}, "deja este campo vacío"),
    ],
)
def test_channel_form_refuses_what_nobody_could_use_and_says_what_to_do(typed, words):
    assert [words in error for error in form(**typed).errors["value"]] == [True]


def test_mail_channel_without_address_uses_the_support_address(settings):
    settings.SUPPORT_EMAIL = "ayuda@example.org"
    assert Channel(kind="email").address == "ayuda@example.org"
    other = channel_state(Channel(kind="email", value="otra@example.org"), at("2026-10-14 12:00"))
    assert (other.address_text, other.url) == ("otra@example.org", "mailto:otra@example.org")


def test_channels_come_in_their_one_order():
    for kind in ("chat", "email", "phone", "whatsapp"):
        make_channel(kind)
    assert [c.kind for c in Channel.objects.in_order()] == ["whatsapp", "phone", "email", "chat"]
