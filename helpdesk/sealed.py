"""Secrets that the database keeps but must not know: sealed with a key that is derived from SECRET_KEY."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

# Before what is sealed: whatever does not begin with it was stored before there were seals.
MARK = "sealed:"


class Unreadable(Exception):
    """It was sealed under a key that is neither SECRET_KEY nor among SECRET_KEY_FALLBACKS."""


def seal(text: str) -> str:
    """The text encrypted and signed (Fernet: AES-128-CBC, HMAC-SHA256) under SECRET_KEY."""
    return MARK + _keys().encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """The text of what `seal` made under this key or an earlier one, or the text itself where it was never
    sealed. Raises Unreadable."""
    if not stored.startswith(MARK):
        return stored
    try:
        return _keys().decrypt(stored.removeprefix(MARK)).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> MultiFernet:
    """The first one seals, any opens."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    digest = salted_hmac("helpdesk.sealed", "fernet", secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)
