"""The help block that closes every page."""

from django.http import HttpRequest


def help_block(request: HttpRequest) -> dict:
    return {}
