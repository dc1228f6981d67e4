"""The documentation to search: the page of results, and how a browser adds our search to its own."""

import logging
import re
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from docs_kb.breaker import Breaker
from docs_kb.models import Category
from docs_kb.search import LONGEST_QUERY, Results, search
from docs_kb.throttle import Throttled, hit, network_of

logger = logging.getLogger(__name__)

RESULTS_PER_PAGE = 10
SEARCHES_PER_HOUR = 600
HEADING_CHARACTERS = 80
REFERENCE_LETTERS = "2-9A-HJKMNP-TV-Z"
# For a while after a failed search the front page says so, instead of sending people to the next failure.
breaker = Breaker(seconds=30)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The results of a query, in every state that it may have.

    `q` is the query, `tema` the slug of a topic to search in, `pagina` the page, and with `exacto` no typing
    mistake is put right.
    """
    if throttled := hit("search", key=network_of(request), limit=SEARCHES_PER_HOUR):
        return _asked_to_wait(request, throttled)
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())
    topics = _topics()
    topic = next((topic for topic in topics if topic.slug == request.GET.get("tema")), None)
    found, is_down = None, False
    asked = {"q": query} | ({"tema": topic.slug} if topic else {})
    asked |= {"exacto": "1"} if "exacto" in request.GET else {}
    number = _page_number(request)
    if query:
        try:
            found = _search(query, number, topic, literal="exacto" in asked)
        except DatabaseError:
            logger.exception("The search does not answer")
            breaker.trip()
            is_down = True
    context = {
        "nav": "docs",
        "query": query[:LONGEST_QUERY],
        "is_empty": "q" in request.GET and not query,
        "is_down": is_down,
        "heading": _heading(query, found, topic),
        "reference": _reference(query),
        "topics": topics,
        "topic": topic,
        "results": found,
    }
    if found and found.total:
        context |= {"page": _page_of(found, number), "page_prefix": f"?{urlencode(asked)}&pagina="}
    return render(request, "docs_kb/search.html", context)


def _search(query: str, number: int, topic: Category | None, *, literal: bool) -> Results:
    """One page of results; the last one for a number beyond it."""
    offset = (number - 1) * RESULTS_PER_PAGE
    found = search(query, limit=RESULTS_PER_PAGE, offset=offset, category=topic, literal=literal)
    if found.total and not found.hits:
        return _search(query, _page_of(found, number).number, topic, literal=literal)
    return found


def _asked_to_wait(request: HttpRequest, throttled: Throttled) -> HttpResponse:
    retry_at = timezone.now() + timedelta(minutes=throttled.minutes)
    response = render(request, "429.html", {"retry_at": retry_at}, status=429)
    response["Retry-After"] = str(throttled.retry_after)
    return response


def _topics() -> list[Category]:
    """What to search in; nothing while the database is away, and the page stands without."""
    try:
        return list(Category.objects.not_empty())
    except DatabaseError:
        logger.exception("The topics could not be read")
        return []


def _heading(query: str, found: Results | None, topic: Category | None) -> str:
    """What the title and the h1 say about a search; of a long one its beginning, the box has it all."""
    if found is None:
        return _("Buscar en la documentación")
    if found.is_capped:
        pattern = _("Más de %(total)d resultados para «%(query)s»")
    elif found.total:
        pattern = ngettext(
            "%(total)d resultado para «%(query)s»", "%(total)d resultados para «%(query)s»", found.total
        )
    else:
        pattern = _("No hay resultados para «%(query)s»")
    said = pattern % {"total": found.total, "query": Truncator(query).chars(HEADING_CHARACTERS)}
    return _("%(said)s en «%(topic)s»") % {"said": said, "topic": topic.name} if topic else said


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("pagina", "")
    return max(1, int(text)) if re.fullmatch("[0-9]{1,3}", text) else 1


def _page_of(found: Results, number: int) -> Page:
    """The page as the pagination component wants it; the hits are already cut."""
    return Paginator(range(found.total), RESULTS_PER_PAGE).get_page(number)


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
