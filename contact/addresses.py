"""Phone numbers and mail addresses: how they are typed, stored, read aloud and linked.

Stored in E.164 (ITU-T), shown in groups of three, linked as RFC 3966 (`tel:`), RFC 6068 (`mailto:`) and
WhatsApp's click-to-chat (digits only: https://faq.whatsapp.com/5913398998672934).
"""

from urllib.parse import quote

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from docs_kb.dates import NBSP

HOME_COUNTRY = 34
# A customer-service line may not cost more than an ordinary call (TRLGDCU art. 21.2): no 80x, 901, 902.
DEARER_TYPES = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)


class RefusedNumber(ValueError):
    """A number that nobody could dial, or that we may not offer; its text says what to do."""


def parse_number(text: str) -> str:
    """The E.164 spelling of a number typed in any usual way; `RefusedNumber` otherwise."""
    try:
        number = phonenumbers.parse(text, "ES")
    except NumberParseException:
        raise RefusedNumber("Escribe un número de teléfono, como +34 910 000 000.")
    if not phonenumbers.is_valid_number(number):
        raise RefusedNumber("Este número no existe. Revísalo: por ejemplo, +34 910 000 000.")
    if phonenumbers.number_type(number) in DEARER_TYPES:
        raise RefusedNumber("La atención al cliente no puede tener un número con recargo (80x, 901 o 902).")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def number_text(e164: str, *, abroad: bool = False) -> str:
    """«910 000 000»; «+34 910 000 000» for callers abroad. Foreign numbers always carry their prefix."""
    number = phonenumbers.parse(e164, None)
    if number.country_code != HOME_COUNTRY:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).replace(" ", NBSP)
    digits = str(number.national_number)
    groups = NBSP.join(digits[i : i + 3] for i in range(0, len(digits), 3))
    return f"+{HOME_COUNTRY}{NBSP}{groups}" if abroad else groups


def tel_url(e164: str) -> str:
    return f"tel:{e164}"


def whatsapp_url(e164: str, *, text: str = "") -> str:
    """The click-to-chat link; `text` is what the customer finds already typed."""
    return f"https://wa.me/{e164.removeprefix('+')}" + (f"?text={quote(text, safe='')}" if text else "")


def mailto_url(address: str, *, subject: str = "") -> str:
    query = f"?subject={quote(subject, safe='')}" if subject else ""
    return f"mailto:{quote(address, safe='@')}{query}"
