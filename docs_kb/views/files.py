"""Pictures and documents of articles: a picture to look at, anything else to download."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from docs_kb.article_files import KEY
from docs_kb.models import ArticleFile

# Whatever is in a file, a browser that opens it runs nothing and asks nobody for anything.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
# What a key leads to never changes, but an article may be withdrawn.
PICTURE_SECONDS = 30 * 24 * 60 * 60


@require_safe
def file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A file under its one address, for whoever may read its article."""
    found, is_public = _visible(request, key)
    if found.name != name:
        return redirect(found, permanent=True)
    etag = quote_etag(found.sha256)
    response = get_conditional_response(request, etag=etag) or _body(found)
    response.headers["ETag"] = etag
    response.headers["Content-Security-Policy"] = POLICY
    if is_public and found.is_picture:
        response.headers["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "private, no-cache"
    if not is_public:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _visible(request: HttpRequest, key: str) -> tuple[ArticleFile, bool]:
    """The file, and whether everybody may see it.

    That is asked first, and without the session: no cache has then to keep readers apart by their cookies.
    """
    if not KEY.fullmatch(key):
        raise Http404
    files = ArticleFile.objects.filter(key=key)
    if found := files.visible_to(AnonymousUser()).first():
        return found, True
    if settings.SESSION_COOKIE_NAME in request.COOKIES and (found := files.visible_to(request.user).first()):
        return found, False
    raise Http404


def _body(found: ArticleFile) -> FileResponse:
    try:
        content = default_storage.open(found.stored_name)
    except FileNotFoundError:
        raise Http404
    response = FileResponse(content, content_type=found.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(not found.is_picture, found.name)
    return response
