"""What somebody had written when their request went wrong, so that the page that says so gives it back."""

import re
import traceback
from urllib.parse import unquote_plus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from docs_kb.origin_check import is_own_page

FIELDS = ("description", "body")


def text_of(request: HttpRequest, exception: BaseException | None = None) -> str:
    """The long text of a form of ours, to be copied; nothing that another site sends.

    `exception` is what reading the form raised: what had been read before counts as well.
    """
    if request.method != "POST" or not is_own_page(request):
        return ""
    try:
        return _long_text(request.POST) or _long_text(_read_before(exception)) or _unparsed(request)
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return ""  # what failed was reading it


def _long_text(fields: dict) -> str:
    return next((fields[name] for name in FIELDS if fields.get(name)), "")


def _read_before(exception: BaseException | None) -> dict:
    """The fields of a multipart form up to where its reading was given up; Django keeps them nowhere else."""
    for frame, _line in traceback.walk_tb(exception.__traceback__ if exception else None):
        if isinstance(parser := frame.f_locals.get("self"), MultiPartParser):
            return getattr(parser, "_post", None) or {}
    return {}


def _unparsed(request: HttpRequest) -> str:
    """The same from an urlencoded body with more fields than are read."""
    if request.content_type != "application/x-www-form-urlencoded":
        return ""
    found = re.search(rb"(?:^|&)(?:%s)=([^&]+)" % "|".join(FIELDS).encode(), request.body)
    return unquote_plus(found[1].decode("ascii", "replace")) if found else ""
