"""What the documentation and the rest of the desk make together."""

import pytest

from tickets.models import Ticket
from tickets.tests.factories import make_ticket

pytestmark = pytest.mark.django_db
NOBODYS = "MS-2222-222"


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
