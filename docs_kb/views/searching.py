"""The documentation to search: the page of results, and how a browser adds our search to its own."""

import logging
import re
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from docs_kb.models import Category
from docs_kb.search import Results, search
from docs_kb.throttle import hit, network_of

logger = logging.getLogger(__name__)

RESULTS_PER_PAGE = 10
SEARCHES_PER_HOUR = 600
HEADING_CHARACTERS = 80
REFERENCE_LETTERS = "2-9A-HJKMNP-TV-Z"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    throttled = hit("search", key=network_of(request), limit=SEARCHES_PER_HOUR)
    if throttled:
        response = render(
            request, "429.html", {"throttled": throttled, "minutes": throttled.minutes}, status=429
        )
        response["Retry-After"] = str(throttled.retry_after)
        return response
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())
    context = {"nav": "docs", "query": query[:2000], "is_empty": "q" in request.GET and not query}
    if query:
        context |= _results(request, query)
    if not context.get("results") or not context["results"].total:
        context["categories"] = Category.objects.not_empty()
    context["heading"] = _heading(query, context.get("results"))
    return render(request, "docs_kb/search.html", context)


def _heading(query: str, results: Results | None) -> str:
    """What the title and the h1 say about a search; of a long one its beginning, the box has it all."""
    query = Truncator(query).chars(HEADING_CHARACTERS)
    if results is None:
        return _("Buscar en la documentación")
    if not results.total:
        return _("No hay resultados para «%s»") % query
    pattern = ngettext(
        "%(total)d resultado para «%(query)s»", "%(total)d resultados para «%(query)s»", results.total
    )
    return pattern % {"total": results.total, "query": query}


def _results(request: HttpRequest, query: str) -> dict:
    number = _page_number(request)
    try:
        found = search(query, limit=RESULTS_PER_PAGE, offset=(number - 1) * RESULTS_PER_PAGE)
    except DatabaseError:
        logger.exception("The search does not answer")
        return {"is_down": True, "reference": _reference(query)}
    return {
        "results": found,
        "reference": _reference(query),
        "page": _page_of(found, number),
        "page_prefix": f"?{urlencode({'q': query})}&pagina=",
    }


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("pagina", "1")
    return max(1, min(int(text), 100)) if text.isascii() and text.isdigit() else 1


def _page_of(found: Results, number: int) -> Page:
    """The page as the pagination component wants it; the hits are already cut."""
    paginator = Paginator(range(found.total), RESULTS_PER_PAGE)
    return paginator.get_page(number)


def _reference(query: str) -> str:
    """The ticket reference that a query looks like, in its official form, or nothing."""
    group = f"[{REFERENCE_LETTERS}]"
    shape = rf"{re.escape(settings.REFERENCE_PREFIX)}[- ]?({group}{{4}})[- ]?({group}{{3}})"
    match = re.fullmatch(shape, query.upper())
    return f"{settings.REFERENCE_PREFIX}-{match[1]}-{match[2]}" if match else ""


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The description by which a browser adds this search; names have 16 characters at most."""
    short_name = settings.SITE_NAME.replace(" de ", " ")[:16].strip()
    context = {"short_name": short_name, "search_url": settings.SITE_URL + reverse("docs_kb:search")}
    return render(
        request, "docs_kb/opensearch.xml", context, content_type="application/opensearchdescription+xml"
    )
