"""What is done to several articles at once: announced first, done after a button, by name, and undone."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from docs_kb import publishing
from docs_kb.admin.access import require
from docs_kb.admin.editor import check
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article

Status = Article.Status
UNDO = "articles_to_undo"
UNDO_SECONDS = 60
MEANWHILE = "alguien guardó otra versión mientras elegías"


@dataclass(frozen=True)
class Change:
    """A bulk action: the state that it leads to, and its words."""

    status: str
    action: str
    verb: str
    said: str
    is_so_already: str


PUBLICATION = Change(Status.PUBLISHED, "publish_chosen", "Publicar", "Publicados", "ya está publicado")
ARCHIVING = Change(Status.ARCHIVED, "archive_chosen", "Archivar", "Archivados", "ya está archivado")


def ask_or_do(request: HttpRequest, queryset: QuerySet[Article], change: Change) -> HttpResponse | None:
    """The page that says what will change; after its button, nothing but the deed."""
    chosen = Article.objects.select_related("category", "section").filter(pk__in=queryset.values("pk"))
    articles = list(chosen.order_by("title"))
    ready, refused = _sorted(articles, change)
    if "confirmed" in request.POST:
        _do(request, ready, refused, change)
        return None
    context = admin.site.each_context(request) | {
        "title": f"{change.verb} artículos",
        "opts": Article._meta,
        "change": change,
        "is_publication": change is PUBLICATION,
        "ready": ready,
        "refused": refused,
        "chosen": articles,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return render(request, "admin/docs_kb/article/bulk.html", context)


def is_undoable(request: HttpRequest) -> bool:
    """Whether the last bulk action is fresh enough to be undone."""
    kept = request.session.get(UNDO)
    return bool(kept) and timezone.now().timestamp() - kept["at"] <= UNDO_SECONDS


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put the articles of the last bulk action back, but for those that somebody saved since."""
    require(request, "change_article")
    is_fresh = is_undoable(request)
    rows = {pk: before for pk, *before in request.session.pop(UNDO, {}).get("rows", [])}
    if not is_fresh:
        messages.warning(request, "Ya no se puede deshacer: ha pasado más de un minuto.")
        return redirect("admin:docs_kb_article_changelist")
    done = 0
    for article in Article.objects.filter(pk__in=rows):
        version, article.status, was_new = rows[article.pk]
        if was_new:
            article.published_at = None
        try:
            publishing.save_article(
                article=article, author=request.user, note="Deshecho", expected_version=version
            )
            done += 1
        except publishing.EditConflict:
            messages.warning(request, f"«{article}» se queda como está: alguien lo ha guardado después.")
    messages.success(request, f"Deshecho: {done}.")
    return redirect("admin:docs_kb_article_changelist")


def _sorted(articles: list[Article], change: Change) -> tuple[list[Article], list[tuple[Article, str]]]:
    """Those that can change, and those that cannot with the reason."""
    ready, refused = [], []
    for article in articles:
        if reason := _reason(article, change):
            refused.append((article, reason))
        else:
            ready.append(article)
    return ready, refused


def _reason(article: Article, change: Change) -> str:
    if article.status == change.status:
        return change.is_so_already
    if change is not PUBLICATION:
        return ""
    return next((finding.text for finding in check(article) if finding.level == "error"), "")


def _do(
    request: HttpRequest, ready: list[Article], refused: list[tuple[Article, str]], change: Change
) -> None:
    rows = []
    for article in ready:
        seen = request.POST.get(f"version_{article.pk}", "")
        before, was_new = article.status, article.published_at is None
        article.status = change.status
        try:
            publishing.save_article(
                article=article,
                author=request.user,
                expected_version=int(seen) if seen.isascii() and seen.isdecimal() else -1,
            )
            rows.append((article.pk, article.version, before, was_new))
        except publishing.EditConflict:
            refused.append((article, MEANWHILE))
        except MarkupRefused as refusal:
            refused.append((article, str(refusal)))
    if rows:
        messages.success(request, f"{change.said}: {len(rows)}.")
        request.session[UNDO] = {"rows": rows, "at": timezone.now().timestamp()}
    for article, reason in refused:
        messages.warning(request, f"«{article}» no ha cambiado: {reason}.")
