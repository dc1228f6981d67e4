"""What somebody had typed when their request went wrong, so that the page that says so gives it back."""

import re
import traceback
from dataclasses import dataclass
from urllib.parse import unquote_plus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from docs_kb.origin_check import is_own_page

# What people type into our forms, by the name of the field, under the label that it has there.
LABELS = {
    "name": "Nombre completo",
    "email": "Correo electrónico",
    "description": "Descripción del problema",
    "body": "Mensaje",
    "comment": "Comentario",
}
LINES = ("name", "email")


@dataclass(frozen=True)
class Typed:
    """One field as it was filled in."""

    name: str
    text: str

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def rows(self) -> int:
        return 1 if self.name in LINES else 8


def typed(request: HttpRequest, exception: BaseException | None = None) -> list[Typed]:
    """The fields of a form of ours, to be copied; nothing that another site sends.

    `exception` is what reading the form raised: what had been read before counts as well.
    """
    if request.method != "POST" or not is_own_page(request):
        return []
    try:
        fields = request.POST or _read_before(exception) or _unparsed(request)
    except (OSError, SuspiciousOperation, MultiPartParserError):
        return []  # what failed was reading it
    return [Typed(name, fields[name]) for name in LABELS if fields.get(name)]


def _read_before(exception: BaseException | None) -> dict:
    """The fields of a multipart form up to where its reading was given up; Django keeps them nowhere else."""
    for frame, _line in traceback.walk_tb(exception.__traceback__ if exception else None):
        parser = frame.f_locals.get("self")
        if isinstance(parser, MultiPartParser) and (fields := getattr(parser, "_post", None)):
            return fields
    return {}


def _unparsed(request: HttpRequest) -> dict:
    """The same from an urlencoded body with more fields than are read."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    found = re.findall(rb"(?:^|&)(%s)=([^&]+)" % "|".join(LABELS).encode(), request.body)
    return {name.decode(): unquote_plus(value.decode("ascii", "replace")) for name, value in found}
