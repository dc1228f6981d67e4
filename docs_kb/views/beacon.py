"""What a reader's browser tells in passing: a guide was read, a result was opened. Nobody is in it."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from docs_kb import article_days, search_log
from docs_kb.origin_check import is_own_page
from docs_kb.throttle import hit, network_of

BEACONS_PER_HOUR = 1200
MOST_BYTES = 8_000


@csrf_exempt  # readers have no cookie; the browser itself says where it was born
@require_POST
def beacon(request: HttpRequest) -> HttpResponse:
    """Count a visit, or a result opened (`article`, and the search in `q`). Answers 204 whatever came:
    no page waits for it, and nobody learns what exists."""
    if _is_welcome(request):
        values = _values(request)
        article_id = _number(values.get("article", ""))
        if values.get("kind") == "view":
            article_days.count(article_ids=[article_id], views=1)
        elif values.get("kind") == "open":
            article_days.count(article_ids=[article_id], opens=1)
            search_log.opened(text=values.get("q", ""), article_id=article_id)
    return HttpResponse(status=204)


def _is_welcome(request: HttpRequest) -> bool:
    """Small, from a page of ours, and not the thousandth of its network in an hour."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_small = length.isdecimal() and int(length) <= MOST_BYTES
    if not is_small or not is_own_page(request):
        return False
    return hit("beacon", key=network_of(request), limit=BEACONS_PER_HOUR) is None


def _values(request: HttpRequest) -> dict:
    """What came, nothing of a body that is no form."""
    try:
        return request.POST.dict()
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return {}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else 0
