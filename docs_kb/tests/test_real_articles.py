"""The search on real articles: the figures that customers feel, on the judged queries of the shared data."""

import pytest

from docs_kb.evaluation import evaluate, read_judgements
from docs_kb.importing import import_articles
from docs_kb.models import Article
from docs_kb.search import search
from docs_kb.tests.shared_data import shared_file


@pytest.fixture
def shelf(db):
    """All real articles."""
    return import_articles(folder=shared_file("kb_es") / "articles")


def test_judged_queries_find_their_answers_among_real_articles(shelf):
    assert (len(shelf.new), shelf.refused) == (1360, [])
    judgements = read_judgements(shared_file("relevance_dev.jsonl"))
    table = evaluate(judgements)
    assert table.ndcg("all") >= 0.70
    success_at_3 = table.row("ticket").figures[4]
    without_results = table.row("all").figures[5]
    assert (success_at_3 >= 0.70, without_results) == (True, 0)
    with_typos = evaluate([judgement.with_typo() for judgement in judgements])
    assert with_typos.ndcg("all") >= 0.92 * table.ndcg("all")


@pytest.mark.once
def test_every_real_article_is_found_by_its_own_title(shelf):
    titles = Article.objects.order_by("pk").values_list("title", flat=True).distinct()
    first_two = {title: [hit.article.title for hit in search(title).hits[:2]] for title in titles}
    assert [title for title, found in first_two.items() if title not in found] == []
