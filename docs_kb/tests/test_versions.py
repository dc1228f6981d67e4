"""The versions of an article in the admin: the list, the difference, the way back."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from docs_kb import publishing
from docs_kb.models import Article
from docs_kb.tests.factories import make_article, make_author

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(ana):
    """Three versions: «Uno», «Dos» by Bea with a note, «Tres»."""
    found = make_article("Crear un buzón", body="Uno")
    for body, note, author in (("Dos", "Más claro", make_author("bea")), ("Tres", "", ana.user)):
        found.body = body
        publishing.save_article(article=found, author=author, note=note)
    return found


def address(noun: str, article: Article, *more) -> str:
    return reverse(f"admin:docs_kb_article_{noun}", args=[article.pk, *more])


def text_of(response) -> str:
    return unescape(response.content.decode())


def test_list_says_who_when_why_and_in_what_state(ana, article):
    page = text_of(ana.get(address("versions", article)))
    assert re.findall(r"<strong>(Versión \d)</strong>", page) == ["Versión 3", "Versión 2", "Versión 1"]
    assert "Bea, hoy, " in page
    assert "Más claro" in page
    assert page.count("la de ahora</span>") == 1
    assert "Publicado" in page


def test_djangos_history_leads_to_the_versions(ana, article):
    assert ana.get(address("history", article)).url == address("versions", article)


def test_difference_is_the_last_change_unless_asked_for_others(ana, article):
    page = text_of(ana.get(address("difference", article)))
    assert "<del>Dos</del>" in page
    assert "<ins>Tres</ins>" in page
    page = text_of(ana.get(address("difference", article), {"de": 3, "a": 1}))
    assert "<del>Uno</del>" in page
    assert "<ins>Tres</ins>" in page
    assert "dicen lo mismo" in text_of(ana.get(address("difference", article), {"de": 1, "a": 1}))


@pytest.mark.parametrize("number", ["9", "x", "-1", "²", "9" * 40])
def test_versions_that_never_were_are_not_found(ana, article, number):
    assert ana.get(address("difference", article), {"a": number}).status_code == 404


def test_restored_version_is_the_next_one(ana, article):
    response = ana.post(address("restoration", article, 1), {"version": article.version})
    assert response.url == address("change", article)
    article.refresh_from_db()
    assert (article.body, article.version) == ("Uno", 4)
    latest = article.revisions.first()
    assert (latest.note, latest.author) == ("Restaurada la versión 1", ana.user)


@pytest.mark.parametrize("seen", ["2", "", "x"])
def test_restoring_stops_when_somebody_saved_meanwhile(ana, article, seen):
    response = ana.post(address("restoration", article, 1), {"version": seen})
    assert response.url == address("difference", article)
    article.refresh_from_db()
    assert (article.body, article.version) == ("Tres", 3)


def test_version_that_could_not_be_published_opens_in_the_editor(ana):
    bad = "![](/documentacion/archivos/" + "0" * 32 + "/panel.png)"
    article = make_article(body=bad)
    article.body = "Bien"
    publishing.save_article(article=article)
    response = ana.post(address("restoration", article, 1), {"version": 2}, follow=True)
    page = text_of(response)
    assert "La versión 1 no se puede publicar así" in page
    assert bad in page
    article.refresh_from_db()
    assert (article.body, article.version) == ("Bien", 2)


def test_restoring_is_a_post_of_whoever_may_change(client, ana, article):
    assert client.get(address("restoration", article, 1)).status_code == 405
    reader = make_author("carla", is_superuser=False)
    reader.user_permissions.set(Permission.objects.filter(codename="view_article"))
    client.force_login(reader)
    assert client.post(address("restoration", article, 1), {"version": 3}).status_code == 403
    assert "Volver a esta versión" not in text_of(client.get(address("difference", article)))


def test_versions_of_another_article_are_not_its_own(ana, article):
    other = make_article("Otra")
    assert ana.post(address("restoration", other, 3), {"version": 1}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_any_number(ana, rows, django_assert_max_num_queries):
    article = make_article()
    for _ in range(rows):
        publishing.save_article(article=article, author=ana.user)
    with django_assert_max_num_queries(6):
        ana.get(address("versions", article))
