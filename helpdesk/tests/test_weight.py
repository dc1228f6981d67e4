"""A first visit stays light: the page and all that it fetches, compressed."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from bench.weight import first_visit, imported
from contact.setup import create_default_channels
from docs_kb.tests.factories import make_article, make_category
from tickets.access import signed_url
from tickets.tests.factories import make_ticket

LIMIT = 30_000  # bytes
REQUESTS = 6
GUIDE = "/documentacion/correo/no-recibo-correos/"
PAGES = [
    "/mi-cuenta/",
    "/documentacion/",
    "/documentacion/correo/",
    "/documentacion/buscar/?q=correos",
    "/documentacion/buscar/?q=zzzzqqq",
    GUIDE,
    f"{GUIDE}?opinion=motivo",
    "/tickets/nuevo/",
    "/tickets/enlace/",
    "/contacto/",
    "/contacto/chat/",
    "/privacidad/",
]


@pytest.fixture
def visitor(client, db):
    create_default_channels()
    make_article("No recibo correos", slug="no-recibo-correos", category=make_category(slug="correo"))
    return client


def asked_by(client, path: str) -> list[str]:
    """What a first visit to a page asks for, after a look at its weight."""

    def fetch(address: str) -> bytes:
        if address.startswith("/static/"):
            return Path(finders.find(address.removeprefix("/static/"))).read_bytes()
        response = client.get(address)
        assert response.status_code == 200, address
        return response.content

    weight, asked = first_visit(fetch, path)
    assert weight <= LIMIT, path
    return asked


@pytest.mark.parametrize("path", PAGES)
def test_first_visit_weighs_at_most_30_kb_in_6_requests(visitor, path):
    asked = asked_by(visitor, path)
    assert {"/static/css/site.css", "/static/js/site.js"} < set(asked)
    assert len(asked) <= REQUESTS, asked


def test_first_visit_to_a_ticket_weighs_at_most_30_kb_in_6_requests(visitor):
    ticket = make_ticket()
    visitor.post(signed_url(ticket))
    for path in (ticket.get_absolute_url(), f"{ticket.get_absolute_url()}recibo/"):
        asked = asked_by(visitor, path)
        assert "/static/css/tickets.css" in asked
        assert len(asked) <= REQUESTS, asked


def test_imports_of_styles_and_modules_are_followed():
    style = b'@import "tokens.css";\n@import url("/static/css/base.css");'
    assert imported("/static/css/all.css", style) == ["/static/css/tokens.css", "/static/css/base.css"]
    module = b'import { announce } from "./announce.js";'
    assert imported("/static/js/form.js", module) == ["/static/js/announce.js"]
