"""Headers of every answer, the limit on request bodies, and a page for addresses that only buttons use."""

import contextlib
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
DROPPED_BYTES = 200 * 1024 * 1024
DROPPING_SECONDS = 10
CHUNK_BYTES = 64 * 1024


class SecurityHeadersMiddleware:
    """Add the headers that Django has no setting for; nothing is cached unless a view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class BodylessHeadMiddleware:
    """Answer HEAD with the headers alone: web servers complain about each body that they must drop."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = ()
            else:
                response.content = b""
        return response


class BodyLimitMiddleware:
    """Answer bodies above MAX_BODY_BYTES with the 413 page, without parsing them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if announced_bytes(request) <= settings.MAX_BODY_BYTES:
            return self.get_response(request)
        from helpdesk.views import too_large  # views import this module

        drop_body(request)
        return too_large(request)


class ButtonAddressMiddleware:
    """Answer whoever opens the address of a button, from a restored tab or a copy, with the 405 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not request.accepts("text/html"):
            return response
        from helpdesk.views import not_by_address  # views import this module

        page = not_by_address(request)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def announced_bytes(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or ""
    return int(text) if text.isdecimal() else 0


def drop_body(request: HttpRequest) -> None:
    """Read what is left of the body and forget it, up to 200 MB or ten seconds: a server that answers
    without reading resets the connection, and the browser then shows its own error instead of ours.

    A client that sends nothing more ends it too: the web server gives up waiting (helpdesk.web_worker).
    """
    deadline = time.monotonic() + DROPPING_SECONDS
    dropped = 0
    with contextlib.suppress(UnreadablePostError):
        while dropped < DROPPED_BYTES and time.monotonic() < deadline:
            chunk = request.read(CHUNK_BYTES)
            if not chunk:
                return
            dropped += len(chunk)
