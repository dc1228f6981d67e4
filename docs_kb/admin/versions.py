"""The versions of an article: who saved what, what changed between any two, and the way back."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from docs_kb import publishing, revisions
from docs_kb.admin.access import article_to_change, article_to_see
from docs_kb.admin.editor import TONES, check
from docs_kb.models import Article, ArticleRevision

PAGE_SIZE = 50


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, newest first, each version with who saved it, when and why."""
    article = article_to_see(request, pk)
    rows = article.revisions.defer("body", "summary", "keywords")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    for revision in page.object_list:
        revision.tone = TONES[revision.status]
    return _render(request, "versions", article, {"page": page, "title": f"Versiones de «{article}»"})


@require_safe
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side: those asked for, by default the newest beside the one before it."""
    article = article_to_see(request, pk)
    right = _asked(request, article, "a") or get_object_or_404(article.revisions, number=article.version)
    left = (
        _asked(request, article, "de") or article.revisions.filter(number__lt=right.number).first() or right
    )
    if left.number > right.number:
        left, right = right, left
    for revision in (left, right):
        revision.tone = TONES[revision.status]
        revision.short_name = f"Versión {revision.number}"
    context = {
        "left": left,
        "right": right,
        "difference": revisions.compare(left, right),
        "numbers": list(article.revisions.values_list("number", flat=True)[:500]),
        "title": f"Versiones {left.number} y {right.number} de «{article}»",
    }
    return _render(request, "difference", article, context)


@require_POST
def restoration(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an earlier version the newest, unless somebody saved meanwhile or it could not be published."""
    article = article_to_change(request, pk)
    revision = get_object_or_404(article.revisions, number=number)
    if article.is_published() and (refused := _refused(article, revision)):
        messages.error(request, refused)
        address = reverse("admin:docs_kb_article_change", args=[pk])
        return redirect(f"{address}?version={number}")
    try:
        revisions.restore(
            article=article, revision=revision, author=request.user, expected_version=_seen(request)
        )
    except publishing.EditConflict as conflict:
        who = (conflict.latest and conflict.latest.author_name) or "Alguien"
        messages.error(request, f"{who} guardó otra versión mientras mirabas estas. Compárala y decide.")
        return redirect("admin:docs_kb_article_difference", pk)
    messages.success(request, f"Restaurada la versión {number}: es la {article.version}.")
    return redirect("admin:docs_kb_article_change", pk)


def _refused(article: Article, revision: ArticleRevision) -> str:
    """Why the words of a version cannot be published as they are; empty when they can."""
    draft = Article.objects.get(pk=article.pk)
    for name in revisions.RESTORED:
        setattr(draft, name, getattr(revision, name))
    errors = [finding for finding in check(draft) if finding.level == "error"]
    if not errors:
        return ""
    return (
        f"La versión {revision.number} no se puede publicar así: {errors[0].text}. Corrígela aquí y guarda."
    )


def _seen(request: HttpRequest) -> int:
    """The newest version when the page was drawn; an address without it is never the right one."""
    text = request.POST.get("version", "")
    return int(text[:9]) if text.isascii() and text.isdecimal() else -1


def _asked(request: HttpRequest, article: Article, name: str) -> ArticleRevision | None:
    text = request.GET.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise Http404
    return get_object_or_404(article.revisions, number=int(text[:9]))


def _render(request: HttpRequest, page: str, article: Article, context: dict) -> HttpResponse:
    context = (
        admin.site.each_context(request)
        | {
            "opts": Article._meta,
            "article": article,
            "can_change": request.user.has_perm("docs_kb.change_article"),
        }
        | context
    )
    return render(request, f"admin/docs_kb/article/{page}.html", context)
