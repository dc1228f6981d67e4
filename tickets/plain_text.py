"""What people wrote, as the plain text that is stored and shown."""

import re
import unicodedata

# What no text of ours holds: control characters, and those that turn the writing direction around.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069]")


def clean_line(text: str) -> str:
    """One line of plain text: no control or direction characters, single spaces, composed accents."""
    text = _INVISIBLE.sub("", _UNPRINTABLE.sub(" ", text))
    return " ".join(unicodedata.normalize("NFC", text).split())


def clean_text(text: str) -> str:
    """Plain text as it was written, with Unix line ends and without what the database cannot hold."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
