"""The pages on which topics, sections and articles are put in order."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission

from docs_kb import ordering
from docs_kb.models import Section
from docs_kb.tests.factories import make_article, make_author, make_category

pytestmark = pytest.mark.django_db
TOPICS = "/admin/docs_kb/category/orden/"


def order(category) -> str:
    return f"/admin/docs_kb/category/{category.pk}/orden/"


def listed(client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return [unescape(name) for name in re.findall(r"data-not-ours>([^<]+)</(?:a|h2)>", page)]


def test_topic_lists_its_sections_and_articles_as_readers_see_them(ana):
    category = make_category()
    section = Section.objects.create(category=category, name="Buzones", slug="buzones")
    make_article("Dentro", category=category, section=section)
    make_article("Suelta", category=category)
    make_article("Archivada", category=category, status="archived")
    make_article("En borrador", category=category, status="draft")
    assert listed(ana, order(category)) == ["En borrador", "Suelta", "Buzones", "Dentro"]


def test_moving_leads_back_to_the_moved_row_with_its_button_focused(ana):
    category = make_category()
    _, second, third = (make_article(title, category=category) for title in "ABC")
    response = ana.post(order(category), {"move": f"article-{third.pk}-up"})
    assert response.url == f"{order(category)}?movido=article-{third.pk}-up"
    assert listed(ana, order(category)) == ["A", "C", "B"]
    page = ana.get(response.url).content.decode()
    assert re.findall(r'value="([^"]*)"[^>]*autofocus', page) == [f"article-{third.pk}-up"]

    first = ana.post(order(category), {"move": f"article-{third.pk}-up"})
    page = ana.get(first.url).content.decode()
    assert re.findall(r'value="([^"]*)"[^>]*autofocus', page) == [f"article-{third.pk}-down"]
    assert second.revisions.count() == 1


def test_numbers_order_everything_at_once(ana):
    category = make_category()
    sections = [Section.objects.create(category=category, name=n, slug=n.lower()) for n in ("Uno", "Dos")]
    a, b = (make_article(title, category=category, section=sections[0]) for title in "AB")
    places = {
        f"place-article-{a.pk}": "2", f"place-article-{b.pk}": "1",
        f"place-section-{sections[0].pk}": "1", f"place-section-{sections[1].pk}": "5",
    }  # fmt: skip
    ana.post(order(category), places)
    assert listed(ana, order(category)) == ["Uno", "B", "A", "Dos"]
    page = ana.post(order(category), {f"place-article-{a.pk}": "primero"}, follow=True).content.decode()
    assert "El orden ya era ese." in page


def test_topics_are_ordered_too(ana):
    one, two = make_category("Uno", position=1), make_category("Dos", position=2)
    ana.post(TOPICS, {"move": f"topic-{two.pk}-up"})
    assert listed(ana, TOPICS) == ["Dos", "Uno"]
    ana.post(TOPICS, {f"place-topic-{one.pk}": "1", f"place-topic-{two.pk}": "2"})
    assert listed(ana, TOPICS) == ["Uno", "Dos"]


@pytest.mark.parametrize("move", ["article-99-up", "topic-1-up", "article-x-up", "'", ""])
def test_moves_of_what_is_not_on_the_page_change_nothing(ana, move):
    category, other = make_category(), make_category()
    for title in "AB":
        make_article(title, category=category)
    ana.post(order(category), {"move": f"section-{category.articles.last().pk}-up"})
    elsewhere = [make_article(title, category=other) for title in "CD"]
    ana.post(order(category), {"move": move})
    ana.post(order(category), {"move": f"article-{elsewhere[1].pk}-up"})
    titles = [[a.title for group in ordering.groups(c) for a in group.articles] for c in (category, other)]
    assert titles == [["A", "B"], ["C", "D"]]


def test_who_may_only_look_finds_no_buttons(client):
    category = make_category()
    article = make_article(category=category)
    reader = make_author("bea", is_superuser=False)
    reader.user_permissions.set(Permission.objects.filter(codename="view_category"))
    client.force_login(reader)
    assert "Subir" not in client.get(order(category)).content.decode()
    assert client.post(order(category), {"move": f"article-{article.pk}-up"}).status_code == 403
    assert client.post(TOPICS, {}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_the_same_queries_for_any_number(ana, rows, django_assert_max_num_queries):
    category = make_category()
    for number in range(rows):
        section = Section.objects.create(category=category, name=f"S{number}", slug=f"s{number}")
        for _ in range(rows):
            make_article(category=category, section=section)
    with django_assert_max_num_queries(6):
        ana.get(order(category))
