import pytest

from docs_kb import ordering, publishing
from docs_kb.models import Article, Section
from docs_kb.tests.factories import make_article, make_category

pytestmark = pytest.mark.django_db


def titles(category) -> list:
    return [
        (group.section.name if group.section else None, [article.title for article in group.articles])
        for group in ordering.groups(category)
    ]


def test_groups_are_what_a_topic_shows():
    category = make_category()
    later = Section.objects.create(category=category, name="Buzones", slug="buzones", position=2)
    Section.objects.create(category=category, name="Listas", slug="listas", position=1)
    make_article("B", category=category, section=later)
    make_article("A", category=category, section=later, status=Article.Status.DRAFT)
    make_article("Vieja", category=category, section=later, status=Article.Status.ARCHIVED)
    make_article("Suelta", category=category)
    make_article("De otro tema", category=make_category("Dominios"))
    assert titles(category) == [(None, ["Suelta"]), ("Listas", []), ("Buzones", ["A", "B"])]


def test_move_changes_places_with_the_neighbour_and_is_no_revision():
    category = make_category()
    first, second, third = (make_article(title, category=category) for title in "ABC")
    assert ordering.move(third, up=True)
    assert titles(category) == [(None, ["A", "C", "B"])]
    assert ordering.move(first, up=False)
    assert titles(category) == [(None, ["C", "A", "B"])]
    assert not ordering.move(third, up=True)
    assert not ordering.move(second, up=False)
    third.refresh_from_db()
    assert (third.version, third.revisions.count()) == (1, 1)


def test_move_stays_inside_the_section():
    category = make_category()
    section = Section.objects.create(category=category, name="Buzones", slug="buzones")
    make_article("A", category=category)
    inside = make_article("B", category=category, section=section)
    assert not ordering.move(inside, up=True)


def test_sections_and_topics_move_too():
    one, two = make_category("Uno"), make_category("Dos")
    assert [c.name for c in ordering.topics()] == ["Dos", "Uno"]
    assert ordering.move(one, up=True)
    assert [c.name for c in ordering.topics()] == ["Uno", "Dos"]
    a, b = (Section.objects.create(category=two, name=name, slug=name) for name in "ab")
    assert ordering.move(b, up=True)
    assert list(ordering.sections(two)) == [b, a]


def test_arrange_follows_the_numbers_and_keeps_ties_in_order():
    category = make_category()
    a, b, c, d = (make_article(title, category=category) for title in "ABCD")
    shelf = ordering.article_shelf(category, None)
    ordering.arrange(shelf, {a.pk: 9, b.pk: 2, c.pk: 2, d.pk: 1})
    assert titles(category) == [(None, ["D", "B", "C", "A"])]
    assert ordering.arrange(shelf, {}) == 0


def test_an_edit_under_way_does_not_put_an_article_back():
    first, second = make_article("A"), make_article("B")
    open_in_the_editor = Article.objects.get(pk=first.pk)
    ordering.move(second, up=True)
    publishing.save_article(article=open_in_the_editor)
    assert [article.title for article in Article.objects.all()] == ["B", "A"]


def test_put_last_comes_after_an_ordered_shelf():
    article, other = make_article("A"), make_article("B")
    ordering.put_last(article)
    assert article.position == 0
    ordering.move(other, up=True)
    ordering.put_last(other)
    assert titles(article.category) == [(None, ["A", "B"])]


@pytest.mark.parametrize("rows", [2, 6])
def test_moving_takes_the_same_statements_for_any_number(rows, django_assert_num_queries):
    articles = [make_article(f"Guía {number}") for number in range(rows)]
    with django_assert_num_queries(5):  # two of them are the savepoint's
        ordering.move(articles[0], up=False)
