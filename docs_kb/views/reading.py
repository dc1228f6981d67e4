"""The documentation to read: home, topic and article."""

import logging

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from docs_kb import structured_data
from docs_kb.models import Article, Category
from docs_kb.page_cache import reader_page
from docs_kb.views.feedback import opinion_state

logger = logging.getLogger(__name__)

PAGE_SIZE = 20
RESULTS_PER_PAGE = 10
SEARCHES_PER_HOUR = 600
HEADING_CHARACTERS = 80
TOC_FROM = 4
REFERENCE_LETTERS = "2-9A-HJKMNP-TV-Z"


@require_safe
@reader_page
def home(request: HttpRequest) -> HttpResponse:
    starters, news = Article.objects.on_the_front_page()
    context = {"nav": "docs", "categories": Category.objects.not_empty(), "starters": starters, "news": news}
    return render(request, "docs_kb/home.html", context)


@require_safe
@reader_page
def category(request: HttpRequest, category_slug: str) -> HttpResponse:
    shelf = get_object_or_404(Category.objects.not_empty(), slug=category_slug)
    articles = shelf.articles.published().for_lists().select_related("section").in_reading_order()
    paginator = Paginator(articles, PAGE_SIZE)
    paginator.count = shelf.published_count
    page = paginator.get_page(request.GET.get("pagina"))
    for item in page.object_list:
        item.category = shelf
    context = {"nav": "docs", "category": shelf, "page": page}
    return render(request, "docs_kb/category.html", context)


@require_safe
@reader_page
def article(request: HttpRequest, category_slug: str, slug: str) -> HttpResponse:
    """A published article at its one address; an archived one says that it is gone."""
    found = get_object_or_404(Article.objects.select_related("category", "section"), slug=slug)
    if found.status == Article.Status.ARCHIVED:
        return render(request, "410.html", {"nav": "docs", "category": found.category}, status=410)
    if not found.is_published():
        raise Http404
    if found.category.slug != category_slug:
        return redirect(found, permanent=True)
    context = {
        "nav": "docs",
        "article": found,
        "toc": found.toc if len(found.toc) >= TOC_FROM else [],
        "related": Article.objects.near(found),
        "structured_data": structured_data.of_article(found),
        "opinion": opinion_state(request, found),
    }
    return render(request, "docs_kb/article.html", context)
