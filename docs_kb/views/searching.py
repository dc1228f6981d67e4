"""The documentation to search: the page of results, and how a browser adds our search to its own."""

import logging
import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from docs_kb import search_log
from docs_kb.addressed import text_in
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


@dataclass(frozen=True)
class Asked:
    """What an address of the search asks for: `q`, `tema` (a topic's slug), `pagina`, and with `exacto` that
    no typing mistake is put right."""

    query: str
    topic: Category | None
    page: int
    is_literal: bool

    @classmethod
    def by(cls, request: HttpRequest, topics: list[Category]) -> "Asked":
        page = request.GET.get("pagina", "")
        return cls(
            query=" ".join(text_in(request, "q").replace("\x00", " ").split()),
            topic=next((topic for topic in topics if topic.slug == request.GET.get("tema")), None),
            page=max(1, int(page)) if re.fullmatch("[0-9]{1,3}", page) else 1,
            is_literal="exacto" in request.GET,
        )

    @property
    def is_new(self) -> bool:
        """Whether it is a search of its own: not another page of one, nor one topic of it."""
        return self.page == 1 and self.topic is None and not self.is_literal

    @property
    def address(self) -> str:
        """The address but for the page."""
        values = {"q": self.query[:LONGEST_QUERY]}
        if self.topic:
            values["tema"] = self.topic.slug
        if self.is_literal:
            values["exacto"] = "1"
        return f"?{urlencode(values)}"


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """The results of a query, in every state that it may have. What was asked is counted, by itself."""
    if throttled := hit("search", key=network_of(request), limit=SEARCHES_PER_HOUR):
        return _asked_to_wait(request, throttled)
    topics = _topics(Category.objects.not_empty())
    asked = Asked.by(request, topics)
    found = _find(asked) if asked.query else None
    has_hits = found is not None and found.total > 0
    if found and asked.is_new and request.method == "GET":
        search_log.record(text=asked.query, results=found.total)
    context = {
        "nav": "docs",
        "query": asked.query[:LONGEST_QUERY],
        "is_empty": "q" in request.GET and not asked.query,
        "is_down": bool(asked.query) and found is None,
        "heading": _heading(asked, found),
        "reference": _reference(asked.query),
        "topics": _choices(topics, found, asked.topic),
        "shelves": [] if has_hits else _topics(Category.objects.not_empty().with_counts()),
        "topic": asked.topic,
        "results": found,
        "address": asked.address,
        "page": _page_of(found, asked.page) if found else None,
    }
    return render(request, "docs_kb/search.html", context)


def _find(asked: Asked) -> Results | None:
    """One page of results, the last one for a number beyond it; None while the search does not answer."""
    offset = (asked.page - 1) * RESULTS_PER_PAGE
    try:
        found = search(
            asked.query,
            limit=RESULTS_PER_PAGE,
            offset=offset,
            category=asked.topic,
            literal=asked.is_literal,
            for_page=True,
        )
    except DatabaseError:
        logger.exception("The search does not answer")
        breaker.trip()
        return None
    is_beyond = found.total and not found.hits
    return _find(replace(asked, page=_page_of(found, asked.page).number)) if is_beyond else found


def _asked_to_wait(request: HttpRequest, throttled: Throttled) -> HttpResponse:
    response = render(request, "429.html", {"retry_at": throttled.retry_at}, status=429)
    response["Retry-After"] = str(throttled.retry_after)
    return response


def _topics(wanted: QuerySet[Category]) -> list[Category]:
    """Topics; none while the database is away, and the page stands without."""
    try:
        return list(wanted)
    except DatabaseError:
        logger.exception("The topics could not be read")
        return []


def _choices(topics: list[Category], found: Results | None, chosen: Category | None) -> list[Category]:
    """The topics to choose from, with `found` articles each: those of the results, and the one chosen."""
    if found is None or not (found.topics or chosen):
        return topics
    for topic in topics:
        topic.found = found.topics.get(topic.pk, 0)
    return [topic for topic in topics if topic.found or topic == chosen]


def _heading(asked: Asked, found: Results | None) -> str:
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
    said = pattern % {"total": found.total, "query": Truncator(asked.query).chars(HEADING_CHARACTERS)}
    return _("%(said)s en «%(topic)s»") % {"said": said, "topic": asked.topic.name} if asked.topic else said


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
