"""What the proofreader says of words that nobody has stored yet, as a fragment of the editor."""

from copy import copy

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from docs_kb.admin.access import article_to_see, require
from docs_kb.admin.article_form import ArticleForm
from docs_kb.admin.editor import check
from docs_kb.models import Article


@require_POST
def new_correction(request: HttpRequest) -> HttpResponse:
    require(request, "add_article")
    return _correction(request, Article())


@require_POST
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    return _correction(request, copy(article_to_see(request, pk)))


def _correction(request: HttpRequest, article: Article) -> HttpResponse:
    draft = ArticleForm(request.POST, instance=article).shown()
    context = {"findings": check(draft), "is_checked": True}
    return render(request, "admin/docs_kb/article/_findings.html", context)
