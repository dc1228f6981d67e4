"""The whole product on 1,360 real articles: imported once, and put back when the last of these tests ends."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.db import transaction

from docs_kb.evaluation import evaluate, read_judgements
from docs_kb.importing import Report, import_articles
from docs_kb.models import Article
from docs_kb.search import search
from docs_kb.tests.safe_html import dangers
from docs_kb.tests.shared_data import shared_file
from docs_kb.tests.test_importing import snapshot
from tickets.guides import guides_about
from tickets.tests.test_guides import OFF_TOPIC

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _imported(django_db_setup, django_db_blocker) -> Iterator[Report]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield import_articles(folder=shared_file("kb_es/articles"))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def shelf(_imported, django_db_blocker) -> Iterator[Report]:
    """What the import said; what a test changes is put back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _imported
        transaction.set_rollback(True)


def test_real_articles_come_in_whole_and_harmless(shelf):
    assert (len(shelf.new), shelf.refused) == (1360, [])
    assert [article.slug for article in Article.objects.iterator() if dangers(article.body_html)] == []


def test_second_import_changes_nothing():
    before = snapshot()
    again = import_articles(folder=shared_file("kb_es/articles"))
    assert (again.new, again.changed, len(again.unchanged), again.refused) == ([], [], 1360, [])
    assert snapshot() == before


def test_judged_queries_find_their_answers():
    judgements = read_judgements(shared_file("relevance_dev.jsonl"))
    table = evaluate(judgements)
    assert table.ndcg("all") >= 0.70
    success_at_3 = table.row("ticket").figures[4]
    without_results = table.row("all").figures[5]
    assert (success_at_3 >= 0.70, without_results) == (True, 0)
    with_typos = evaluate([judgement.with_typo() for judgement in judgements])
    assert with_typos.ndcg("all") >= 0.92 * table.ndcg("all")


@pytest.mark.once
def test_every_article_is_found_by_its_own_title():
    titles = Article.objects.order_by("pk").values_list("title", flat=True).distinct()
    first_two = {title: [hit.article.title for hit in search(title).hits[:2]] for title in titles}
    assert [title for title, found in first_two.items() if title not in found] == []


@pytest.mark.once
def test_articles_make_whole_pages(client):
    """One in twenty: their texts are all looked at where markup is tested."""
    for article in Article.objects.select_related("category")[::20]:
        page = client.get(article.get_absolute_url()).content.decode()
        ids = re.findall(r'\sid="([^"]*)"', page)
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", page)]
        assert page.rstrip().endswith("</html>"), article.slug
        assert len(ids) == len(set(ids)), article.slug
        assert levels.count(1) == 1, article.slug
        assert all(after - before <= 1 for before, after in pairwise(levels)), article.slug
        assert not re.search(r"<(style|iframe|object)|\sstyle=|\son\w+=|javascript:", page), article.slug


def test_guides_answer_most_tickets_and_keep_out_of_the_others():
    judged = [j for j in read_judgements(shared_file("relevance_dev.jsonl")) if j.kind == "ticket"]
    answered = [j for j in judged if any(guide.slug in j.relevant for guide in guides_about(j.query))]
    disturbed = [text for text in OFF_TOPIC if guides_about(text)]
    assert len(answered) >= len(judged) * 0.6
    assert len(disturbed) <= 1
