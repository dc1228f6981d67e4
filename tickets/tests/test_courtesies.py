"""Which messages only say thank you."""

import pytest

from tickets.courtesies import is_courtesy


@pytest.mark.parametrize(
    "text",
    [
        "Gracias",
        "¡Muchas gracias!",
        "muchísimas graciasss 😊",
        "Perfecto, gracias por vuestra ayuda.",
        "Hola, Marta:\n\nTodo perfecto.\n\nUn saludo".replace("Marta", "equipo"),
        "Ok, ya funciona todo bien",
        "Mil gracias por todo, un abrazo",
        "Gracias por la rapidez",
        "👍🏽",
        "Vale, de acuerdo",
        "Moltes gràcies",
        "Eskerrik asko!",
        "❤️",
        "gracias " * 12,
    ],
)
def test_courtesy_says_only_thank_you(text):
    assert is_courtesy(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ayuda",
        "Hola, buenas tardes",
        "Gracias, pero sigue fallando",
        "No funciona",
        "Ya no funciona, gracias",
        "Funciona a ratos",
        "Nunca está bien",
        "¿Gracias?",
        "Ok, y la factura de septiembre",
        "Gracias, llámame al 600000000",
        "Gracias 😡",
        "👎",
        "Todo mal, gracias",
        "gracias " * 13,
        "Gracias https://example.com",
        "Casi funciona",
    ],
)
def test_anything_else_is_no_courtesy(text):
    assert not is_courtesy(text)


def test_courtesy_may_name_the_two_who_talk():
    names = ["Marta", "Lucía Ferrer"]
    assert is_courtesy("Gracias, Marta. Lucía", names=names)
    assert not is_courtesy("Gracias, Nuria", names=names)
    assert not is_courtesy("Marta", names=names)
