"""Who of the team may do what with an article: fetching and permission in one act."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from docs_kb.models import Article


def require(request: HttpRequest, *permissions: str) -> None:
    """Stop whoever has none of these rights over the documentation («change_article»)."""
    if not any(request.user.has_perm(f"docs_kb.{name}") for name in permissions):
        raise PermissionDenied


def article_to_see(request: HttpRequest, pk: int) -> Article:
    require(request, "view_article", "change_article")
    return get_object_or_404(_articles(), pk=pk)


def article_to_change(request: HttpRequest, pk: int) -> Article:
    require(request, "change_article")
    return get_object_or_404(_articles(), pk=pk)


def _articles():
    return Article.objects.select_related("category", "section", "replacement")
