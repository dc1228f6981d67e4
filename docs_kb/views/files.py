"""Pictures and documents of articles."""

from django.http import Http404, HttpRequest, HttpResponse


def file(request: HttpRequest, key: str, name: str) -> HttpResponse:
    raise Http404
