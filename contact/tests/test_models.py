import pytest
from django.core.exceptions import ValidationError

from contact.models import Channel
from contact.tests.factories import make_channel


def refusals(**fields) -> dict:
    try:
        Channel(**fields).clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_channel_stores_numbers_in_one_spelling():
    channel = Channel(kind="phone", value="910 000 000")
    channel.clean()
    assert channel.value == "+34910000000"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "phone"}, "Escribe el número o desactiva el canal."),
        ({"kind": "whatsapp", "value": "soporte"}, "Escribe un número de teléfono"),
        ({"kind": "phone", "value": "600111"}, "Este número no existe."),
        ({"kind": "phone", "value": "902 123 456"}, "recargo"),
        ({"kind": "email", "value": "soporte@"}, "Escribe una dirección completa"),
        ({"kind": "chat", "value": "x"}, "deja este campo vacío"),
    ],
)
def test_channel_refuses_what_nobody_could_use_and_says_what_to_do(fields, words):
    assert words in refusals(**fields)["value"][0]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "phone", "is_active": False},
        {"kind": "email"},
        {"kind": "email", "value": "ayuda@example.com"},
        {"kind": "chat"},
    ],
)
def test_channel_accepts_what_is_complete(fields):
    assert refusals(**fields) == {}


def test_mail_channel_without_address_uses_the_support_address(settings):
    settings.SUPPORT_EMAIL = "ayuda@example.org"
    assert Channel(kind="email").address == "ayuda@example.org"
    assert Channel(kind="email", value="otra@example.org").url == "mailto:otra@example.org"


@pytest.mark.django_db
def test_channels_come_in_their_one_order():
    for kind in ("chat", "email", "phone", "whatsapp"):
        make_channel(kind)
    assert [c.kind for c in Channel.objects.in_order()] == ["whatsapp", "phone", "email", "chat"]
