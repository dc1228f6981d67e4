import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from docs_kb.models import Article, Synonym
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client, db):
    user = get_user_model().objects.create_superuser("ana", "ana@example.com", "clave-de-ana")
    client.force_login(user)
    return client


def form_values(**changes) -> dict:
    category = changes.pop("category", None) or make_category()
    return {
        "title": "Crear un buzón", "slug": "crear-un-buzon", "category": category.pk, "section": "",
        "summary": "Desde el panel.", "body": "## Pasos\r\n\r\n1. Entra", "keywords": "casilla",
        "status": "published", "position": 0, "updated_on": "2026-10-14", "language": "es", "source": "",
        "licence": "", "source_path": "", "translation": "original",
    } | changes  # fmt: skip


def test_article_saved_in_the_admin_is_rendered_and_found(ana):
    response = ana.post(reverse("admin:docs_kb_article_add"), form_values())
    assert response.status_code == 302
    article = Article.objects.get()
    assert '<h2 id="s-pasos">' in article.body_html
    assert [hit.article for hit in search("buzones").hits] == [article]


def test_article_that_is_no_article_is_refused_with_its_text_kept(ana):
    response = ana.post(reverse("admin:docs_kb_article_add"), form_values(body="[" * 20_000))
    assert response.status_code == 200
    assert "Hay cientos de signos seguidos" in response.content.decode()
    assert not Article.objects.exists()


def test_article_deleted_in_the_admin_leaves_the_search(ana):
    first, second = make_article("Crear un buzón"), make_article("Vaciar el buzón")
    ana.post(reverse("admin:docs_kb_article_delete", args=[first.pk]), {"post": "yes"})
    assert [hit.article for hit in search("buzón").hits] == [second]
    values = {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}
    ana.post(reverse("admin:docs_kb_article_changelist"), values)
    assert search("buzón").total == 0


def test_articles_are_published_and_archived_in_bulk(ana):
    article = make_article("Crear un buzón", status=Article.Status.DRAFT)
    url = reverse("admin:docs_kb_article_changelist")
    ana.post(url, {"action": "publish_chosen", "_selected_action": [article.pk]})
    assert search("buzón").total == 1
    ana.post(url, {"action": "archive_chosen", "_selected_action": [article.pk]})
    assert search("buzón").total == 0


def test_synonym_saved_in_the_admin_counts_at_once(ana):
    make_article("Crear un buzón")
    ana.post(reverse("admin:docs_kb_synonym_add"), {"words": "buzón, cajetilla"})
    assert Synonym.objects.get(words="buzón, cajetilla").stems == "buzon\ncajetill"
    assert search("cajetilla").total == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_article_list_takes_the_same_queries_for_any_number(ana, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_article()
    with django_assert_max_num_queries(10):
        assert ana.get(reverse("admin:docs_kb_article_changelist")).status_code == 200
