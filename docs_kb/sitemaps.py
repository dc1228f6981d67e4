"""sitemap.xml: published articles, topics that have some, and the pages around them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, Q
from django.urls import reverse

from docs_kb.models import Article, Category


class OwnSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever host the request named."""

    limit = 5000

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
        published = Q(articles__status=Article.Status.PUBLISHED)
        return (
            Category.objects.not_empty()
            .annotate(changed_on=Max("articles__updated_on", filter=published))
            .order_by("position", "pk")
        )

    def lastmod(self, category):
        return category.changed_on


class PageSitemap(OwnSitemap):
    def items(self):
        return ["my_account", "docs_kb:home", "contact:home"]

    def location(self, name):
        return reverse(name)


SITEMAPS = {"articles": ArticleSitemap, "categories": CategorySitemap, "pages": PageSitemap}
