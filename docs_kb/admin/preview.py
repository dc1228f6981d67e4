"""An article as its customers will read it, from words that nobody has stored yet."""

from copy import copy

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from docs_kb import publishing
from docs_kb.admin.access import article_to_see, require
from docs_kb.admin.article_form import ArticleForm
from docs_kb.admin.form_files import files_of
from docs_kb.markup import MarkupRefused
from docs_kb.models import Article
from docs_kb.views.reading import TOC_FROM

# Nothing in it runs, counts a visit or sends a vote, in a frame and in a window of its own alike.
SANDBOX = {"sandbox": ["allow-same-origin"]}


@require_POST
@csp_update(SANDBOX)
def new_preview(request: HttpRequest) -> HttpResponse:
    require(request, "add_article")
    return _preview(request, None)


@require_POST
@csp_update(SANDBOX)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    return _preview(request, article_to_see(request, pk))


def _preview(request: HttpRequest, stored: Article | None) -> HttpResponse:
    form = ArticleForm(request.POST, instance=copy(stored) if stored else Article())
    draft = form.shown()
    try:
        publishing.prepare(article=draft)
    except MarkupRefused as refusal:
        context = {"nav": "docs", "article": draft, "refusal": str(refusal)}
        return render(request, "admin/docs_kb/article/preview_refused.html", context, status=422)
    context = {
        "nav": "docs",
        "article": draft,
        "toc": draft.toc if len(draft.toc) >= TOC_FROM else [],
        "files": [file for file in files_of(request, stored) if not file.is_picture],
        "related": [guide for guide in form.guides("related") if guide.is_published()],
        "is_preview": True,
    }
    return render(request, "docs_kb/article.html", context)
