"""Who has signed in to Mi Cuenta, for the head of every page."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tickets import access
from tickets.models import Requester

log = logging.getLogger(__name__)


def signed_in(request: HttpRequest) -> dict:
    """`requester`: looked up only by a page that asks, and never what breaks one."""
    return {"requester": SimpleLazyObject(lambda: _requester(request))}


def _requester(request: HttpRequest) -> Requester | None:
    if not hasattr(request, "user"):
        return None
    try:
        return access.signed_in_requester(request)
    except DatabaseError:
        log.exception("Nobody knows who has signed in")
        return None
