"""What is done to several articles at once: announced first, done after a button, each by name."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from docs_kb import publishing
from docs_kb.admin.editor import check
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article

Status = Article.Status


def publication(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> HttpResponse | None:
    """Publish those that the proofreader lets pass."""
    return _act(model_admin, request, queryset, Status.PUBLISHED)


def archiving(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Article]
) -> HttpResponse | None:
    """Take them away from readers."""
    return _act(model_admin, request, queryset, Status.ARCHIVED)


WORDS = {
    Status.PUBLISHED: ("publish_chosen", "Publicar", "Publicados", "ya está publicado"),
    Status.ARCHIVED: ("archive_chosen", "Archivar", "Archivados", "ya está archivado"),
}


def _act(model_admin, request: HttpRequest, queryset: QuerySet[Article], status: str) -> HttpResponse | None:
    articles = list(
        Article.objects.select_related("category", "section")
        .filter(pk__in=queryset.values("pk"))
        .order_by("title")
    )
    ready, refused = _sorted(articles, status)
    if "confirmed" in request.POST:
        _do(request, ready, refused, status)
        return None
    action, verb, _, _ = WORDS[status]
    context = admin.site.each_context(request) | {
        "title": f"{verb} artículos",
        "opts": Article._meta,
        "action": action,
        "verb": verb,
        "is_publication": status == Status.PUBLISHED,
        "ready": ready,
        "refused": refused,
        "chosen": articles,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return render(request, "admin/docs_kb/article/bulk.html", context)


def _sorted(articles: list[Article], status: str) -> tuple[list[Article], list[tuple[Article, str]]]:
    """Those that can change, and those that cannot with the reason."""
    ready, refused = [], []
    for article in articles:
        if article.status == status:
            refused.append((article, WORDS[status][3]))
        elif reason := _reason(article, status):
            refused.append((article, reason))
        else:
            ready.append(article)
    return ready, refused


def _reason(article: Article, status: str) -> str:
    if status != Status.PUBLISHED:
        return ""
    errors = [finding.text for finding in check(article) if finding.level == "error"]
    return errors[0] if errors else ""


def _do(request: HttpRequest, ready: list[Article], refused: list[tuple[Article, str]], status: str) -> None:
    done = 0
    for article in ready:
        seen = request.POST.get(f"version_{article.pk}", "")
        if seen != str(article.version):
            refused.append((article, "alguien guardó otra versión mientras elegías"))
            continue
        article.status, expected = status, article.version
        try:
            publishing.save_article(article=article, author=request.user, expected_version=expected)
            done += 1
        except publishing.EditConflict:
            refused.append((article, "alguien guardó otra versión mientras elegías"))
        except MarkupRefused as refusal:
            refused.append((article, str(refusal)))
    _, _, said, _ = WORDS[status]
    if done:
        messages.success(request, f"{said}: {done}.")
    for article, reason in refused:
        messages.warning(request, f"«{article}» no ha cambiado: {reason}.")
