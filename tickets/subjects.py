"""What a ticket is called in lists and mails: its first sentence that says something."""

import re

from tickets.plain_text import clean_line

SUBJECT_LENGTH = 70
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s|\n")
GREETINGS = {
    "a", "buenas", "buenos", "dias", "días", "equipo", "hola", "kaixo", "muy", "noches", "tardes", "todas",
    "todos",
}  # fmt: skip


def subject_from(description: str) -> str:
    """The first sentence of a description that is no mere greeting, cut at a word within 70 characters."""
    parts = _SENTENCE_END.split(description.strip(), maxsplit=5)
    sentences = [clean_line(part).rstrip(" .") for part in parts]
    sentence = next((s for s in sentences if s and not _is_greeting(s)), sentences[0])
    if len(sentence) <= SUBJECT_LENGTH:
        return sentence or "Sin asunto"
    cut = sentence[:SUBJECT_LENGTH]
    return (cut.rsplit(" ", 1)[0] if " " in cut.strip() else cut[:-1]).rstrip(" ,;:") + "…"


def _is_greeting(sentence: str) -> bool:
    return {word.strip("¡!,:").lower() for word in sentence.split()} <= GREETINGS
