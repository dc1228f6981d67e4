"""Topics that were kept among the searches find their field."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from docs_kb.tests.factories import make_category
from tickets.models import Ticket
from tickets.tests.factories import make_ticket

move_topics = import_module("tickets.migrations.0006_move_topics").move_topics


@pytest.mark.django_db
def test_told_topic_becomes_the_tickets_category_and_a_search_stays_one():
    topic = make_category("Acceso a tu cuenta")
    told = make_ticket(search_query="Tema: Acceso a tu cuenta")
    searched, gone = make_ticket(search_query="acceso"), make_ticket(search_query="Tema: Fax")
    move_topics(apps, SimpleNamespace(connection=connection))
    kept = Ticket.objects.in_bulk()
    assert (kept[told.pk].category, kept[told.pk].search_query) == (topic, "")
    assert (kept[searched.pk].category, kept[searched.pk].search_query) == (None, "acceso")
    assert kept[gone.pk].search_query == "Tema: Fax"
