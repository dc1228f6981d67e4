"""What the page on which articles are written shows, and to whom."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from docs_kb import publishing
from docs_kb.models import (
    Article,
    ArticleDay,
    ArticleFeedback,
    SearchOpening,
    SearchQuery,
)
from docs_kb.tests.editing import ADD, change, make_file, someone_with, text_of, typed
from docs_kb.tests.factories import make_article, make_upload

pytestmark = pytest.mark.django_db
Status = Article.Status


# --- The preview


def test_preview_is_the_customers_page_and_stores_nothing(ana):
    article = make_article("Crear un buzón", body="Uno", slug="buzon")
    address = reverse("admin:docs_kb_article_preview", args=[article.pk])
    response = ana.post(address, typed(article, title="Otro título", body="## Nuevo\n\ntexto"))
    page = text_of(response)
    assert "<h1>Otro título</h1>" in page
    assert '<h2 id="s-nuevo">Nuevo</h2>' in page
    article.refresh_from_db()
    assert (article.title, article.version) == ("Crear un buzón", 1)
    assert "docs_kb/article.html" in [template.name for template in response.templates]


def test_preview_of_a_new_article_needs_no_field_to_be_right(ana):
    response = ana.post(
        reverse("admin:docs_kb_article_new_preview"), {"body": "Hola <script>alert(1)</script>"}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Sin título</h1>" in page
    assert "<script>alert(1)" not in page
    assert not Article.objects.exists()


def test_preview_runs_nothing_and_is_framed_by_nobody(ana):
    response = ana.post(reverse("admin:docs_kb_article_new_preview"), typed())
    policy = response["Content-Security-Policy"]
    assert "sandbox allow-same-origin;" in policy + ";"
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'none'" in policy
    editor = ana.get(ADD)["Content-Security-Policy"]
    assert "sandbox" not in editor
    assert "unsafe" not in editor


def test_preview_of_a_monster_says_why_not(ana):
    response = ana.post(reverse("admin:docs_kb_article_new_preview"), typed(body="[" * 20_000))
    assert response.status_code == 422
    assert "Hay cientos de signos seguidos" in text_of(response)


# --- What came of it


def test_signals_stand_beside_the_editor(ana):
    article = make_article()
    today = timezone.localdate()
    ArticleDay.objects.create(article=article, day=today, views=7, opens=3, tickets=2, solved=1)
    ArticleDay.objects.create(article=article, day=today - timedelta(days=27), views=4)
    ArticleDay.objects.create(article=article, day=today - timedelta(days=28), views=90)
    ArticleFeedback.objects.create(article=article, voter="a", is_helpful=True)
    ArticleFeedback.objects.create(
        article=article, voter="b", is_helpful=False, reason="unclear", comment="El paso 3 no sale"
    )
    query = SearchQuery.objects.create(key="buzon", text="buzón nuevo", last_at=timezone.now())
    SearchOpening.objects.create(query=query, article=article, opens=5, last_on=today)
    page = text_of(ana.get(change(article)))
    numbers = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    assert numbers == [
        ("visitas", "11"),
        ("abierto desde una búsqueda", "3"),
        ("resuelto sin ticket", "1"),
        ("tickets abiertos desde aquí", "2"),
    ]
    assert "2 respuestas: 1 «Sí» y 1 «No del todo»." in page
    assert "El paso 3 no sale" in page
    assert "buzón nuevo" in page
    assert page.count("<rect ") == 28


@pytest.mark.parametrize("rows", [1, 3])
def test_editor_takes_the_same_queries_whatever_came_of_it(ana, rows, django_assert_max_num_queries):
    article = make_article()
    for number in range(rows):
        other = make_article(f"Guía {number}")
        article.related.add(other)
        make_file(article, ana.user)
        publishing.save_article(article=article)
        ArticleFeedback.objects.create(
            article=article, voter=str(number), is_helpful=False, comment="No sale"
        )
        query = SearchQuery.objects.create(key=str(number), text="buzón", last_at=timezone.now())
        SearchOpening.objects.create(query=query, article=article, opens=1, last_on=timezone.localdate())
    ana.get(change(article))
    with django_assert_max_num_queries(16):
        ana.get(change(article))


# --- Who may


def test_whoever_may_only_look_changes_nothing(client):
    article = make_article(body="Uno")
    client.force_login(someone_with("view_article"))
    page = client.get(change(article)).content.decode()
    assert "Guardar" not in page
    assert "disabled" in page
    assert client.post(change(article), typed(article, body="Otro", act="save")).status_code == 403
    assert client.get(ADD).status_code == 403
    assert (
        client.post(reverse("admin:docs_kb_article_upload"), {"new_file": make_upload()}).status_code == 403
    )
    assert (
        client.post(reverse("admin:docs_kb_article_preview", args=[article.pk]), typed(article)).status_code
        == 200
    )
    assert client.post(reverse("admin:docs_kb_article_new_preview"), typed()).status_code == 403
    article.refresh_from_db()
    assert (article.body, article.version) == ("Uno", 1)


@pytest.mark.parametrize(
    ("noun", "method"),
    [("change", "get"), ("change", "post"), ("preview", "post"), ("correction", "post"), ("versions", "get"),
     ("difference", "get")],
)  # fmt: skip
def test_nobody_without_a_right_sees_an_article(client, noun, method):
    article = make_article()
    address = reverse(f"admin:docs_kb_article_{noun}", args=[article.pk])
    client.force_login(someone_with())
    assert getattr(client, method)(address).status_code == 403
    client.logout()
    response = getattr(client, method)(address)
    assert response.status_code == 302
    assert "/admin/login/" in response.url


def test_files_need_their_own_right(client):
    article = make_article()
    client.force_login(someone_with("view_article", "change_article"))
    page = client.get(change(article)).content.decode()
    assert "Añadir archivo" not in page
    values = typed(article, add_file="1", new_alt="El panel", new_file=make_upload())
    assert client.post(change(article), values).status_code == 403


@pytest.mark.parametrize("noun", ["preview", "correction"])
def test_what_is_sent_is_never_asked_for(ana, noun):
    article = make_article()
    assert ana.get(reverse(f"admin:docs_kb_article_{noun}", args=[article.pk])).status_code == 405
    assert ana.get(reverse(f"admin:docs_kb_article_new_{noun}")).status_code == 405


# --- Guides to choose from


def test_picker_finds_what_readers_find(ana):
    article = make_article("Crear un buzón")
    make_article("Crear un borrador de buzón", status="draft")
    address = reverse("admin:docs_kb_article_guides")
    found = ana.get(address, {"q": "buzones"}).json()["guides"]
    assert found == [
        {
            "slug": article.slug,
            "title": "Crear un buzón",
            "topic": article.category.name,
            "address": article.get_absolute_url(),
        }
    ]
    assert ana.get(address, {"q": "  "}).json() == {"guides": []}
    assert ana.get(address, {"q": "'; DROP\x00 %_ \"" * 200}).status_code == 200
