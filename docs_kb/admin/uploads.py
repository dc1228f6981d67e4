"""Files that the editor's scripts send while somebody writes; without scripts they come with the form."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from docs_kb.admin import form_files
from docs_kb.admin.access import require
from docs_kb.article_files import Refused
from docs_kb.models import Article


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Store one file: its Markdown and its row for the list, or the reason why not."""
    require(request, "add_articlefile")
    article = _article(request)
    try:
        file = form_files.take(request, article)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    file.source = form_files.source_of(file, article)
    context = {
        "file": file,
        "can_change_files": request.user.has_perm("docs_kb.change_articlefile"),
        "can_remove_files": request.user.has_perm("docs_kb.delete_articlefile"),
    }
    row = render_to_string("admin/docs_kb/article/_file.html", context, request)
    return JsonResponse({"key": file.key, "source": file.source, "row": row}, status=201)


def _article(request: HttpRequest) -> Article | None:
    """The article that the file is for; none before its first save."""
    number = request.POST.get("article", "")
    if not number:
        require(request, "add_article", "change_article")
        return None
    require(request, "change_article")
    return get_object_or_404(Article, pk=int(number) if number.isascii() and number.isdecimal() else 0)
