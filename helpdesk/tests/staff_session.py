"""A browser that somebody of the team has signed in to already; how they do it, other tests show."""

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client


def enter(page, person: User):
    """Give the page's context a session of that person; the page, for what comes next."""
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}]
    )
    return page
