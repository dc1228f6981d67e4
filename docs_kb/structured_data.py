"""What search engines read of an article: JSON-LD, escaped so that it can stand in a page."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from docs_kb.models import Article

# No character is left that could close the element or begin another.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def of_article(article: Article, *, has_one_topic: bool = False) -> SafeString:
    """TechArticle and BreadcrumbList as one JSON document for `<script type="application/ld+json">`."""
    graph = [_tech_article(article), _breadcrumb(article, has_one_topic)]
    data = {"@context": "https://schema.org", "@graph": graph}
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))


def _tech_article(article: Article) -> dict:
    address = settings.SITE_URL + article.get_absolute_url()
    data = {
        "@type": "TechArticle",
        "headline": article.title,
        "description": article.summary,
        "dateModified": article.updated_on.isoformat(),
        "inLanguage": article.language,
        "mainEntityOfPage": address,
        "url": address,
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
    }
    published_on = article.published_at and timezone.localtime(article.published_at).date()
    # A guide that came from elsewhere was published there before: nobody knows when.
    if published_on and published_on <= article.updated_on:
        data["datePublished"] = published_on.isoformat()
    return {key: value for key, value in data.items() if value}


def _breadcrumb(article: Article, has_one_topic: bool) -> dict:
    """The steps of the page's own trail."""
    topic = [] if has_one_topic else [(article.category.name, article.category.get_absolute_url())]
    steps = [
        ("Mi Cuenta", reverse("my_account")),
        ("Documentación y soporte", reverse("docs_kb:home")),
        *topic,
        (article.title, article.get_absolute_url()),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": settings.SITE_URL + path}
            for number, (name, path) in enumerate(steps, 1)
        ],
    }
