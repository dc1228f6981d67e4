"""Folding away the copy of an earlier message, and nothing that was written now."""

import pytest

from docs_kb.tests.cpu_limit import cpu_limit
from tickets.quoting import split_quote

SAID = "Sigue igual.\nHe probado otra vez."


@pytest.mark.parametrize(
    "tail",
    [
        "> ¿Qué navegador usas?\n> Ana",
        "El lun, 2 nov 2026 a las 9:14, Soporte (<soporte@example.com>) escribió:\n\n> ¿Qué navegador usas?",
        "El lun, 2 nov 2026 a las 9:14,\nSoporte (<soporte@example.com>) escribió:\n> Hola",
        "-----Mensaje original-----\nDe: Soporte\nEnviado: lunes\n\n¿Qué navegador usas?",
        "— Escribe por encima de esta línea —\nHola, Lucía:",
        "On Mon, 2 Nov 2026 at 09:14, Support wrote:\n> Which browser?",
    ],
)
def test_quoted_tail_is_told_apart(tail):
    assert split_quote(f"{SAID}\n\n{tail}\n") == (SAID, tail)


@pytest.mark.parametrize(
    "text",
    [
        "",
        SAID,
        "> solo una cita",
        "> ¿Qué navegador usas?\nFirefox",
        "El lun, 2 nov 2026 a las 9:14, Soporte escribió:\n"
        "> ¿Qué navegador?\nFirefox\n> ¿Y el móvil?\nTambién",
        "El técnico me escribió: no funciona",
        "Sale a -> b y luego nada",
    ],
)
def test_words_written_now_are_never_folded(text):
    assert split_quote(text) == (text, "")


@pytest.mark.parametrize("line", ["> a\n", "", " "])
def test_folding_takes_no_longer_for_a_hostile_text(line):
    text = "\n".join(["El a escribió", *[line] * 20_000, "fin"])
    with cpu_limit(2):
        assert split_quote(text) == (text, "")
