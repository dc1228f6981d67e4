"""Guides to choose from while writing, found by the readers' own search."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from docs_kb.admin.access import require
from docs_kb.search import search

logger = logging.getLogger(__name__)

MOST = 8


@require_safe
def guides(request: HttpRequest) -> JsonResponse:
    """Up to eight published guides for «?q=», best first."""
    require(request, "view_article", "change_article")
    query = request.GET.get("q", "").strip()
    try:
        hits = search(query, limit=MOST).hits if query else []
    except DatabaseError:
        logger.exception("The search does not answer")
        return JsonResponse({"error": "El buscador no responde ahora."}, status=503)
    found = [
        {
            "slug": hit.article.slug,
            "title": hit.article.title,
            "topic": hit.article.category.name,
            "address": hit.article.get_absolute_url(),
        }
        for hit in hits
    ]
    return JsonResponse({"guides": found})
