import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.masking import mask_personal_data

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("no entra lucia.ferrer+web@correo.example.es hoy", "no entra [correo] hoy"),
        ("<Lucia@Example.COM>, «ana@ejemplo.es»", "<[correo]>, «[correo]»"),
        ("niño@ejemplo.es", "[correo]"),
        ("llámame al 612 345 678", "llámame al [teléfono]"),
        ("612345678 / 91 123 45 67", "[teléfono] / [teléfono]"),
        ("612-34-56-78", "[teléfono]"),
        ("+34 910 000 000", "[teléfono]"),
        ("0034910000000", "[teléfono]"),
        ("+52 (55) 1234 5678", "[teléfono]"),
        ("mi DNI es 12345678Z", "mi DNI es [documento]"),
        ("12.345.678-z y X-1234567-L", "[documento] y [documento]"),
        ("NIE Y1234567X", "NIE [documento]"),
    ],
)
def test_personal_data_is_replaced_by_what_it_is(text, masked):
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "error 500 en el puerto 8080",
        "PHP 8.2.14 y 192.168.100.200",
        "factura 2026-000123 de 1.234,56 €",
        "desde el 24/11/2026 a las 10:30",
        "ticket MS-4F7K-29Q",
        "usuario@ sin dominio, @usuario",
        "5000 caracteres, 65535 bytes",
        "",
    ],
)
def test_other_figures_stay(text):
    assert mask_personal_data(text) == text


@given(st.text())
def test_masking_twice_is_masking_once(text):
    once = mask_personal_data(text)
    assert mask_personal_data(once) == once
