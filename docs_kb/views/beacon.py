"""What a reader's browser tells: a guide was read, a result was opened."""

from django.http import Http404, HttpRequest, HttpResponse


def beacon(request: HttpRequest) -> HttpResponse:
    raise Http404
