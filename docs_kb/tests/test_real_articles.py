"""The search on real articles: the figures that customers feel, on the judged queries of the shared data."""

import pytest

from docs_kb.evaluation import evaluate, read_judgements
from docs_kb.importing import import_articles
from docs_kb.models import Article, Category, SearchDocument, VocabularyTerm
from docs_kb.search import search
from docs_kb.tests.shared_data import shared_file


@pytest.fixture(scope="module")
def shelf(django_db_setup, django_db_blocker):
    """All real articles, imported once for this file and taken out after it."""
    folder = shared_file("kb_es") / "articles"
    with django_db_blocker.unblock():
        report = import_articles(folder=folder)
        yield report
        for model in (Article, SearchDocument, VocabularyTerm, Category):
            model.objects.all().delete()


@pytest.mark.django_db
def test_every_real_article_comes_in(shelf):
    assert (len(shelf.new), shelf.refused) == (1360, [])


@pytest.mark.django_db
def test_judged_queries_find_their_answers(shelf):
    judgements = read_judgements(shared_file("relevance_dev.jsonl"))
    table = evaluate(judgements)
    assert table.ndcg("all") >= 0.70
    success_at_3 = table.row("ticket").figures[4]
    without_results = table.row("all").figures[5]
    assert (success_at_3 >= 0.70, without_results) == (True, 0)
    with_typos = evaluate([judgement.with_typo() for judgement in judgements])
    assert with_typos.ndcg("all") >= 0.92 * table.ndcg("all")


@pytest.mark.once
@pytest.mark.django_db
def test_every_article_is_found_by_its_own_title(shelf):
    late = []
    for title in Article.objects.order_by("pk").values_list("title", flat=True).distinct():
        found = [hit.article.title for hit in search(title, limit=6).hits]
        if title not in found[:2]:
            late.append(title)
    assert late == []
