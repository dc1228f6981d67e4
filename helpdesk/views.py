"""Mi Cuenta, health and the pages around it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def site(request: HttpRequest) -> dict:
    """Context processor: what every template may say about us."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
    }


def my_account(request: HttpRequest) -> HttpResponse:
    return render(request, "helpdesk/my_account.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
