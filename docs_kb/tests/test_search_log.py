from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils import timezone

from docs_kb import search_log
from docs_kb.models import Article, SearchOpening, SearchQuery, SearchQueryDay
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db
NOON = "2026-11-24T12:00:00Z"


def counts(query: SearchQuery) -> list[tuple]:
    return list(query.days.order_by("day").values_list("day", "searches", "opens", "tickets"))


def test_search_is_kept_once_and_counted_by_day():
    with time_machine.travel(NOON, tick=False) as clock:
        search_log.record(text="  factura   en PDF ", results=6)
        search_log.record(text="factura en pdf", results=7)
        clock.shift(24 * 3600)
        search_log.record(text="Facturas PDF", results=0)
    query = SearchQuery.objects.get()
    assert (query.text, query.results, query.is_ignored) == ("factura en PDF", 0, False)
    assert query.last_at == datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert counts(query) == [(date(2026, 11, 24), 2, 0, 0), (date(2026, 11, 25), 1, 0, 0)]


@pytest.mark.once
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("código de acceso", "CODIGO ACCESO"),
        ("código de acceso", "acceso código"),
        ("códigos de accesos", "código de acceso"),
        ("¿configurar el correo?", "configuración de correos"),
        ("factura lucia@example.com", "factura"),
        ("factura factura", "factura"),
    ],
)
def test_spellings_of_one_search_share_their_key(one, other):
    assert search_log.anonymous(one).key == search_log.anonymous(other).key


@pytest.mark.once
@pytest.mark.parametrize(("one", "other"), [("correo", "factura"), ("no va", "hay mas"), ("IP", "ID")])
def test_different_searches_have_different_keys(one, other):
    assert search_log.anonymous(one).key != search_log.anonymous(other).key


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("no llega a lucia@example.com", "no llega a [correo]"),
        ("llamad al 612 345 678", "llamad al [teléfono]"),
        ("cambiar DNI 12345678Z", "cambiar DNI [documento]"),
        ("mi NIE X-1234567-L no vale", "mi NIE [documento] no vale"),
        ("mi contraseña: Sol2024 no vale", "mi contraseña: [contraseña] no vale"),
        ("qué pasa con MS-4F7K-29Q", "qué pasa con [ticket]"),
        ("qué pasa con ms 4f7k 29q", "qué pasa con [ticket]"),
        ("qué pasa con MSABCDEFG", "qué pasa con MSABCDEFG"),
        ("ms test abc", "ms test abc"),
    ],
)
def test_no_person_is_kept(text, kept):
    search_log.record(text=text, results=0)
    query = SearchQuery.objects.get()
    assert query.text == kept
    assert not any(word in query.key for word in ("lucia", "612", "1234567", "4f7k"))


def test_ticket_is_known_by_the_prefix_of_the_desk(settings):
    settings.REFERENCE_PREFIX = "AC.ME"
    assert search_log.anonymous("qué pasa con ac.me-4f7k-29q").text == "qué pasa con [ticket]"


@pytest.mark.parametrize(
    "text",
    ["lucia@example.com", "612345678", "12345678Z", "MS-4F7K-29Q", "", " ", "\x00", "%", '"', "!!!", "🙂"],
)
def test_nothing_is_kept_of_a_search_that_is_all_person_or_without_a_word(text):
    search_log.record(text=text, results=0)
    assert not SearchQuery.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "palabra " * 300,
        "x" * 10_000,
        "ñ🙂" * 1000,
        "\ud800 roto",
        "a\x00b",
        "%_'\"-- x",
        " ".join(f"ﬃ{n}" for n in range(99)),
    ],
)
def test_any_text_is_kept_within_its_200_characters(text):
    search_log.record(text=text, results=3)
    query = SearchQuery.objects.get()
    assert 0 < len(query.text) <= 200
    assert 0 < len(query.key) <= 200
    search_log.record(text=text, results=3)
    assert counts(query)[0][1] == 2


def test_long_text_is_cut_between_words_and_nothing_after_that_is_kept():
    search_log.record(text="no puedo entrar " * 12 + "zanahoria tubérculo", results=3)
    query = SearchQuery.objects.get()
    assert query.text.endswith(("entrar", "puedo", "no"))
    assert "tubercul" not in query.key


