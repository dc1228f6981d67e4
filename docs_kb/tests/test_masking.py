import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_kb.masking import ACCOUNT, IBAN_LENGTHS, find_secrets, mask_personal_data, without_secrets

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
        # addresses in other spellings
        ("escribe a lucia@example.com.", "escribe a [correo]."),
        ("mailto:lucia@example.com", "mailto:[correo]"),
        ("lucia @ example.com", "[correo]"),
        ("lucia＠example.com", "[correo]"),
        ("lucia%40example.com", "[correo]"),
        ("lucia (arroba) example.com", "[correo]"),
        ("lucia[at]example.com", "[correo]"),
        ("lucia arroba gmail punto com", "[correo]"),
        ("ssh root@192.0.2.7", "ssh [correo]"),
        ("lucia.ferrer@gmail no entra, lucia@mi-empresa tampoco", "[correo] no entra, [correo] tampoco"),
        (f"{'a' * 300}@example.com", "[correo]"),
        # phones
        ("llama al 612\xa0345\xa0678 o al 612\u2009345\u2009678", "llama al [teléfono] o al [teléfono]"),
        ("612.345.678, 612–345–678, 612·345·678", "[teléfono], [teléfono], [teléfono]"),
        ("612 34 56 78 y 6 1 2 3 4 5 6 7 8", "[teléfono] y [teléfono]"),
        ("tel:612345678 tlf.612345678 tel612345678", "tel:[teléfono] tlf.[teléfono] tel[teléfono]"),
        ("612345678.", "[teléfono]."),
        ("¿612345678?", "¿[teléfono]?"),
        ("612345678a las cinco", "[teléfono]a las cinco"),
        ("(+34) 612 345 678", "[teléfono]"),
        ("+34 6 1 2 3 4 5 6 7 8", "[teléfono]"),
        ("+34-612-345-678", "[teléfono]"),
        ("34612345678 o 34 612 345 678", "[teléfono] o [teléfono]"),
        ("(+44) 20 7946 0958", "[teléfono]"),
        ("+1 (212) 555-0123", "[teléfono]"),
        ("00 34 612 345 678", "[teléfono]"),
        ("６１２３４５６７８", "[teléfono]"),
        # DNI, NIE, passport
        ("12345678 z", "[documento]"),
        ("Y1234567 X y Z1234567 R", "[documento] y [documento]"),
        ("12 345 678 Z", "[documento]"),
        ("12.345.678\xa0Z", "[documento]"),
        ("12345678-Z, 12345678/Z, 12345678–Z", "[documento], [documento], [documento]"),
        ("dni12345678Z", "dni[documento]"),
        ("0000000T y 00000000T", "[documento] y [documento]"),
        ("x-1.234.567-l y X 1234567 L", "[documento] y [documento]"),
        ("mi DNI es 12345678", "mi DNI es [documento]"),
        ("pasaporte: AAA123456", "pasaporte: [documento]"),
        # accounts and cards
        ("ES91 2100 0418 4502 0005 1332", "[cuenta]"),
        ("es9121000418450200051332", "[cuenta]"),
        ("2100 0418 45 0200051332", "[cuenta]"),
        ("DE89370400440532013000", "[cuenta]"),
        ("4111 1111 1111 1111 no pasa", "[tarjeta] no pasa"),
        ("4111-1111-1111-1111", "[tarjeta]"),
        # passwords
        ("tu contraseña: Sol2024, cámbiala", "tu contraseña: [contraseña] cámbiala"),
        ("la contraseña no vale", "la contraseña no vale"),
        # one beside the other
        ("lucia@example.com,612345678,12345678Z", "[correo],[teléfono],[documento]"),
        ("612345678X1234567L", "[teléfono][documento]"),
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
        "pedido 1234567 a casa",
        "crear correo @midominio.com",
        "de 10:00 12/11/2026 a 11:00 13/11/2026",
        "4111 1111 1111 1112",
        "hash d41d8cd98f00b204e9800998ecf8427e",
        "60 minutos, 600 búsquedas, 2 000 000 de visitas",
        "el dni no se adjunta",
        "MP34 como esto hace algo",
        "código 0x80070005",
        "versión 10.11.6 y 2001:db8::1",
        "",
    ],
)
def test_other_figures_stay(text):
    assert mask_personal_data(text) == text


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "1" * 20_000, "1 " * 10_000, "+1" * 10_000, "a@" * 10_000, "a." * 9_000]
)
def test_any_text_is_read_in_one_go(text):
    """Each of these would keep a pattern that tries all ways busy for hours."""
    assert len(mask_personal_data(text)) <= len(text)


