"""Pages about one person's matters: never kept by a cache, never listed by a search engine."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from docs_kb.throttle import Throttled
from tickets import access
from tickets.access import NoAccess


def private(view: Callable) -> Callable:
    """Mark what a view answers as private, and answer NoAccess with the same page for every ticket."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except NoAccess:
            response = no_access(request)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return wrapped


def no_access(request: HttpRequest) -> HttpResponse:
    """The one page for every reference, real or not; what was typed comes back to be copied. Whoever has
    signed in reads with which address. Entering leads back to what was asked for, or to the conversation."""
    is_page = request.method in ("GET", "HEAD")
    reference = request.resolver_match.kwargs["reference"]
    context = {
        "unsent": request.POST.get("body", ""),
        "lost_files": bool(request.FILES),
        "next": request.path if is_page else reverse("tickets:conversation", args=[reference]),
    }
    template = "403.html" if access.signed_in_requester(request) else "tickets/no_access.html"
    return render(request, template, context, status=403)


def slow_down(response: HttpResponse, throttled: Throttled) -> HttpResponse:
    """Make it a 429 that says when to come back."""
    response.status_code = 429
    response.headers["Retry-After"] = str(throttled.retry_after)
    return response
