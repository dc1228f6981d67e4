"""«Ya lo he resuelto»: counted once for each form, and taken back once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from docs_kb.models import Article, ArticleDay
from docs_kb.tests.factories import make_article
from tickets import deflections
from tickets.models import Deflection

pytestmark = pytest.mark.django_db
KEY = "k" * 32


@pytest.fixture
def article() -> Article:
    return make_article()


def solved(article: Article) -> int:
    return sum(ArticleDay.objects.filter(article=article).values_list("solved", flat=True))


def test_deflection_is_counted_once_for_each_form(article):
    assert deflections.record(form_key=KEY, article_ids=[article.pk])
    assert not deflections.record(form_key=KEY, article_ids=[article.pk])
    assert solved(article) == 1
    assert deflections.record(form_key="other" * 6, article_ids=[article.pk])
    assert solved(article) == 2


def test_deflection_keeps_its_articles_and_nothing_else(article):
    other = make_article("Otra")
    deflections.record(form_key=KEY, article_ids=[article.pk, other.pk, 999_999])
    kept = Deflection.objects.get()
    assert set(kept.articles.all()) == {article, other}
    fields = {field.name for field in Deflection._meta.get_fields()}
    assert fields == {"id", "form_key", "articles", "created_at", "undone_at"}


def test_count_is_taken_back_once(article):
    deflections.record(form_key=KEY, article_ids=[article.pk])
    deflections.record(form_key="other" * 6, article_ids=[article.pk])
    assert deflections.undo(form_key=KEY)
    assert not deflections.undo(form_key=KEY)
    assert solved(article) == 1


def test_count_is_taken_back_from_its_own_day(article, time_machine):
    now = timezone.now()
    deflections.record(form_key=KEY, article_ids=[article.pk])
    time_machine.move_to(now + timedelta(days=1))
    deflections.record(form_key="other" * 6, article_ids=[article.pk])
    deflections.undo(form_key=KEY)
    today = ArticleDay.objects.get(article=article, day=timezone.localdate())
    assert (today.solved, solved(article)) == (1, 1)


def test_undone_deflection_can_be_made_again(article):
    for _ in range(2):
        deflections.record(form_key=KEY, article_ids=[article.pk])
        assert solved(article) == 1
        deflections.undo(form_key=KEY)
        assert solved(article) == 0
    assert Deflection.objects.count() == 1


def test_nothing_is_recorded_without_a_published_article(article):
    draft = make_article(status=Article.Status.DRAFT)
    assert not deflections.record(form_key=KEY, article_ids=[])
    assert not deflections.record(form_key=KEY, article_ids=[draft.pk, 999_999])
    assert not Deflection.objects.exists()


def test_undo_of_what_never_was_does_nothing():
    assert not deflections.undo(form_key=KEY)
