"""The desk's first page shows whoever keeps the guides what fails most in them."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from docs_kb import feedback, search_log
from docs_kb.models import Article
from docs_kb.tests.factories import make_article
from tickets.tests.factories import make_agent, make_ticket

pytestmark = pytest.mark.django_db


def fail(number: int) -> Article:
    """One more search in vain, one more guide that did not help, one more to be read again."""
    search_log.record(text=f"docker{number}", results=0)
    article = make_article(f"Guía {number}", review_by=timezone.localdate())
    feedback.vote(article=article, voter=f"{number:064}", is_helpful=False)
    return article


def first_page(client, group: str):
    client.force_login(make_agent(group.lower()[:4], group=group))
    return client.get("/admin/")


def test_first_page_names_what_fails_most_and_leads_to_its_mending(client):
    article = fail(1)
    response = first_page(client, "Documentación")
    page = response.content.decode()
    assert [card["number"] for card in response.context["cards"]] == [1, 1]
    assert "docker1" in page
    assert reverse("admin:docs_kb_article_change", args=[article.pk]) in page
    assert "1 de 1 respuesta ·" in page
    assert "Crear guía" in page


def test_nobody_is_led_to_a_page_by_the_number_of_its_object(client):
    """Else an editor of guides would read the reference of any ticket."""
    ticket = make_ticket()
    kind = ContentType.objects.get_for_model(ticket)
    client.force_login(make_agent("dora", group="Documentación"))
    assert client.get(f"/admin/r/{kind.pk}/{ticket.pk}/").status_code == 404
    topic = make_article().category
    page = client.get(reverse("admin:docs_kb_category_change", args=[topic.pk])).content.decode()
    assert f'href="{topic.get_absolute_url()}"' in page


@pytest.mark.parametrize("group", ["Agente", "Supervisión"])
def test_first_page_keeps_to_the_tickets_for_everybody_else(client, group):
    fail(1)
    response = first_page(client, group)
    assert response.context["documentation"] is None
    assert "docker1" not in response.content.decode()


def test_first_page_is_silent_while_nothing_fails(client):
    assert 'class="tops"' not in first_page(client, "Documentación").content.decode()


def test_first_page_takes_the_same_queries_for_any_number(client, django_assert_max_num_queries):
    counts = []
    fail(0)
    first_page(client, "Documentación")
    for rows in (1, 3):
        for number in range(rows):
            fail(rows * 10 + number)
        with django_assert_max_num_queries(15) as captured:
            client.get("/admin/")
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]


def test_list_offers_only_what_there_is_to_do(client):
    client.force_login(make_agent("pilar", group="", is_superuser=True))
    address = reverse("admin:docs_kb_synonym_changelist")
    assert 'name="action"' in client.get(address).content.decode()
    page = client.get(address, {"q": "zzzzz"}).content.decode()
    assert 'name="action"' not in page
    assert "0 resultados" in page
    assert "Ver todo" not in client.get(address).content.decode()
