"""How we speak to customers: «tú», and what to do instead of excuses; for our screens and our articles."""

import re

# What we do not write, and what to write in its place.
RULES = (
    (r"\busted(?:es)?\b", "Trata de «tú» a quien lee"),
    (r"\bsu (?:ticket|correo|cuenta|mensaje|consulta)\b", "Trata de «tú» a quien lee: escribe «tu»"),
    (r"por favor", "Quita «por favor»: la instrucción basta"),
    (r"inv[aá]lid|no v[aá]lid", "Di qué hay que escribir o cambiar, en vez de que algo no vale"),
    (r"\bups\b", "Di qué ha pasado, sin interjecciones"),
    (r"e-?mail", "Escribe «correo electrónico»"),
    (
        r"haga clic|introduzca|seleccione|pulse\b",
        "Da la instrucción de «tú»: «haz clic», «pulsa», «elige»",
    ),
)
BANNED = re.compile("|".join(pattern for pattern, _ in RULES), re.IGNORECASE)
ADDRESS = re.compile(r"(?<!\S)[^\s@]+@\S+|\b(?:https?|mailto|tel):\S+|\bwww\.\S+")
_ADVICE = [(re.compile(pattern, re.IGNORECASE), advice) for pattern, advice in RULES]


def advice(words: str) -> str:
    """What to write instead of words that BANNED found."""
    return next(advice for pattern, advice in _ADVICE if pattern.search(words))


def unopened(text: str) -> list[tuple[str, str]]:
    """The lines whose question or exclamation marks do not open, each with the mark that is missing."""
    return [
        (opening, line.strip())
        for close, opening in (("?", "¿"), ("!", "¡"))
        for line in text.splitlines()
        if line.count(close) > line.count(opening)
    ]
