"""What the documentation and the rest of the desk make together."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from bench.weight import first_visit
from contact.setup import create_default_channels
from docs_kb.tests.factories import make_article, make_category
from tickets.models import Ticket
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
NOBODYS = "MS-2222-222"
GUIDE = "/documentacion/correo/no-recibo-correos/"
SEARCH = "/documentacion/buscar/?q=correo"


def results_for(client, reference: str) -> str:
    response = client.get("/documentacion/buscar/", {"q": reference})
    assert response.status_code == 200
    return response.content.decode().replace(reference, NOBODYS)


def test_search_for_a_reference_does_not_tell_whether_there_is_such_a_ticket(client):
    ticket = make_ticket()
    assert ticket.reference != NOBODYS
    assert not Ticket.objects.filter(reference=NOBODYS).exists()
    known, unknown = results_for(client, ticket.reference), results_for(client, NOBODYS)
    assert "¿Buscas el ticket" in known
    assert known == unknown


@pytest.mark.parametrize("path", ["/documentacion/", "/documentacion/correo/", GUIDE, SEARCH])
def test_first_visit_to_the_documentation_weighs_at_most_30_kb(client, path):
    create_default_channels()
    make_article("No recibo correos", slug="no-recibo-correos", category=make_category(slug="correo"))

    def fetch(address: str) -> bytes:
        if address.startswith("/static/"):
            return Path(finders.find(address.removeprefix("/static/"))).read_bytes()
        return client.get(address).content

    weight, asked = first_visit(fetch, path)
    assert any(address.endswith("docs.css") for address in asked)
    assert weight <= 30_000
