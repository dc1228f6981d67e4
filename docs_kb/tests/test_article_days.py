from datetime import date

import pytest
import time_machine

from docs_kb import article_days, stamps
from docs_kb.article_days import Totals
from docs_kb.models import Article, ArticleDay, ArticleFeedback
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db
NOON = "2026-11-24T12:00:00Z"


def answer(article: Article, *answers: bool) -> None:
    start = article.feedback.count()
    ArticleFeedback.objects.bulk_create(
        ArticleFeedback(article=article, voter=f"{start + n:064}", is_helpful=said)
        for n, said in enumerate(answers)
    )


def popularity(article: Article) -> int:
    return Article.objects.get(pk=article.pk).popularity


def test_counts_add_up_by_article_and_day():
    first, second = make_article(), make_article()
    with time_machine.travel(NOON, tick=False) as clock:
        article_days.count(article_ids=[first.pk, second.pk, first.pk], views=1)
        article_days.count(article_ids=[first.pk], views=2, opens=1, tickets=3, solved=4)
        clock.shift(24 * 3600)
        article_days.count(article_ids=[first.pk], views=1)
    rows = ArticleDay.objects.filter(article=first).order_by("day")
    assert list(rows.values_list("day", "views", "opens", "tickets", "solved")) == [
        (date(2026, 11, 24), 3, 1, 3, 4),
        (date(2026, 11, 25), 1, 0, 0, 0),
    ]
    assert ArticleDay.objects.get(article=second).views == 1


def test_day_is_the_readers_day_and_not_that_of_london():
    with time_machine.travel("2026-11-24T23:30:00Z", tick=False):
        article_days.count(article_ids=[make_article().pk], views=1)
    assert ArticleDay.objects.get().day == date(2026, 11, 25)


def test_count_is_one_statement_for_any_number_of_articles(django_assert_max_num_queries):
    ids = [make_article().pk for _ in range(3)]
    with django_assert_max_num_queries(9) as captured:
        article_days.count(article_ids=ids, views=1)
        article_days.count(article_ids=[], views=1)
    assert sum("articleday" in query["sql"] for query in captured.captured_queries) == 1


def test_only_published_articles_are_counted():
    draft = make_article(status=Article.Status.DRAFT)
    article_days.count(article_ids=[draft.pk, 987_654, 0, -1, 10**30], views=1)
    assert not ArticleDay.objects.exists()


def test_totals_leave_out_what_is_older_than_asked():
    article = make_article()
    with time_machine.travel(NOON, tick=False):
        for day, views in ((date(2026, 11, 24), 1), (date(2026, 10, 28), 10), (date(2026, 10, 27), 100)):
            ArticleDay.objects.create(article=article, day=day, views=views, solved=1)
        assert article_days.totals(article=article) == Totals(views=11, solved=2)
        assert article_days.totals(article=article, days=1) == Totals(views=1, solved=1)
    assert article_days.totals(article=make_article()) == Totals()


def test_count_that_cannot_be_written_is_lost_and_logged(monkeypatch, caplog):
    article = make_article()
    monkeypatch.setattr(ArticleDay._meta, "db_table", "there_is_none")
    article_days.count(article_ids=[article.pk], views=1)
    assert "a count of articles was lost" in caplog.text
    assert Article.objects.filter(pk=article.pk).exists()  # the transaction around it is whole


@pytest.mark.parametrize(
    ("views", "answers", "useful"),
    [
        (100, [], 75),
        (100, [True] * 8, 92),
        (100, [False] * 8, 25),
        (100, [True], 80),
        (1, [], 1),
        (0, [True] * 9, 0),
    ],
)
def test_popularity_is_visits_weighed_by_the_share_of_good_answers(views, answers, useful):
    article = make_article()
    article_days.count(article_ids=[article.pk], views=views)
    answer(article, *answers)
    article_days.refresh_popularity()
    assert popularity(article) == useful


def test_popularity_counts_28_days_and_falls_back_to_nothing():
    article = make_article()
    with time_machine.travel(NOON, tick=False) as clock:
        article_days.count(article_ids=[article.pk], views=4, opens=50, tickets=50)
        clock.shift(27 * 24 * 3600)
        assert (article_days.refresh_popularity(), popularity(article)) == (1, 3)
        clock.shift(24 * 3600)
        assert (article_days.refresh_popularity(), popularity(article)) == (1, 0)


def test_popularity_is_written_only_where_it_changed():
    busy, quiet = make_article(), make_article()
    article_days.count(article_ids=[busy.pk], views=8)
    mark = stamps.current()
    assert article_days.refresh_popularity() == 1
    assert stamps.current() != mark
    mark = stamps.current()
    assert article_days.refresh_popularity() == 0
    assert stamps.current() == mark
    assert (popularity(busy), popularity(quiet)) == (6, 0)


def test_popularity_takes_the_same_queries_for_any_number(django_assert_num_queries):
    for rows in (1, 3):
        for number in range(rows):
            article_days.count(article_ids=[make_article().pk], views=number + 5)
        with django_assert_num_queries(7):  # two of them are the savepoint's
            article_days.refresh_popularity()


def test_counts_of_more_than_400_days_are_forgotten():
    article = make_article()
    with time_machine.travel(NOON, tick=False):
        for day in (date(2025, 10, 20), date(2025, 10, 21)):
            ArticleDay.objects.create(article=article, day=day)
        assert article_days.forget_old() == 1
    assert ArticleDay.objects.get().day == date(2025, 10, 21)
