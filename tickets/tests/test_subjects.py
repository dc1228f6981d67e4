"""What a ticket is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.plain_text import clean_line
from tickets.subjects import subject_from


@pytest.mark.parametrize(
    ("description", "subject"),
    [
        ("No puedo entrar. Desde ayer.", "No puedo entrar"),
        ("¿Por qué no entra? Ayuda", "¿Por qué no entra?"),
        ("Primera línea\nsegunda", "Primera línea"),
        ("  \n No va  la web  ", "No va la web"),
        ("x.es no carga v2.5 hoy", "x.es no carga v2.5 hoy"),
        ("palabra " * 20, "palabra " * 7 + "palabra…"),
        ("a" * 200, "a" * 69 + "…"),
        ("¡Hola, buenas tardes! No me llega el correo. Gracias", "No me llega el correo"),
        ("Hola.", "Hola"),
        ("0 .", "0"),
        ("", "Sin asunto"),
    ],
)
def test_subject_is_the_first_sentence_within_70_characters(description, subject):
    assert subject_from(description) == subject


@given(st.text(max_size=400))
def test_subject_is_always_one_short_line(text):
    subject = subject_from(text)
    assert subject
    assert len(subject) <= 71
    assert subject == clean_line(subject)
