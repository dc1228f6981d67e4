"""Where passkeys work: browsers make and use them at a name, by https or on localhost, never at an IP address
(Web Authentication, 5.1.3; Secure Contexts, 3.1)."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.urls import reverse


def work(request: HttpRequest) -> bool:
    """Whether a browser can make or use a passkey at the address of this request."""
    host = _host(request)
    return _address(host) is None and (request.is_secure() or host == "localhost")


def place(request: HttpRequest) -> str:
    """The same page of the desk where passkeys work, for whoever opened it at this machine's own address;
    empty where there is none."""
    address = _address(_host(request))
    if address is None or not address.is_loopback or not validate_host("localhost", settings.ALLOWED_HOSTS):
        return ""
    return f"http://localhost:{request.get_port()}{reverse('mfa_index')}"


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
