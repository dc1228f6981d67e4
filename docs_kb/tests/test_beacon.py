"""What browsers tell in passing is counted, and nothing else comes of it."""

import pytest
from django.urls import reverse

from docs_kb import search_log
from docs_kb.models import Article, ArticleDay, SearchOpening
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db
OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


def tell(client, headers=OWN, **values):
    return client.post(reverse("docs_kb:beacon"), values, headers=headers)


def counted() -> tuple[int, int]:
    days = ArticleDay.objects.all()
    return sum(day.views for day in days), sum(day.opens for day in days)


def test_visit_is_counted_for_nobody(client):
    response = tell(client, kind="view", article=make_article().pk)
    assert (response.status_code, response.content) == (204, b"")
    assert not response.cookies
    assert counted() == (1, 0)


def test_opened_result_is_counted_under_its_search(client):
    article = make_article()
    search_log.record(text="No recibo CORREOS", results=1)
    tell(client, kind="open", article=article.pk, q="no recibo correo")
    assert counted() == (0, 1)
    opening = SearchOpening.objects.get()
    assert (opening.article, opening.opens) == (article, 1)


def test_opening_after_a_search_that_nobody_made_names_no_search(client):
    tell(client, kind="open", article=make_article().pk, q="inventada")
    assert not SearchOpening.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "view"},
        {"kind": "view", "article": "x"},
        {"kind": "view", "article": "-1"},
        {"kind": "view", "article": "9" * 30},
        {"kind": "view", "article": "²"},
        {"kind": "open", "article": "999999", "q": "a\x00b"},
        {"kind": "rm", "article": "1"},
        {"kind": "view", "article": "1", "q": "x" * 9000},
    ],
)
def test_whatever_else_comes_is_answered_alike_and_counts_nothing(client, values):
    response = tell(client, **values)
    assert (response.status_code, response.content) == (204, b"")
    assert counted() == (0, 0)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("application/x-www-form-urlencoded", b"a&" * 3000),
        ("application/json", b'{"kind": "view"}'),
    ],
)
def test_body_that_is_no_form_is_answered_alike(client, kind, body):
    response = client.post(reverse("docs_kb:beacon"), body, content_type=kind, headers=OWN)
    assert (response.status_code, response.content) == (204, b"")
    assert counted() == (0, 0)


def test_drafts_are_not_counted(client):
    tell(client, kind="view", article=make_article(status=Article.Status.DRAFT).pk)
    assert counted() == (0, 0)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.org"}, {"Origin": "null"}],
)
def test_other_sites_count_nothing(client, headers):
    assert tell(client, headers=headers, kind="view", article=make_article().pk).status_code == 204
    assert counted() == (0, 0)


def test_network_is_not_counted_without_end(client, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("docs_kb.views.beacon.BEACONS_PER_HOUR", 2)
    article = make_article()
    for _ in range(3):
        assert tell(client, kind="view", article=article.pk).status_code == 204
    assert counted() == (2, 0)


def test_asking_is_no_way_to_tell(client):
    assert client.get(reverse("docs_kb:beacon")).status_code == 405