@given(st.text(alphabet="612 3@.-+aXzL\xa0(") | st.text())
def test_masking_twice_is_masking_once(text):
    once = mask_personal_data(text)
    assert mask_personal_data(once) == once


# --- Secrets in a text that is about to be sent -------------------------------------------------


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Contraseña: hola1234", "Contraseña: [contraseña]"),
        ("mi clave=Abc123! y nada más", "mi clave=[contraseña] y nada más"),
        ("PASSWORD : s3creto", "PASSWORD : [contraseña]"),
        ("la contraseña no es válida", None),
        ("la contraseña: no funciona", None),
        ("la contraseña es hola1234", None),
        ("contraseña 1234", None),
        ("palabraclave: abc1", None),
        ("clave: 4111111111111111-abc y nada más", "clave: [contraseña] y nada más"),
        ("la tarjeta 4111 1111 1111 1111, caduca", "la tarjeta [tarjeta], caduca"),
        ("5500-0000-0000-0004", "[tarjeta]"),
        ("378282246310005", "[tarjeta]"),
        ("pedido 4111 1111 1111 1112", None),
        ("0000 0000 0000 0000", None),
        ("ES91 2100 0418 4502 0005 1332.", "[cuenta]."),
        ("es9121000418450200051332 y ES91\xa02100\xa00418\xa04502\xa00005\xa01332", "[cuenta] y [cuenta]"),
        ("IBAN GB82 WEST 1234 5698 7654 32 hoy por la tarde", "IBAN [cuenta] hoy por la tarde"),
        ("AB12 ES91 2100 0418 4502 0005 1332", "AB12 [cuenta]"),
        ("NO93 8601 1117 947", "[cuenta]"),
        ("ES91 2100 0418 4502 0005 1333", None),
        ("ES91210004184502000513321", None),
        ("llama al 612 345 678, factura F2026-000123", None),
    ],
)
def test_secrets_are_found_and_taken_out(text, without):
    assert without_secrets(text) == (without or text)
    assert bool(find_secrets(text)) is bool(without)


def test_accounts_of_every_known_country_end_where_they_end():
    """The registry's own examples (ISO 13616), with a word behind that is none of them."""
    examples = [
        "ES91 2100 0418 4502 0005 1332", "PT50 0002 0123 1234 5678 9015 4", "BE68 5390 0754 7034",
        "FR14 2004 1010 0505 0001 3M02 606", "DE89 3704 0044 0532 0130 00", "AD12 0001 2030 2003 5910 0100",
        "IT60 X054 2811 1010 0000 0123 456", "GB82 WEST 1234 5698 7654 32", "IE29 AIBK 9311 5212 3456 78",
        "NL91 ABNA 0417 1643 00",
    ]  # fmt: skip
    assert {iban[:2] for iban in examples} == IBAN_LENGTHS.keys()
    for iban in examples:
        assert without_secrets(f"{iban} hoy") == "[cuenta] hoy", iban


@given(st.text(max_size=80), st.text(max_size=80))
def test_secrets_are_found_between_any_words(before, after):
    text = f"{before} ES91 2100 0418 4502 0005 1332 {after}"
    if find_secrets(before) or find_secrets(after):
        return
    assert ACCOUNT in without_secrets(text)
    assert "0418" not in without_secrets(text).replace(before, "").replace(after, "")


@given(st.text("0123456789 -", min_size=13, max_size=24))
def test_secrets_that_are_cards_pass_the_check_of_luhn(number):
    for secret in find_secrets(number):
        digits = [int(sign) for sign in number[secret.start : secret.end] if sign.isdigit()]
        doubled = [d if i % 2 == 0 else (2 * d) % 9 or d for i, d in enumerate(reversed(digits))]
        assert sum(doubled) % 10 == 0
        assert 13 <= len(digits) <= 19


@given(st.text("0123456789 ESabñ:=-", max_size=60))
def test_secrets_lie_in_order_and_none_is_left_behind(text):
    found = find_secrets(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert len(without_secrets(text)) <= len(text) + 12 * len(found)
