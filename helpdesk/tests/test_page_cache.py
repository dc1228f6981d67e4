"""Pages in memory: the same for everybody, stale for nobody."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contact.models import Channel
from docs_kb import publishing, stamps
from docs_kb.models import Article, ArticleFile, Category, Section
from docs_kb.tests.factories import make_article
from tickets.models import OpeningHours, Schedule, ServiceNotice, SpecialDay

pytestmark = pytest.mark.django_db
WATCHED = {
    model._meta.db_table
    for model in (Article, ArticleFile, Category, Section, Channel, OpeningHours, Schedule, ServiceNotice,
                  SpecialDay, Article.related.through)
}  # fmt: skip
NOON = datetime(2026, 11, 25, 11, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_every_watched_table_has_its_triggers_after_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgname LIKE '%\\_stamp'"
            )
            assert {table for (table,) in cursor.fetchall()} == WATCHED
        else:
            cursor.execute(
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_stamp_%'"
            )
            tables = [table for (table,) in cursor.fetchall()]
            assert {table for table in tables if tables.count(table) == 3} == WATCHED


def test_any_change_of_a_watched_row_renews_the_marks():
    article = make_article()
    seen = [stamps.current()]
    for change in (
        lambda: Article.objects.filter(pk=article.pk).update(title="Otro título"),
        lambda: Category.objects.create(name="Dominios", slug="dominios"),
        lambda: Channel.objects.create(kind=Channel.Kind.CHAT),
        lambda: Channel.objects.all().delete(),
        lambda: ServiceNotice.objects.create(text="el correo entra con retraso.", since=timezone.now()),
        lambda: article.related.add(make_article("Otra", category=article.category)),
    ):
        change()
        seen.append(stamps.current())
    assert len(set(seen)) == len(seen)


def test_kept_page_costs_one_statement(client, django_assert_num_queries):
    address = make_article().get_absolute_url()
    first = client.get(address)
    with django_assert_num_queries(1):
        second = client.get(address)
    assert second.content == first.content
    with django_assert_num_queries(1):
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_kept_pages_set_no_cookie_and_must_be_asked_for_again(client):
    response = client.get(make_article().get_absolute_url())
    assert not response.cookies
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


def test_edit_shows_at_the_next_request(client):
    article = make_article("Mi buzón está lleno")
    tag = client.get(article.get_absolute_url())["ETag"]
    article.title = "Mi buzón está llenísimo"
    publishing.save_article(article=article)
    response = client.get(article.get_absolute_url(), headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "llenísimo" in response.content.decode()


@pytest.mark.parametrize("name", ["my_account", "docs_kb:home", "contact:home"])
def test_channel_that_is_paused_shows_at_the_next_request(client, name):
    make_article()
    channel = Channel.objects.create(kind=Channel.Kind.PHONE, value="+34910000000")
    assert "Interrumpido" not in client.get(reverse(name)).content.decode()
    Channel.objects.filter(pk=channel.pk).update(pause_message="Interrumpido por una avería.")
    assert "Interrumpido" in client.get(reverse(name)).content.decode()


def test_article_taken_back_is_gone_at_once(client):
    article = make_article()
    assert client.get(article.get_absolute_url()).status_code == 200
    Article.objects.filter(pk=article.pk).update(status=Article.Status.DRAFT)
    assert client.get(article.get_absolute_url()).status_code == 404


def test_page_is_made_anew_every_minute(client):
    address = make_article().get_absolute_url()
    client.get(address)
    later = NOON.replace(minute=1)
    with time_machine.travel(later, tick=False), CaptureQueriesContext(connection) as statements:
        client.get(address)
    assert len(statements) > 1


def test_theme_has_its_own_page(client):
    address = make_article().get_absolute_url()
    client.get(address)
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get(address).content.decode()


def test_reader_with_a_session_gets_a_page_of_their_own(client, settings):
    address = make_article().get_absolute_url()
    client.get(address)
    client.cookies[settings.SESSION_COOKIE_NAME] = "someone"
    with CaptureQueriesContext(connection) as statements:
        response = client.get(address)
    assert len(statements) > 1
    assert response["Cache-Control"] == "no-store"
