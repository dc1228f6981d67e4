"""What customers may write, and the sentence for each thing that is wrong with it."""

import pytest

from tickets.forms import AddressForm, ReplyForm, TicketForm
from tickets.tests.web import WORDS


def errors_of(**changes) -> dict:
    return {name: list(errors) for name, errors in TicketForm(WORDS | changes).errors.items()}


def test_ticket_form_takes_what_lucia_wrote():
    form = TicketForm(WORDS)
    assert form.is_valid()
    assert form.cleaned_data == WORDS | {"attachments": []}


def test_ticket_form_names_all_empty_fields_at_once():
    assert TicketForm({}).errors == {
        "name": ["Escribe tu nombre completo"],
        "email": ["Escribe tu correo electrónico"],
        "description": ["Describe el problema"],
    }


@pytest.mark.parametrize("name", ["A", "Ñ" * 120, "王小明", "O'Neill-Pérez, Jr.", "نور", "😀" * 120])
def test_name_is_taken_in_any_script(name):
    assert errors_of(name=name) == {}


def test_name_is_one_line():
    form = TicketForm(WORDS | {"name": "  Lucía \r\n Ferrer\x00 "})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Lucía Ferrer"


def test_name_over_120_characters_is_refused():
    assert errors_of(name="a" * 121) == {"name": ["El nombre debe tener 120 caracteres o menos"]}


@pytest.mark.parametrize(
    "email", ["lucia", "lucia@", "@example.com", "lucia@example", "lucia @example.com", "a@b@example.com"]
)
def test_email_of_a_wrong_shape_is_refused_in_one_sentence(email):
    assert errors_of(email=email) == {
        "email": ["Escribe el correo electrónico con el formato nombre@example.com"]
    }


def test_email_over_254_characters_is_refused_in_one_sentence():
    labels = ".".join(["a" * 60] * 4)
    assert errors_of(email=f"{'a' * 20}@{labels}.com") == {
        "email": ["Escribe el correo electrónico con el formato nombre@example.com"]
    }


@pytest.mark.parametrize("email", ["  lucia@example.com ", "o'neill+web@sub.example.co", "L@EXAMPLE.COM"])
def test_email_that_the_standard_allows_is_taken(email):
    assert errors_of(email=email) == {}


def test_description_counts_code_points_and_a_line_break_as_one():
    assert errors_of(description="😀" * 5000) == {}
    assert errors_of(description="\r\n".join(["a"] * 2500) + "b") == {}
    assert errors_of(description="a" * 5001) == {
        "description": [
            "La descripción debe tener 5000 caracteres o menos; adjunta el resto como archivo TXT"
        ]
    }


def test_description_under_ten_characters_is_asked_for_more():
    assert errors_of(description="no va     ") == {
        "description": ["Cuéntanos un poco más: al menos 10 caracteres"]
    }


def test_description_without_words_is_empty():
    for nothing in (" \r\n\x00 ", "\u200b" * 12, "\u202e \n\u2060"):
        assert errors_of(description=nothing) == {"description": ["Describe el problema"]}


def test_description_keeps_its_lines_and_loses_what_no_database_stores():
    form = TicketForm(WORDS | {"description": "una\x00 línea\r\n\r\n\tdos   líneas"})
    assert form.is_valid()
    assert form.cleaned_data["description"] == "una línea\n\n\tdos   líneas"


def test_reply_form_refuses_nothing_and_too_much():
    assert ReplyForm({"body": "  "}).errors == {"body": ["Escribe tu respuesta"]}
    assert ReplyForm({"body": "ok"}).is_valid()
    assert ReplyForm({"body": "a" * 5001}).errors == {
        "body": ["La respuesta debe tener 5000 caracteres o menos; adjunta el resto como archivo TXT"]
    }


def test_address_form_asks_for_an_address():
    assert AddressForm({"email": ""}).errors == {"email": ["Escribe tu correo electrónico"]}


def test_fields_leave_the_judging_to_the_server():
    html = str(TicketForm())
    assert "required" not in html
    assert 'maxlength="5000"' not in html
    assert 'autocomplete="name"' in html
    assert 'autocomplete="email"' in html
