"""Mi Cuenta, health, theme, legal pages and the pages that say what went wrong."""

import base64
import hashlib
import logging
import re
import secrets
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from docs_kb.models import Category
from docs_kb.origin_check import is_own_page
from docs_kb.page_cache import reader_page
from docs_kb.search import Hit, search
from helpdesk import unsent
from helpdesk.middleware import drop_body
from tickets import access, outbox, own_tickets

logger = logging.getLogger(__name__)

THEMES = ("light", "dark")
ONE_YEAR = 365 * 24 * 60 * 60
TOPICS_SHOWN = 3
GUIDES_SHOWN = 3
PAGE_ENDING = re.compile(r"\.html?$", re.IGNORECASE)
# A file that is no page, another product's address, or the parts of ours where nobody looks for a guide.
MACHINE_PATH = re.compile(
    r"(\.(?!html?$)\w+$)|/\.|^/(wp-|cgi-|admin/|archivos/|t/|valorar/|webhooks/)", re.IGNORECASE
)
# The team's own list: what the log shows is never printed unread.
FREQUENT_SEARCHES = ("recuperar el acceso", "factura", "cambiar el correo")


def site(request: HttpRequest) -> dict:
    """Context processor: what every template may say about us."""
    theme = request.COOKIES.get(settings.THEME_COOKIE, "")
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "theme": theme if theme in THEMES else "",
    }


@require_safe
@reader_page
def my_account(request: HttpRequest) -> HttpResponse:
    context = {
        "nav": "account",
        "now": timezone.now(),
        "frequent_searches": FREQUENT_SEARCHES,
        "sample_reference": f"{settings.REFERENCE_PREFIX}-4F7K-29Q",
        "topics": _first_topics(),
    }
    context |= _own_tickets(request)
    response = render(request, "helpdesk/my_account.html", context)
    if context.get("has_expired"):
        response.delete_cookie(access.MARK_COOKIE, samesite="Lax")
    return response


def _own_tickets(request: HttpRequest) -> dict:
    """What Mi Cuenta says to whoever has signed in, or had until their session ended."""
    was_signed_in = bool(request.COOKIES.get(access.MARK_COOKIE))
    try:
        requester = access.signed_in_requester(request)
        return {
            "own": own_tickets.summary(requester) if requester else None,
            "has_expired": was_signed_in and requester is None,
        }
    except DatabaseError:
        logger.exception("The customer's tickets could not be read")
        return {"is_down": was_signed_in}


def _first_topics() -> list[Category]:
    """The first of the editors' order; none while the database is away, and the page stands without."""
    try:
        return list(Category.objects.not_empty()[:TOPICS_SHOWN])
    except DatabaseError:
        logger.exception("The topics could not be read")
        return []


# --- Legal ----------------------------------------------------------------------------------


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _legal_page(request, "privacy", "Privacidad")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _legal_page(request, "accessibility", "Accesibilidad")


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    return _legal_page(request, "legal_notice", "Aviso legal")


def _legal_page(request: HttpRequest, name: str, page_title: str) -> HttpResponse:
    company = {
        "company_name": settings.COMPANY_NAME,
        "company_tax_id": settings.COMPANY_TAX_ID,
        "company_address": settings.COMPANY_ADDRESS,
    }
    return render(request, f"helpdesk/{name}.html", company | {"page_title": page_title})


# --- Theme ----------------------------------------------------------------------------------


@csrf_exempt
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back. No token, so that public pages need no cookie:
    the browser itself says where the request was born."""
    if not is_own_page(request):
        return permission_denied(request)
    response = redirect(_way_back(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            settings.THEME_COOKIE,
            theme,
            max_age=ONE_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.PRODUCTION,
        )
    else:
        response.delete_cookie(settings.THEME_COOKIE, samesite="Lax")
    return response


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_safe = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_safe else reverse("my_account")


# --- Machines -------------------------------------------------------------------------------


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, else 503; with figures, as JSON, when asked for.

    A queue that waits is told but is no reason to take this server out of the pool: another one would
    wait as long.
    """
    try:
        waiting = outbox.oldest_due_age(timezone.now())
    except DatabaseError:
        logger.exception("The database does not answer")
        return _health_answer(request, {"status": "down", "database": False}, status=503)
    seconds = None if waiting is None else round(waiting.total_seconds())
    state = {"status": "ok", "database": True, "oldest_due_mail_seconds": seconds}
    return _health_answer(request, state, status=200)


def _health_answer(request: HttpRequest, state: dict, status: int) -> HttpResponse:
    if request.accepts("text/plain"):
        return HttpResponse(f"{state['status']}\n", content_type="text/plain; charset=utf-8", status=status)
    return JsonResponse(state, status=status)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    text = render_to_string("helpdesk/robots.txt", request=request)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/favicon.svg"))


# --- What went wrong ------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; or 413 when what was wrong is the size, which Django also calls 400."""
    typed = unsent.typed(request, exception)
    drop_body(request)
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request, typed)
    return render(request, "400.html", {"unsent": typed}, status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 with what was typed: the page to be loaded anew would lose it."""
    return render(request, "403_csrf.html", {"unsent": unsent.typed(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, with the words of the address in the search box and the guides that they find."""
    guess = _words_of(request.path)
    return render(request, "404.html", {"guess": guess, "guides": _guides_for(request, guess)}, status=404)


def _words_of(path: str) -> str:
    """The last part of an address as somebody would search for it."""
    last = path.rstrip("/").rpartition("/")[2]
    return " ".join(re.findall(r"[^\W_]+", PAGE_ENDING.sub("", last)))[:80]


def _guides_for(request: HttpRequest, words: str) -> list[Hit]:
    """Up to three guides for the words of an address that a person may have meant; none while the search is
    away, for machines that try the addresses of other products, or for keys and numbers."""
    is_for_reading = request.method == "GET" and request.accepts("text/html")
    is_machine = MACHINE_PATH.search(request.path)
    if not is_for_reading or is_machine or not re.search(r"\b[^\W\d_]{3,}\b", words):
        return []
    try:
        return search(words, limit=GUIDES_SHOWN).hits
    except DatabaseError:
        logger.exception("The search does not answer")
        return []


def not_by_address(request: HttpRequest) -> HttpResponse:
    """405, with the way to the page whose button leads here: the address above this one."""
    page = request.path.rstrip("/").rpartition("/")[0] + "/"
    return render(request, "405.html", {"page": page}, status=405)


def too_large(request: HttpRequest, typed: Sequence[unsent.Typed] = ()) -> HttpResponse:
    limits = {"max_file_bytes": settings.MAX_FILE_BYTES, "max_total_bytes": settings.MAX_TOTAL_BYTES}
    return render(request, "413.html", limits | {"unsent": typed}, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without database, session or other files, under a number that the log repeats; but for a client
    that left or fell silent while it was sending, which is no fault of ours."""
    if isinstance(sys.exception(), UnreadablePostError):
        return bad_request(request)
    incident = secrets.token_hex(2).upper()
    logger.error("Incident %s at %s", incident, request.path, exc_info=sys.exc_info())
    context = site(request) | {"incident": incident, "unsent": unsent.typed(request)}
    return _static_page("500.html", context, status=500)


def _static_page(template: str, context: dict, status: int) -> HttpResponse:
    page = render_to_string(template, context)
    response = HttpResponse(page, status=status)
    response._csp_update = {"style-src": [style_hash(page)]}
    return response


def style_hash(page: str) -> str:
    """The CSP source that admits the page's own <style> and no other."""
    text = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
