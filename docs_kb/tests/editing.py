"""What the tests of the editor's page send and read."""

import re
from html import unescape

from django.contrib.auth.models import Permission, User
from django.urls import reverse

from docs_kb import article_files
from docs_kb.models import Article, ArticleFile
from docs_kb.tests.factories import make_author, make_category, make_upload

ADD = "/admin/docs_kb/article/add/"


def someone_with(*permissions: str) -> User:
    user = make_author("bea", is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def change(article: Article) -> str:
    return reverse("admin:docs_kb_article_change", args=[article.pk])


def typed(article: Article | None = None, **values) -> dict:
    """What the form sends for an article as it is, or for a new one, with these changes."""
    if article:
        kept = {
            "title": article.title, "slug": article.slug, "category": article.category_id,
            "section": article.section_id or "", "summary": article.summary, "body": article.body,
            "keywords": article.keywords, "language": article.language, "version": article.version,
            "translation": article.translation,
        }  # fmt: skip
    else:
        kept = {
            "title": "Crear un buzón", "slug": "", "section": "", "summary": "Desde el panel.",
            "body": "## Pasos\r\n\r\n1. Entra", "keywords": "casilla", "language": "es",
            "translation": "original",
        }  # fmt: skip
        if "category" not in values:
            kept["category"] = make_category().pk
    return kept | values


def text_of(response) -> str:
    return unescape(response.content.decode())


def field_value(response, name: str) -> str:
    """What stands in a field of the page that came back."""
    page = response.content.decode()
    if found := re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S):
        return unescape(found[1])
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = tag and re.search(r'value="([^"]*)"', tag[0])
    return unescape(value[1]) if value else ""


def make_file(article: Article | None, by: User) -> ArticleFile:
    return article_files.store(
        upload=make_upload(), article=article, alt_text="El panel", is_decorative=False, by=by
    )
