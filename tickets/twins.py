"""Two tickets about one thing, written one after the other by the same person."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from tickets.conversation import can_be_answered
from tickets.models import Ticket
from tickets.models.requester import normalise_address

TWIN_WINDOW = timedelta(minutes=30)
# Of all words that two texts have, as many must be in both.
LEAST_SHARED = 0.6
_WORD = re.compile(r"\w{3,}")


def twin_of(description: str, *, email: str, among: Iterable[Ticket], at: datetime) -> Ticket | None:
    """The latest of some tickets that says nearly the same, for the same address and a short while ago."""
    for ticket in sorted(among, key=lambda one: one.created_at, reverse=True):
        is_recent = at - TWIN_WINDOW < ticket.created_at
        if (
            is_recent
            and ticket.requester.email == normalise_address(email)
            and can_be_answered(ticket, at)
            and is_similar(description, ticket.messages.earliest("created_at", "id").body)
        ):
            return ticket
    return None


def is_similar(text: str, other: str) -> bool:
    """Whether two texts share most of their words, whatever their order, case and accents."""
    words, other_words = _words(text), _words(other)
    if not words or not other_words:
        return text.strip() == other.strip()
    return len(words & other_words) / len(words | other_words) >= LEAST_SHARED


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return set(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))
