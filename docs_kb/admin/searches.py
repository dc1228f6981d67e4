"""What readers searched in vain, and what staff do about it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from docs_kb import search_log, search_report
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article, SearchQuery
from docs_kb.publishing import EditConflict
from docs_kb.search import search

REPORT = "admin:docs_kb_searchquery_changelist"
ADD_TO = "admin:docs_kb_searchquery_add_to"
PICKS = 8


@admin.register(SearchQuery)
class SearchQueryAdmin(admin.ModelAdmin):
    """The list is the report; a query is no form to fill in."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return report_page(request)

    def get_urls(self):
        own = [
            ("", self.changelist_view, "changelist"),
            ("busquedas.csv", export, "csv"),
            ("<int:pk>/ignorar/", ignore, "ignore"),
            ("<int:pk>/guia/", draft, "draft"),
            ("<int:pk>/anadir/", add, "add_to"),
            ("<int:pk>/mejorar/", improve, "improve"),
        ]
        wrap = self.admin_site.admin_view
        return [path(place, wrap(view), name=f"docs_kb_searchquery_{name}") for place, view, name in own]


@require_safe
def report_page(request: HttpRequest) -> HttpResponse:
    """Both lists of a period, and the way back for what was just ignored."""
    _require(request, "view_searchquery")
    user = request.user
    context = admin.site.each_context(request) | {
        "title": "Búsquedas sin respuesta",
        "opts": SearchQuery._meta,
        "report": search_report.report(days=_period(request)),
        "periods": search_report.PERIODS,
        "ignored": _query_or_none(request.GET.get("ignorada", "")),
        "can_ignore": user.has_perm("docs_kb.change_searchquery"),
        "can_write": user.has_perm("docs_kb.change_article"),
        "can_begin": user.has_perm("docs_kb.add_article"),
    }
    return TemplateResponse(request, "admin/docs_kb/searchquery/report.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    _require(request, "view_searchquery")
    response = HttpResponse(
        "\ufeff" + search_report.to_csv(days=_period(request)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="busquedas.csv"'
    return response


@require_POST
def ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it out, or with `undo` take it back in."""
    query = _query(request, pk, "change_searchquery")
    is_ignored = "undo" not in request.POST
    search_report.ignore(query=query, is_ignored=is_ignored)
    back = _report_url(request)
    if is_ignored:
        return redirect(f"{back}&ignorada={query.pk}")
    messages.success(request, _("«%s» vuelve a la lista.") % query.text)
    return redirect(back)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    article = search_report.draft_article(query=_query(request, pk, "add_article"), author=request.user)
    if article is None:
        messages.error(request, _("Crea antes un tema: cada guía pertenece a uno."))
        return redirect(_report_url(request))
    messages.success(request, _("La guía está en borrador. Escribe lo que quien busca necesita leer."))
    return redirect("admin:docs_kb_article_change", article.pk)


def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the guide that answers, by search; sent, its customer words get these too."""
    query = _query(request, pk, "change_article")
    if request.method == "POST":
        return _add(request, query)
    looked_for = _line(request.GET.get("q", query.text))
    context = admin.site.each_context(request) | {
        "title": f"Añadir «{query.text}» a una guía",
        "opts": SearchQuery._meta,
        "query": query,
        "looked_for": looked_for,
        "words": search_log.own_words(query.text),
        "hits": search(looked_for, limit=PICKS).hits,
        "days": _period(request),
    }
    return TemplateResponse(request, "admin/docs_kb/searchquery/add.html", context)


def _add(request: HttpRequest, query: SearchQuery) -> HttpResponse:
    chosen = request.POST.get("article", "")
    article = get_object_or_404(Article.objects.published(), pk=chosen if chosen.isdecimal() else 0)
    words = _line(request.POST.get("words", search_log.own_words(query.text)))[: search_log.LONGEST_TEXT]
    if not words.strip(" ,"):
        messages.error(request, _("Escribe las palabras que se añaden a la guía."))
        return redirect(f"{reverse(ADD_TO, args=[query.pk])}?dias={_period(request)}")
    try:
        found = search_report.add_to_article(query=query, article=article, words=words, author=request.user)
    except (EditConflict, search_report.NoRoom, MarkupRefused) as trouble:
        messages.error(request, _why_not_added(trouble, article))
        return redirect(f"{reverse(ADD_TO, args=[query.pk])}?dias={_period(request)}")
    if all(hit.article != article for hit in found.hits):
        text = _(
            "Las palabras están en «%(title)s», pero «%(query)s» aún no encuentra esa guía: añade otras."
        )
        messages.warning(request, text % {"title": article.title, "query": query.text})
        return redirect(f"{reverse(ADD_TO, args=[query.pk])}?dias={_period(request)}")
    text = ngettext(
        "«%(title)s» ya responde a «%(query)s», que ahora da %(total)d resultado.",
        "«%(title)s» ya responde a «%(query)s», que ahora da %(total)d resultados.",
        found.total,
    )
    messages.success(request, text % {"title": article.title, "query": query.text, "total": found.total})
    return redirect(_report_url(request))


def _why_not_added(trouble: Exception, article: Article) -> str:
    if isinstance(trouble, EditConflict):
        return _("Alguien guardaba esa guía a la vez. Inténtalo otra vez.")
    if isinstance(trouble, search_report.NoRoom):
        return _("En «%s» no caben más palabras. Quita alguna en su editor.") % article.title
    return _("«%(title)s» no se puede guardar: %(why)s") % {"title": article.title, "why": trouble}


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())


@require_safe
def improve(request: HttpRequest, pk: int) -> HttpResponse:
    """To the editor of the guide that stands first for this search."""
    query = _query(request, pk, "change_article")
    hits = search(query.text, limit=1).hits
    if not hits:
        messages.info(request, _("«%s» ya no da ningún resultado.") % query.text)
        return redirect(_report_url(request))
    return redirect("admin:docs_kb_article_change", hits[0].article.pk)


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"docs_kb.{permission}"):
        raise PermissionDenied


def _query(request: HttpRequest, pk: int, permission: str) -> SearchQuery:
    """Fetch and permission in one act."""
    _require(request, "view_searchquery")
    _require(request, permission)
    return get_object_or_404(SearchQuery, pk=pk)


def _query_or_none(key: str) -> SearchQuery | None:
    return SearchQuery.objects.filter(pk=key, is_ignored=True).first() if key.isdecimal() else None


def _period(request: HttpRequest) -> int:
    """The chosen number of days; a form carries the one that its page showed."""
    text = request.POST.get("dias") or request.GET.get("dias") or ""
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return days if days in search_report.PERIODS else search_report.PERIODS[1]


def _report_url(request: HttpRequest) -> str:
    return f"{reverse(REPORT)}?dias={_period(request)}"
