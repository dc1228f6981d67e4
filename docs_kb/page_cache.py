"""Pages that are the same for every reader: kept in memory for a minute, answered with 304 when known.

A page is kept under the marks of everything that it shows (`docs_kb.stamps`) and under the minute, because
it says who answers now: an edit by any process shows at the next request. Whoever brings a session or an
answer of their own gets a page made for them.
"""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe, quote_etag

from docs_kb import stamps

SECONDS = 60
LONGEST_ADDRESS = 500
IMPERSONAL_COOKIES = {settings.THEME_COOKIE, settings.CSRF_COOKIE_NAME}


def reader_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep what a view answers to anonymous readers, and say «not modified» to whoever has it already."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        key = _key(request)
        if not key:
            return view(request, *args, **kwargs)
        if kept := _pages().get(key):
            content, headers = kept
            return _conditional(request, HttpResponse(content, headers=headers))
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        response.headers["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
        response.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(response, ["Cookie"])
        _pages().set(key, (response.content, dict(response.items())), SECONDS)
        return _conditional(request, response)

    return answer


def _pages():
    return caches["pages"]


def _key(request: HttpRequest) -> str:
    """What the page depends on besides its address; empty when it is made for one reader only."""
    address = request.build_absolute_uri()
    if set(request.COOKIES) - IMPERSONAL_COOKIES or len(address) > LONGEST_ADDRESS:
        return ""
    try:
        marks = stamps.of(request)
    except DatabaseError:
        return ""
    theme = request.COOKIES.get(settings.THEME_COOKIE, "")[:10]
    parts = (marks, f"{timezone.now():%Y-%m-%d %H:%M}", theme, address)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest() if marks else ""


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    changed_at = response.get("Last-Modified")
    return get_conditional_response(
        request,
        etag=response["ETag"],
        last_modified=changed_at and parse_http_date_safe(changed_at),
        response=response,
    )
