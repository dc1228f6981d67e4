"""The documentation to read: home, topic and article."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from docs_kb import structured_data
from docs_kb.models import Article, Category
from docs_kb.page_cache import reader_page
from docs_kb.views.feedback import opinion_state
from docs_kb.views.searching import breaker

PAGE_SIZE = 20
TOC_FROM = 4
LONGEST_SUCCESSION = 5
ANSWERING = (Article.Status.PUBLISHED, Article.Status.ARCHIVED)


@require_safe
@reader_page
def home(request: HttpRequest) -> HttpResponse:
    """The front page; the one topic of a small documentation is laid open on it."""
    topics = list(Category.objects.not_empty().with_counts())
    front = Article.objects.front_page()
    context = {
        "nav": "docs",
        "topics": topics,
        "most_read": front.most_read,
        "starters": front.starters,
        "news": front.news,
        "page": _shelf(topics[0]).get_page(1) if len(topics) == 1 else None,
        "search_is_down": breaker.is_open,
    }
    return render(request, "docs_kb/home.html", context)


@require_safe
@reader_page
def category(request: HttpRequest, category_slug: str) -> HttpResponse:
    """A topic's articles, twenty a page; a former address leads to the topic."""
    topic = Category.objects.not_empty().with_counts().filter(slug=category_slug).first()
    if topic is None:
        return redirect(_find_moved(Category.objects.not_empty(), category_slug), permanent=True)
    page = _shelf(topic).get_page(request.GET.get("pagina"))
    address = topic.get_absolute_url() + (f"?pagina={page.number}" if page.number > 1 else "")
    context = {"nav": "docs", "category": topic, "page": page, "address": address}
    return render(request, "docs_kb/category.html", context)


@require_safe
@reader_page
def article(request: HttpRequest, category_slug: str, slug: str) -> HttpResponse:
    """A published article at its one address; an archived one says that it is gone."""
    found = Article.objects.for_reading().filter(slug=slug).first()
    if found is None:
        articles = Article.objects.for_lists().filter(status__in=ANSWERING)
        return redirect(_find_moved(articles, slug), permanent=True)
    if found.status == Article.Status.ARCHIVED:
        return _gone(request, found)
    if not found.is_published():
        raise Http404
    if found.category.slug != category_slug:
        return redirect(found, permanent=True)
    context = {
        "nav": "docs",
        "article": found,
        "has_one_topic": not found.has_other_topics,
        "toc": found.toc if len(found.toc) >= TOC_FROM else [],
        "files": found.files.exclude(content_type__startswith="image/"),
        "related": Article.objects.near(found),
        "structured_data": structured_data.of_article(found, has_one_topic=not found.has_other_topics),
        "opinion": opinion_state(request, found),
    }
    response = render(request, "docs_kb/article.html", context)
    response["Last-Modified"] = http_date(found.modified_at.timestamp())
    return response


def _find_moved(rows: QuerySet, slug: str) -> Article | Category:
    """What had this address before, or has it but for its capitals."""
    small = slug.lower()
    found = rows.filter(former_slugs__slug=slug).first()
    if found is None and small != slug:
        found = rows.filter(slug=small).first() or rows.filter(former_slugs__slug=small).first()
    if found is None:
        raise Http404
    return found


def _shelf(topic: Category) -> Paginator:
    """The pages of a topic, whose count is known already."""
    articles = topic.articles.published().for_lists().select_related("section").in_reading_order()
    paginator = Paginator(articles, PAGE_SIZE)
    paginator.count = topic.published_count
    return paginator


def _gone(request: HttpRequest, archived: Article) -> HttpResponse:
    """410, with the guide that replaces it or, without one, its topic."""
    topic = Category.objects.not_empty().filter(pk=archived.category_id).first()
    context = {"nav": "docs", "replacement": _successor(archived), "category": topic}
    return render(request, "410.html", context, status=410)


def _successor(archived: Article) -> Article | None:
    """The published guide at the end of a chain of replacements; none when it leads nowhere."""
    guide = archived
    for _ in range(LONGEST_SUCCESSION):
        guide = guide.replacement
        if guide is None or guide.is_published():
            return guide
    return None