def test_opened_result_is_counted_for_the_search_and_the_article():
    article = make_article()
    search_log.record(text="buzón lleno", results=3)
    search_log.opened(text="Buzón  lleno", article_id=article.pk)
    search_log.opened(text="buzón lleno", article_id=article.pk)
    opening = SearchOpening.objects.get()
    assert (opening.query.text, opening.article, opening.opens) == ("buzón lleno", article, 2)
    assert opening.last_on == timezone.localdate()
    assert [row[1:] for row in counts(opening.query)] == [(1, 2, 0)]


def test_opening_without_a_search_or_a_published_article_counts_nothing():
    draft = make_article(status=Article.Status.DRAFT)
    search_log.record(text="buzón lleno", results=3)
    search_log.opened(text="nunca buscado", article_id=make_article().pk)
    for article_id in (draft.pk, 987_654):
        search_log.opened(text="buzón lleno", article_id=article_id)
    assert SearchQuery.objects.count() == 1
    assert not SearchOpening.objects.exists()
    assert [row[1:] for row in counts(SearchQuery.objects.get())] == [(1, 0, 0)]


def test_ticket_is_counted_for_the_search_that_it_came_from():
    search_log.record(text="buzón lleno", results=3)
    search_log.ticket_opened(text="el buzón lleno")
    search_log.ticket_opened(text="otra cosa")
    search_log.ticket_opened(text="")
    assert [row[1:] for row in counts(SearchQuery.objects.get())] == [(1, 0, 1)]


def test_search_costs_two_statements(django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as captured:
        search_log.record(text="buzón lleno", results=3)
    assert sum("docs_kb_search" in query["sql"] for query in captured.captured_queries) == 2


def test_search_that_cannot_be_counted_is_logged_and_harms_nothing(monkeypatch, caplog):
    article = make_article()
    search_log.record(text="buzón lleno", results=3)
    monkeypatch.setattr(SearchQueryDay._meta, "db_table", "there_is_none")
    search_log.record(text="otra", results=3)
    search_log.opened(text="buzón lleno", article_id=article.pk)
    search_log.ticket_opened(text="buzón lleno")
    assert caplog.text.count("a search was not counted") == 3
    assert SearchQuery.objects.count() == 1  # nothing is half written, and the test's transaction is whole


def test_what_nobody_searched_for_thirteen_months_is_forgotten():
    today = timezone.localdate()
    search_log.record(text="de siempre", results=1)
    kept = SearchQuery.objects.get()
    for days in (395, 397, 800):
        SearchQueryDay.objects.create(query=kept, day=today - timedelta(days=days), searches=1)
    with time_machine.travel(timezone.now() - timedelta(days=397)):
        search_log.record(text="de antes", results=1)
    for days in (395, 397):
        SearchOpening.objects.create(
            query=kept, article=make_article(f"Guía {days}"), last_on=today - timedelta(days=days)
        )
    assert search_log.forget_old() == 1
    assert SearchQuery.objects.get() == kept
    assert SearchOpening.objects.get().article.title == "Guía 395"
    assert [row[0] for row in counts(kept)] == [today - timedelta(days=395), today]


@pytest.mark.django_db(transaction=True)
def test_search_under_a_lock_is_given_up(caplog):
    if connection.vendor != "sqlite":
        return
    other = connection.copy()
    try:
        other.cursor().execute("BEGIN IMMEDIATE")
        search_log.record(text="buzón lleno", results=3)
    finally:
        other.close()
    assert "a search was not counted" in caplog.text
    search_log.record(text="buzón lleno", results=3)
    assert SearchQuery.objects.count() == 1


def test_kept_searches_without_a_word_are_forgotten_by_the_migration():
    for key in ("%", "!!!", "factur", "🙂"):
        SearchQuery.objects.create(key=key, text=key, results=0, last_at=timezone.now())
    migration = import_module("docs_kb.migrations.0015_forget_searches_without_words")
    migration.forget(apps, None)
    assert list(SearchQuery.objects.values_list("key", flat=True)) == ["factur"]
