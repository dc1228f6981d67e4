"""What every page knows about reaching us: the help block, the desk's promise and the service notice."""

import hashlib
import logging
from datetime import datetime

from django.core.cache import caches
from django.db import Error as DatabaseFailure
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from contact.availability import (
    Setup,
    Situation,
    read_setup,
    read_situation,
    situation_at,
    unknown_situation,
)
from contact.help_block import HelpEntry, help_entries
from docs_kb import stamps

logger = logging.getLogger(__name__)

ONE_MINUTE, ONE_DAY = 60, 24 * 60 * 60  # seconds

Reach = tuple[Situation, list[HelpEntry]]


def help_block(request: HttpRequest) -> dict:
    """`help_entries` and `desk` (`first_response_due`, `service_notice`), read once and only if used."""
    return {
        "help_entries": SimpleLazyObject(lambda: _reach_of(request)[1]),
        "desk": SimpleLazyObject(lambda: situation_of(request)),
    }


def situation_of(request: HttpRequest) -> Situation:
    """The situation of a request, the same for all of its parts."""
    return _reach_of(request)[0]


def _reach_of(request: HttpRequest) -> Reach:
    """Never raises for the database: error pages close with the help block too."""
    if not hasattr(request, "contact_reach"):
        now = timezone.now()
        try:
            request.contact_reach = _present_reach(stamps.of(request), now)
        except DatabaseFailure:
            logger.exception("The channels could not be read")
            request.contact_reach = _reach(unknown_situation(now))
    return request.contact_reach


def _present_reach(marks: str, now: datetime) -> Reach:
    """Worked out once a minute, of rows that are read when the database's marks say that they changed."""
    if not marks:
        return _reach(read_situation(now))
    day, pages = timezone.localdate(now), caches["pages"]

    def setup() -> Setup:
        return pages.get_or_set(_key("setup", marks, str(day)), lambda: read_setup(day), ONE_DAY)

    def reach() -> Reach:
        return _reach(situation_at(now, setup()))

    return pages.get_or_set(_key("reach", marks, f"{now:%Y-%m-%d %H:%M}"), reach, ONE_MINUTE)


def _reach(situation: Situation) -> Reach:
    return situation, help_entries(situation)


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
