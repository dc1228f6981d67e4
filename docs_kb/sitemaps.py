"""sitemap.xml: published articles, topics that have some, and the pages around them.

One file while everything fits into it, else an index of files of 5,000 entries.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from docs_kb.models import Article, Category

FILE_ENTRIES = 5000


class OwnSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever host the request named."""

    limit = FILE_ENTRIES

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class ArticleSitemap(OwnSitemap):
    def items(self):
        return Article.objects.published().select_related("category").only(
            "slug", "updated_on", "category__slug"
        ).order_by("pk")  # fmt: skip

    def lastmod(self, article):
        return article.updated_on


class CategorySitemap(OwnSitemap):
    def items(self):
        own = Article.objects.published().filter(category=OuterRef("pk")).order_by("-updated_on")
        changed_on = Subquery(own.values("updated_on")[:1])
        return Category.objects.filter(Exists(own)).annotate(changed_on=changed_on).order_by("position", "pk")

    def lastmod(self, category):
        return category.changed_on


class PageSitemap(OwnSitemap):
    def items(self):
        return ["my_account", "docs_kb:home", "contact:home"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {"articles": ArticleSitemap, "categories": CategorySitemap, "pages": PageSitemap}


@require_safe
@cache_control(public=True, no_cache=True)
@conditional_page
def sitemap(request: HttpRequest, section: str | None = None) -> HttpResponse:
    """Everything, or one section; an index of sections instead of more than one file holds."""
    maps = {name: make() for name, make in SITEMAPS.items()}
    if section is None and sum(one.paginator.count for one in maps.values()) > FILE_ENTRIES:
        return _index(request, maps)
    response = views.sitemap(request, SITEMAPS, section)
    # It would be the day of the last change, which a second change on that day does not move: the ETag tells.
    del response.headers["Last-Modified"]
    return response


def _index(request: HttpRequest, maps: dict[str, Sitemap]) -> HttpResponse:
    files = []
    for name, one in maps.items():
        address = settings.SITE_URL + reverse("sitemap_section", kwargs={"section": name})
        files += [address, *(f"{address}?p={page}" for page in range(2, one.paginator.num_pages + 1))]
    context = {"sitemaps": [{"location": address} for address in files]}
    return render(request, "sitemap_index.xml", context, content_type="application/xml")
