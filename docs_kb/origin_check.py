"""Whether a form was sent from a page of ours, where no token can say so: public pages set no cookie."""

from django.http import HttpRequest


def is_own_page(request: HttpRequest) -> bool:
    """Whether the browser itself says that the request was born on this site.

    `Sec-Fetch-Site` must be «same-origin» where a browser sends it, `Origin` this very origin; one of them
    must be there.
    """
    site_of_origin = request.headers.get("Sec-Fetch-Site")
    if site_of_origin is not None and site_of_origin != "same-origin":
        return False
    origin = request.headers.get("Origin")
    own_origin = f"{request.scheme}://{request.get_host()}"
    return site_of_origin is not None if origin is None else origin == own_origin
