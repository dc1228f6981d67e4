"""Personal data out of text that is kept for counting: mail addresses, phones, identity numbers."""

import re

MAIL = "[correo]"
PHONE = "[teléfono]"
IDENTITY = "[documento]"

_MAIL = re.compile(r"[^\s@<>(),;:«»\"']+@[^\s@<>(),;:«»\"']+\.[^\W\d_]{2,}", re.IGNORECASE)
# DNI: eight digits and a letter; NIE: X, Y or Z, seven digits and a letter; with dots and hyphens or not.
_IDENTITY = re.compile(
    r"(?<![\w.])(?:\d{1,2}\.?\d{3}\.?\d{3}|[XYZ][-. ]?\d{7})[-. ]?[A-HJ-NP-TV-Z](?!\w)", re.IGNORECASE
)
# A sign and country code or a Spanish number of nine digits (6, 7, 8, 9 first), grouped in any way.
_PHONE = re.compile(
    r"(?<![\w.,])(?:(?:\+|00)[1-9]\d{0,2}(?:[-. /]?\(?\d{1,4}\)?){2,5}|[6789]\d(?:[-. ]?\d){7})"
    r"(?!\w|[.,]\d)"
)


def mask_personal_data(text: str) -> str:
    """The text with mail addresses, phone numbers, DNI and NIE replaced by what they are."""
    text = _MAIL.sub(MAIL, text)
    text = _IDENTITY.sub(IDENTITY, text)
    return _PHONE.sub(PHONE, text)
