"""Files of tickets: each asked for by its key, handed only to whoever may read its ticket."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from tickets import access
from tickets.attachments import THUMBNAIL_TYPE
from tickets.models import Attachment

# Whatever is in a file, a browser that opens it runs nothing and asks nobody for anything.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse:
    """The file as we keep it: a picture to look at, anything else to download."""
    attachment = _ready(request, key)
    return _send(
        request,
        attachment.stored_name,
        etag=attachment.clean_sha256,
        content_type=attachment.content_type,
        disposition=content_disposition_header(not attachment.is_picture, attachment.name),
    )


@require_safe
def thumbnail(request: HttpRequest, key: str) -> HttpResponse:
    """A small copy of a picture, under the same permission."""
    attachment = _ready(request, key)
    if not attachment.thumbnail_name:
        raise Http404
    etag = f"{attachment.clean_sha256}-mini"
    return _send(
        request,
        attachment.thumbnail_name,
        etag=etag,
        content_type=THUMBNAIL_TYPE,
        disposition="inline",
    )


def _ready(request: HttpRequest, key: str) -> Attachment:
    attachment = access.attachment_for(request, key)
    if not attachment.is_ready:
        raise Http404
    return attachment


def _send(
    request: HttpRequest, stored_name: str, *, etag: str, content_type: str, disposition: str
) -> HttpResponse:
    etag = quote_etag(etag)
    response = get_conditional_response(request, etag=etag) or _body(stored_name, content_type, disposition)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _body(stored_name: str, content_type: str, disposition: str) -> FileResponse:
    try:
        content = default_storage.open(stored_name)
    except FileNotFoundError:
        raise Http404
    if content_type.startswith("text/"):
        # A charset would be a guess; the file is downloaded as the bytes that came.
        content_type = "text/plain"
    response = FileResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = disposition
    return response
