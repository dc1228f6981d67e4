"""The lists of the documentation in the admin: articles, topics, sections, synonyms."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from docs_kb import publishing
from docs_kb.admin.bulk import UNDO
from docs_kb.models import Article, ArticleDay, ArticleFeedback, Category, Redirect, Section, Synonym
from docs_kb.search import search
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db
ARTICLES = "/admin/docs_kb/article/"
TOPICS = "/admin/docs_kb/category/"
SECTIONS = "/admin/docs_kb/section/"


def titles(client, **query) -> list[str]:
    page = client.get(ARTICLES, query).content.decode()
    return [unescape(title) for title in re.findall(r'<a class="subject"[^>]*>([^<]*)</a>', page)]


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def act(client, action: str, articles: list[Article], *, confirmed: bool = True, address=ARTICLES, **values):
    values |= {"action": action, "_selected_action": [article.pk for article in articles]}
    if confirmed:
        values |= {"confirmed": "1"}
        values = {f"version_{a.pk}": getattr(a, "version", "") for a in articles} | values
    return client.post(address, values)


def delete_by_hand(client, rows: list, *, address=ARTICLES) -> list[str]:
    """Choose the action of the list, then send the form of the page that asks whether to; what is said."""
    options = re.findall(r'<option value="([^"]+)">Borrar</option>', client.get(address).content.decode())
    page = act(client, options[0], rows, confirmed=False, address=address).content.decode()
    hidden = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    values = {name: [v for n, v in hidden if n == name] for name, _ in hidden}
    return said(client.post(address, values))


# --- The list of articles


def test_list_says_how_each_article_does(ana):
    article = make_article("Crear un buzón", review_by=timezone.localdate() - timedelta(days=1))
    ArticleDay.objects.create(article=article, day=timezone.localdate(), views=12)
    ArticleDay.objects.create(article=article, day=timezone.localdate() - timedelta(days=28), views=90)
    for number in range(3):
        ArticleFeedback.objects.create(article=article, voter=str(number), is_helpful=number > 0)
    page = unescape(ana.get(ARTICLES).content.decode())
    assert '<td class="field-visits">12</td>' in page
    assert "67\xa0%" in page
    assert "2 de 3" in page
    assert "Por revisar" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status__exact": "draft"}, ["Borrador"]),
        ({"revision": "pasada"}, ["Vencida"]),
        ({"revision": "mes"}, ["Pronto"]),
        ({"palabras": "sin"}, ["Sin palabras"]),
    ],
)
def test_filters_of_the_list(ana, query, found):
    today = timezone.localdate()
    make_article("Borrador", status="draft", keywords="x")
    make_article("Vencida", review_by=today, keywords="x")
    make_article("Vencida y archivada", review_by=today, keywords="x", status="archived")
    make_article("Pronto", review_by=today + timedelta(days=30), keywords="x")
    make_article("Sin palabras")
    assert titles(ana, **query) == found


def test_search_finds_published_ones_as_readers_do_and_the_rest_by_their_words(ana):
    make_article("Vaciar el buzón", body="Entra en el panel")
    make_article("Crear un buzón")
    make_article("Migrar el buzón", status="draft", slug="traslado")
    make_article("Otra cosa", status="archived", keywords="cangrejo")
    assert titles(ana, q="crear buzones")[0] == "Crear un buzón"
    assert "Migrar el buzón" in titles(ana, q="BUZON")
    assert titles(ana, q="traslado") == ["Migrar el buzón"]
    assert titles(ana, q="Cangrejo") == ["Otra cosa"]
    assert titles(ana, q="/documentacion/correo/traslado/") == ["Migrar el buzón"]


@pytest.mark.parametrize("query", ["%", "_", "'", '"', "a" * 10_000, "\x00", "🎉", "‮abc", "de la", "( OR"])
def test_odd_searches_are_answered(ana, query):
    make_article()
    assert ana.get(ARTICLES, {"q": query}).status_code == 200


def test_empty_lists_say_so(ana):
    assert "Todavía no hay artículos" in ana.get(ARTICLES).content.decode()
    make_article()
    assert "Ningún artículo coincide" in ana.get(ARTICLES, {"q": "zzzz"}).content.decode()


@pytest.mark.parametrize("query", [{}, {"q": "correos"}])
@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_any_number(ana, rows, query, django_assert_max_num_queries):
    for number in range(rows):
        article = make_article()
        ArticleDay.objects.create(article=article, day=timezone.localdate(), views=number)
    with django_assert_max_num_queries(12 if query else 6):
        assert ana.get(ARTICLES, query).status_code == 200


# --- Many at once


def test_bulk_actions_say_first_what_they_will_do(ana):
    ready, there = make_article("Crear un buzón", status="draft"), make_article("Vaciar el buzón")
    page = act(ana, "publish_chosen", [ready, there], confirmed=False).content.decode()
    assert "1 artículo cambia" in page
    assert "1 no cambia" in page
    assert "ya está publicado" in page
    ready.refresh_from_db()
    assert ready.status == Article.Status.DRAFT


def test_articles_are_published_and_archived_in_bulk(ana):
    long_ago = timezone.localdate() - timedelta(days=90)
    article = make_article("Crear un buzón", status=Article.Status.DRAFT, updated_on=long_ago)
    for _ in range(2):
        Article.objects.update(updated_on=long_ago)
        assert "Publicados: 1." in said(act(ana, "publish_chosen", [article]))
        assert search("buzón").total == 1
        article.refresh_from_db()
        assert article.updated_on == timezone.localdate()
        ana.post(f"{ARTICLES}deshacer/")
        article.refresh_from_db()
    act(ana, "publish_chosen", [article])
    article.refresh_from_db()
    assert article.revisions.first().author == ana.user
    act(ana, "archive_chosen", [article])
    assert search("buzón").total == 0


def test_bulk_action_is_undone_but_for_what_was_saved_since(ana):
    first, second = (make_article(title) for title in ("Crear un buzón", "Vaciar el buzón"))
    act(ana, "archive_chosen", [first, second])
    assert "Deshacer" in ana.get(ARTICLES).content.decode()
    publishing.save_article(article=Article.objects.get(pk=second.pk))
    response = ana.post(f"{ARTICLES}deshacer/")
    assert "«Vaciar el buzón» se queda como está: alguien lo ha guardado después." in said(response)
    assert "Deshecho: 1." in said(response)
    for article, status in ((first, "published"), (second, "archived")):
        article.refresh_from_db()
        assert article.status == status
    assert "Deshacer" not in ana.get(ARTICLES).content.decode()


def test_bulk_action_is_undone_within_a_minute_only(ana):
    article = make_article()
    act(ana, "archive_chosen", [article])
    session = ana.session
    session[UNDO] |= {"at": session[UNDO]["at"] - 61}
    session.save()
    assert "Deshacer" not in ana.get(ARTICLES).content.decode()
    assert said(ana.post(f"{ARTICLES}deshacer/"))[-1].startswith("Ya no se puede deshacer")
    assert said(ana.post(f"{ARTICLES}deshacer/"))[-1].startswith("Ya no se puede deshacer")
    article.refresh_from_db()
    assert article.status == Article.Status.ARCHIVED


def test_deleting_says_in_numbers_what_goes(ana):
    article = make_article("Crear un buzón")
    for number in range(40):
        ArticleDay.objects.create(article=article, day=timezone.localdate() - timedelta(days=number))
    page = ana.get(reverse("admin:docs_kb_article_delete", args=[article.pk])).content.decode()
    assert "Crear un buzón" in page
    assert page.count("<li>") < 20
    assert f'<a href="{reverse("admin:docs_kb_article_change", args=[article.pk])}">archívalo</a>' in page


def test_bulk_publishing_refuses_those_with_errors_by_name(ana):
    bad = make_article("Mal", status="draft", body="![](/documentacion/archivos/" + "0" * 32 + "/panel.png)")
    good = make_article("Bien", status="draft")
    messages = said(act(ana, "publish_chosen", [bad, good]))
    assert messages[0] == "Publicados: 1."
    assert messages[1].startswith("«Mal» no ha cambiado: ")
    bad.refresh_from_db()
    assert bad.status == Article.Status.DRAFT


def test_bulk_action_leaves_alone_what_somebody_saved_meanwhile(ana):
    article = make_article("Crear un buzón", status="draft")
    publishing.save_article(article=Article.objects.get(pk=article.pk))
    assert said(act(ana, "publish_chosen", [article])) == [
        "«Crear un buzón» no ha cambiado: alguien guardó otra versión mientras elegías."
    ]


def test_article_deleted_in_the_admin_leaves_the_search(ana):
    first, second = make_article("Crear un buzón"), make_article("Vaciar el buzón")
    ana.post(reverse("admin:docs_kb_article_delete", args=[first.pk]), {"post": "yes"})
    assert [hit.article for hit in search("buzón").hits] == [second]
    assert delete_by_hand(ana, [second])[-1] == "Borrado: 1 artículo."
    assert search("buzón").total == 0
    assert not Article.objects.exists()


# --- Topics and sections


def test_renamed_topic_keeps_its_former_address(ana):
    category = make_category("Correo", slug="correo")
    ana.post(f"{TOPICS}{category.pk}/change/", {"name": "Buzones", "slug": "buzones", "description": ""})
    assert Redirect.objects.get(slug="correo").category == category


@pytest.mark.parametrize("slug", ["buscar", "senales", "archivos", "Buscar"])
def test_addresses_of_other_pages_are_no_topics(ana, slug):
    response = ana.post(f"{TOPICS}add/", {"name": "Buscar", "slug": slug, "description": ""})
    assert "ya es otra página de la documentación" in unescape(response.content.decode())
    assert not Category.objects.exists()


def test_new_topic_and_section_come_last(ana):
    make_category("Uno", position=1)
    ana.post(f"{TOPICS}add/", {"name": "Dos", "slug": "dos", "description": ""})
    category = Category.objects.get(slug="dos")
    assert category.position == 2
    Section.objects.create(category=category, name="A", slug="a", position=3)
    ana.post(f"{SECTIONS}add/", {"name": "B", "slug": "b", "category": category.pk})
    assert Section.objects.get(slug="b").position == 4


def test_topic_with_articles_is_not_deleted_but_told(ana):
    category = make_category("Correo")
    make_article(category=category)
    sentence = "«Correo» no se puede borrar: tiene 1 artículo. Pásalo antes a otro tema."
    assert said(ana.post(f"{TOPICS}{category.pk}/delete/", {"post": "yes"})) == [sentence]
    assert said(act(ana, "delete_selected", [category], address=TOPICS, post="yes")) == [sentence] * 2
    assert Category.objects.exists()


def test_empty_topics_and_sections_are_deleted_from_their_lists(ana):
    category = make_category("Correo")
    delete_by_hand(ana, [Section.objects.create(category=category, name="A", slug="a")], address=SECTIONS)
    assert not Section.objects.exists()
    delete_by_hand(ana, [category], address=TOPICS)
    assert not Category.objects.exists()


def test_section_with_articles_is_not_deleted_but_told(ana):
    category = make_category("Correo")
    section = Section.objects.create(category=category, name="Buzones", slug="buzones")
    make_article(category=category, section=section)
    make_article(category=category, section=section, status="draft")
    sentence = "«Buzones» no se puede borrar: tiene 2 artículos. Pásalos antes a otro apartado."
    assert said(ana.post(f"{SECTIONS}{section.pk}/delete/", {"post": "yes"})) == [sentence]
    Article.objects.all().delete()
    ana.post(f"{SECTIONS}{section.pk}/delete/", {"post": "yes"})
    assert not Section.objects.exists()


def test_articles_of_a_topic_move_to_another(ana):
    old, new = make_category("Buzones"), make_category("Correo")
    article = make_article(category=old)
    page = act(ana, "merge_chosen", [old], confirmed=False, address=TOPICS).content.decode()
    assert "Pasar los artículos" in page
    assert "Elige un tema" in act(ana, "merge_chosen", [old], address=TOPICS, into=old.pk).content.decode()
    assert said(act(ana, "merge_chosen", [old], address=TOPICS, into=new.pk)) == [
        "1 artículo pasa a «Correo»."
    ]
    article.refresh_from_db()
    assert article.category == new
    assert article.revisions.first().author == ana.user
    assert ana.post(f"{TOPICS}{old.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize("address", [TOPICS, SECTIONS])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_of_shelves_take_the_same_queries(ana, rows, address, django_assert_max_num_queries):
    for number in range(rows):
        category = make_category(f"Tema {number}")
        make_article(category=category, section=Section.objects.create(category=category, name="A", slug="a"))
    with django_assert_max_num_queries(7):
        assert ana.get(address).status_code == 200


def test_synonym_saved_in_the_admin_counts_at_once(ana):
    make_article("Crear un buzón")
    ana.post(reverse("admin:docs_kb_synonym_add"), {"words": "buzón, cajetilla"})
    assert Synonym.objects.get(words="buzón, cajetilla").stems == "buzon\ncajetill"
    assert search("cajetilla").total == 1
