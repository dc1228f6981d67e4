"""Whether a guide was of use."""

from django.http import Http404, HttpRequest, HttpResponse


def opinion(request: HttpRequest, category_slug: str, slug: str) -> HttpResponse:
    raise Http404
