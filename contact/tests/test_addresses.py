from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from contact.addresses import RefusedNumber, mailto_url, number_text, parse_number, tel_url, whatsapp_url


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("600 111 222", "+34600111222"),
        ("0034 600 111 222", "+34600111222"),
        ("(+34) 911 23 45 67", "+34911234567"),
        ("34600111222", "+34600111222"),
        ("+351 912 345 678", "+351912345678"),
        ("900 123 456", "+34900123456"),
    ],
)
def test_number_is_stored_in_one_spelling(typed, stored):
    assert parse_number(typed) == stored


@pytest.mark.parametrize("typed", ["600111", "112", "60011122O", "soporte", "", "902 123 456", "806 123 456"])
def test_number_nobody_should_call_is_refused(typed):
    with pytest.raises(RefusedNumber):
        parse_number(typed)


def test_number_is_read_in_groups_of_three():
    assert number_text("+34910000000").replace("\xa0", " ") == "910 000 000"
    assert number_text("+34910000000", abroad=True).replace("\xa0", " ") == "+34 910 000 000"
    assert number_text("+351912345678").replace("\xa0", " ") == "+351 912 345 678"


def test_links_carry_the_number_as_the_standards_ask():
    assert tel_url("+34910000000") == "tel:+34910000000"
    assert whatsapp_url("+34600000000") == "https://wa.me/34600000000"


def test_links_survive_any_text():
    text = "Año & señal #1 «MS-4F7K-29Q»?"
    url = urlsplit(whatsapp_url("+34600000000", text=text))
    assert (url.path, parse_qs(url.query)) == ("/34600000000", {"text": [text]})
    mail = mailto_url("soporte+a&b@example.com", subject=text)
    assert unquote(mail.split("?")[0]) == "mailto:soporte+a&b@example.com"
    assert parse_qs(urlsplit(mail).query) == {"subject": [text]}
