"""What every page knows about reaching us: the help block, the desk's promise and the service notice."""

import logging

from django.db import Error as DatabaseFailure
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from contact.availability import Situation, read_situation, unknown_situation
from contact.help_block import help_entries

logger = logging.getLogger(__name__)


def help_block(request: HttpRequest) -> dict:
    """`help_entries` and `desk` (`first_response_due`, `service_notice`), read once and only if used."""
    return {
        "help_entries": SimpleLazyObject(lambda: help_entries(situation_of(request))),
        "desk": SimpleLazyObject(lambda: situation_of(request)),
    }


def situation_of(request: HttpRequest) -> Situation:
    """The situation of a request, the same for all of its parts.

    Never raises for the database: error pages close with the help block too.
    """
    if not hasattr(request, "contact_situation"):
        now = timezone.now()
        try:
            request.contact_situation = read_situation(now)
        except DatabaseFailure:
            logger.exception("The channels could not be read")
            request.contact_situation = unknown_situation(now)
    return request.contact_situation
