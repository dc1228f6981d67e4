"""The timetable names tasks that exist, and they do their work."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from docs_kb import search_log, search_report, tasks
from docs_kb.models import Article, ArticleDay, SearchQuery
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db


def test_article_is_published_at_its_hour_and_not_before():
    now = timezone.now()
    due = make_article(status=Article.Status.IN_REVIEW, publish_at=now - timedelta(minutes=1))
    later = make_article("Otra", status=Article.Status.IN_REVIEW, publish_at=now + timedelta(hours=1))
    draft = make_article("Más", status=Article.Status.DRAFT, publish_at=now - timedelta(hours=1))
    tasks.publish_due()
    found = dict(Article.objects.values_list("pk", "status"))
    assert (found[due.pk], found[later.pk], found[draft.pk]) == ("published", "in_review", "draft")
    assert due.revisions.first().note == "Publicación programada"


def test_article_that_cannot_be_read_any_more_keeps_no_other_from_its_hour(caplog):
    values = {"status": Article.Status.IN_REVIEW, "publish_at": timezone.now() - timedelta(minutes=1)}
    broken, due = make_article(**values), make_article("Otra", **values)
    Article.objects.filter(pk=broken.pk).update(body="[" * 20_000)
    tasks.publish_due()
    assert list(Article.objects.published()) == [due]
    assert f"article {broken.pk} was not published at its hour" in caplog.text


def test_popularity_follows_the_visits():
    article = make_article()
    ArticleDay.objects.create(article=article, day=timezone.localdate(), views=100)
    tasks.refresh_popularity()
    article.refresh_from_db()
    assert article.popularity == 75


def test_search_in_vain_leaves_the_report_once_a_guide_answers_it():
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        search_log.record(text="docker", results=0)
        search_log.record(text="minecraft", results=0)
    make_article("Usar Docker")
    tasks.take_out_answered_searches()
    found = search_report.report(days=7)
    assert ([row.text for row in found.without_results], found.unopened) == (["minecraft"], [])
    assert SearchQuery.objects.get(text="docker").results == 1


def test_sweep_forgets_days_and_searches_long_past():
    article = make_article()
    for back in (1, 500):
        ArticleDay.objects.create(article=article, day=timezone.localdate() - timedelta(days=back), views=1)
        with time_machine.travel(timezone.now() - timedelta(days=back)):
            search_log.record(text=f"hace {back}", results=1)
    tasks.sweep()
    assert ArticleDay.objects.count() == 1
    assert SearchQuery.objects.get().text == "hace 1"
