"""Somebody else holds the lock, and who only counts does not wait for it."""

import pytest
from django.db import DatabaseError, OperationalError, connection

from docs_kb import article_days, patience, throttle
from docs_kb.models import ArticleDay
from docs_kb.tests.factories import make_article
from docs_kb.throttle import hit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lock():
    """Let another connection write and not end: all of SQLite, the tables of counts on PostgreSQL."""
    other = connection.copy()

    def hold() -> None:
        with other.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("BEGIN")
                cursor.execute("LOCK TABLE docs_kb_articleday, docs_kb_searchquery IN ACCESS EXCLUSIVE MODE")

    yield hold
    other.close()


def waits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return cursor.fetchone()[0]


def test_wait_is_short_within_and_as_before_after_it():
    if connection.vendor != "sqlite":
        return
    usual = waits()
    assert usual == 20_000
    with patience.short_wait():
        assert waits() == patience.MILLISECONDS
    assert waits() == usual
    with pytest.raises(ZeroDivisionError), patience.short_transaction():
        waits() / 0
    assert waits() == usual


def test_only_the_first_thing_that_a_page_counts_waits(lock):
    if connection.vendor != "sqlite":
        return
    lock()
    with pytest.raises(OperationalError), patience.short_transaction():
        ArticleDay.objects.all().delete()
    with patience.short_wait():
        assert waits() == 0


def test_transaction_that_gets_no_lock_gives_up(lock):
    lock()
    with pytest.raises(OperationalError) as refusal, patience.short_transaction():
        ArticleDay.objects.all().delete()
    assert patience.is_busy(refusal.value)


def test_other_trouble_is_not_taken_for_a_lock():
    with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert not patience.is_busy(refusal.value)


def test_transaction_within_another_leaves_its_patience_alone():
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()[0]

    if connection.vendor != "postgresql":
        return
    with patience.short_transaction():
        assert limit() == "200ms"
        with patience.short_transaction():
            assert limit() == "200ms"
    assert limit() == "0"


def test_count_under_a_lock_is_given_up(lock, caplog):
    article = make_article()
    lock()
    article_days.count(article_ids=[article.pk], views=1)
    assert "a count of articles was lost" in caplog.text


def test_limit_under_a_lock_lets_that_request_through_and_no_other(lock, settings, caplog):
    if connection.vendor != "sqlite":
        return
    settings.REDIS_URL = ""
    lock()
    assert [hit("code", key="x", limit=1) for _ in range(2)] == [None] * 2
    assert caplog.text.count("a limit was not counted") == 2
    assert not throttle._breaker.is_open
