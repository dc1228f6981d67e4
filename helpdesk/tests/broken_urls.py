"""The site's own map plus one address for each way of going wrong."""

from datetime import timedelta

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from helpdesk import views
from helpdesk.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def misunderstand(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def throttle(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", {"retry_at": timezone.now() + timedelta(minutes=5)}, status=429)


def archived(request: HttpRequest) -> HttpResponse:
    return render(request, "410.html", status=410)


urlpatterns = [
    path("error/400/", misunderstand),
    path("error/403/", refuse),
    path("error/csrf/", views.csrf_failure),
    path("error/405/", require_POST(archived)),
    path("error/410/", archived),
    path("error/413/", views.too_large),
    path("error/429/", throttle),
    path("error/500/", fail),
    *urlpatterns,
]
