"""Personal data out of text that is kept: addresses, phones, passwords, identity, account and card numbers;
and secrets in a text that is about to be sent, which its writer decides about.

Numbers are found in every way that people group them, with blanks of any kind; a shape that other figures
have too (eight digits, a blank, a letter) counts only when its check digit is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAIL = "[correo]"
PHONE = "[teléfono]"
IDENTITY = "[documento]"
ACCOUNT = "[cuenta]"
CARD = "[tarjeta]"
PASSWORD = "[contraseña]"
CHECK_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
FEWEST_DIGITS = 6  # fewer are no number of a person
NIE_DIGITS = {"X": "0", "Y": "1", "Z": "2"}

_DASH = r"\-‐‑‒–—−"
_GAP = rf"(?:\s?[{_DASH}.·]\s?|\s{{1,2}})?"
_ALONE = r"(?<!\w)(?<!\d\.)"  # neither the middle of a word nor of a figure
_IN_ADDRESS = r"[^\s@＠<>(),;:«»\"'\[\]]"
_LOCAL = rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}"  # from its first character on: a long word is read once
_DOMAIN = r"(?:[^\s@<>(),;:«»\"'\[\]./]{1,63}\.){1,8}[^\W\d_]{2,24}"
_MAIL = re.compile(
    rf"{_LOCAL}++(?:\s[@＠]\s|[@＠]\s?)(?:{_DOMAIN}|\d{{1,3}}(?:\.\d{{1,3}}){{3}})"
    rf"|{_LOCAL}+?%40{_DOMAIN}"
    rf"|{_LOCAL}++\s?[\[(]\s?(?:@|arroba|at)\s?[\])]\s?{_DOMAIN}"
    rf"|{_LOCAL}++\sarroba\s(?:{_DOMAIN}|[\w-]{{1,63}}(?:\spunto\s[\w-]{{1,63}})+)"
    rf"|{_LOCAL}++[@＠][^\W\d_][\w-]{{2,62}}(?!\w)",  # «lucia@gmail»
    re.IGNORECASE,
)
# IBAN: Spanish ones in groups, others as one word; and the twenty digits that Spain had before.
_ACCOUNT = re.compile(
    rf"(?<!\w)(?:ES\d{{2}}(?:[\s{_DASH}]?\d){{20}}|[A-Z]{{2}}\d{{2}}[A-Z]{{0,4}}\d{{10,26}}"
    rf"|\d{{4}}[\s{_DASH}]?\d{{4}}[\s{_DASH}]?\d{{2}}[\s{_DASH}]?\d{{10}})(?!\w)",
    re.IGNORECASE,
)
_CARD = re.compile(rf"{_ALONE}\d(?:[\s{_DASH}]?\d){{12,18}}(?!\w)")
# DNI: eight digits and a letter; NIE: X, Y or Z, seven digits and a letter; in groups or not.
_IDENTITY = re.compile(
    rf"(?:{_ALONE}|(?<=dni)|(?<=nif)|(?<=nie))"
    rf"(?P<digits>\d{{1,2}}[\s.{_DASH}]?\d{{3}}[\s.{_DASH}]?\d{{3}}|[XYZ]{_GAP}\d\.?\d{{3}}\.?\d{{3}})"
    rf"(?P<gap>\s?[{_DASH}./]?\s?)(?P<letter>[A-HJ-NP-TV-Z])(?!\w)",
    re.IGNORECASE,
)
# Whatever somebody calls their document is one, whole or not.
_NAMED_IDENTITY = re.compile(
    r"(?<!\w)(?P<name>(?:dni|nif|nie|pasaporte|c[eé]dula)(?:\s*(?:\bes\b|\bel\b|n[úu]m(?:ero|\.)?|n?[º°]|n\.|[:=#-]))*\s*)"
    r"(?:[A-Z]{0,3}[-.\s]?\d(?:[-.\s]?\d){5,9}(?:[-.]?[A-Z])?)(?!\w)",
    re.IGNORECASE,
)
# With a country code of any land, or nine digits that begin as Spanish numbers do.
_PHONE = re.compile(
    rf"(?:{_ALONE}|(?<=tel)|(?<=telf)|(?<=tlf)|(?<=tfno)|(?<=m[oó]vil))"
    rf"(?:\(?(?:\+\s?|(?<!\d:)00(?=[1-9]|\s34))\(?[1-9 ](?:[\s().·/{_DASH}]{{0,3}}\d){{7,14}}"
    rf"|(?:34{_GAP})?[6-9６-９]\d(?:{_GAP}\d){{7}}|[6-9](?:\s\d){{8}})(?!\d|\.\d|,\d{{1,2}}(?!\d))",
    re.IGNORECASE,
)


# A name, a sign and a word; «la contraseña no es válida» and «contraseña: incorrecta» say nothing secret.
_PASSWORD = re.compile(
    r"(?<!\w)(?:contraseñas?|claves?|passwords?)\s{0,3}[:=]\s{0,3}(?P<word>\S*\d\S*)", re.IGNORECASE
)
_LONG_NUMBER = re.compile(rf"{_ALONE}\d(?:[\s{_DASH}]?\d){{12,18}}(?![\w])")
# Looked ahead for, as one may begin inside what only looked like the beginning of another.
_IBAN = re.compile(
    rf"(?<!\w)(?=([A-Z]{{2}}\d{{2}}(?:[\s\xa0\u2009\u202f{_DASH}]?[A-Z0-9]){{11,30}}))",
    re.IGNORECASE | re.ASCII,
)
# How long the account numbers of a country are (ISO 13616); those of others are as long as they are written.
IBAN_LENGTHS = {
    "ES": 24,
    "PT": 25,
    "FR": 27,
    "DE": 22,
    "IT": 27,
    "AD": 24,
    "GB": 22,
    "IE": 22,
    "NL": 18,
    "BE": 16,
}


@dataclass(frozen=True)
class Secret:
    """What should not be sent: its kind (one of the marks above) and where in the text it stands."""

    kind: str
    start: int
    end: int


def find_secrets(text: str) -> list[Secret]:
    """Passwords, card numbers (Luhn's check) and accounts (IBAN, mod 97) in a text, from its beginning on."""
    found: list[Secret] = []
    for secret in sorted(_secrets(text), key=lambda one: (one.start, -one.end)):
        if not found or secret.start >= found[-1].end:
            found.append(secret)
    return found


def without_secrets(text: str) -> str:
    """The text with each secret replaced by what it is; all around them stays."""
    for secret in reversed(find_secrets(text)):
        text = text[: secret.start] + secret.kind + text[secret.end :]
    return text


def _secrets(text: str) -> Iterator[Secret]:
    for match in _PASSWORD.finditer(text):
        yield Secret(PASSWORD, *match.span("word"))
    for match in _IBAN.finditer(text):
        if end := _iban_end(match):
            yield Secret(ACCOUNT, match.start(), end)
    for match in _LONG_NUMBER.finditer(text):
        if _is_card(match.group()) and len(set(_digits(match.group()))) > 1:
            yield Secret(CARD, *match.span())


def _iban_end(match: re.Match) -> int:
    """Where the account number ends that begins here; words written behind it are none of it. 0: no IBAN."""
    signs = [(sign, match.start() + i + 1) for i, sign in enumerate(match[1]) if sign.isalnum()]
    country = match[1][:2].upper()
    lengths = [IBAN_LENGTHS[country]] if country in IBAN_LENGTHS else range(len(signs), 14, -1)
    for length in lengths:
        end = signs[length - 1][1] if len(signs) >= length else 0
        is_whole = end and not match.string[end : end + 1].isalnum()
        if is_whole and _is_iban("".join(sign for sign, _end in signs[:length])):
            return end
    return 0


def _is_iban(text: str) -> bool:
    """ISO 7064, MOD 97-10: letters as numbers, the first four signs last, the rest of the division is 1."""
    moved = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def mask_personal_data(text: str) -> str:
    """The text with mail addresses, phones, DNI, NIE, accounts, cards and passwords named instead."""
    text = without_secrets(text)
    while (masked := _mask_once(text)) != text:  # what stood beside something masked may count now
        text = masked
    return text


def _mask_once(text: str) -> str:
    text = _MAIL.sub(MAIL, text)
    if sum(sign.isdecimal() for sign in text) < FEWEST_DIGITS:
        return text
    text = _ACCOUNT.sub(ACCOUNT, text)
    text = _CARD.sub(lambda found: CARD if _is_card(found.group()) else found.group(), text)
    text = _IDENTITY.sub(lambda found: IDENTITY if _is_identity(found) else found.group(), text)
    text = _NAMED_IDENTITY.sub(lambda found: found["name"] + IDENTITY, text)
    return _PHONE.sub(PHONE, text)


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _is_card(text: str) -> bool:
    """Luhn's check, which one number in ten passes by chance."""
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_identity(found: re.Match) -> bool:
    """A letter that belongs to the digits, or one that nothing but a hyphen keeps from them."""
    digits = found["digits"].upper()
    if not re.search(r"\s", found["digits"] + found["gap"]):
        return True
    number = NIE_DIGITS.get(digits[0], "") + _digits(digits)
    return CHECK_LETTERS[int(number) % 23] == found["letter"].upper()
