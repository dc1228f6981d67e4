"""The order in which readers find topics, sections and articles. Moving something is no revision of its text.

Each function reads one shelf and writes it again from 1 on, in a number of statements that does not grow
with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max, QuerySet

from docs_kb.models import Article, Category, Section
from docs_kb.publishing import lock

Item = Article | Category | Section
BATCH = 500


@dataclass
class Group:
    """The articles of a section, or those that stand in none, as a topic's page lists them."""

    section: Section | None
    articles: list[Article] = field(default_factory=list)


def groups(category: Category) -> list[Group]:
    """A topic as readers see it, empty sections and articles that are not published yet among the rest.

    Two queries. Archived articles have no place.
    """
    loose = Group(None)
    found = {section.pk: Group(section) for section in sections(category)}
    for article in _articles(category):
        found.get(article.section_id, loose).articles.append(article)
    return [*([loose] if loose.articles else []), *found.values()]


def sections(category: Category) -> QuerySet[Section]:
    return category.sections.order_by("position", "name", "pk")


def topics() -> QuerySet[Category]:
    return Category.objects.order_by("position", "name", "pk")


@transaction.atomic
def move(item: Item, *, up: bool) -> bool:
    """Change the places of an item and its neighbour above or below; False at the end of the shelf."""
    shelf = _locked(_shelf(item))
    index = next((i for i, other in enumerate(shelf) if other.pk == item.pk), None)
    if index is None:
        return False
    other = index - 1 if up else index + 1
    if not 0 <= other < len(shelf):
        return False
    shelf[index], shelf[other] = shelf[other], shelf[index]
    _number(shelf)
    return True


@transaction.atomic
def arrange(shelf: QuerySet, wanted: Mapping[int, int]) -> int:
    """Put the items of a shelf in the order of the numbers given by primary key; how many changed places.

    Items with equal numbers, and those without one, keep their present order among themselves.
    """
    items = _locked(shelf)
    places = {item.pk: wanted.get(item.pk, index) for index, item in enumerate(items, 1)}
    return _number(sorted(items, key=lambda item: places[item.pk]))


def article_shelf(category: Category, section_id: int | None) -> QuerySet[Article]:
    """The articles that stand together: those of a section, or those of a topic that stand in none."""
    return _articles(category).filter(section=section_id)


def put_last(article: Article) -> None:
    """Give a stored article the place after all others of its shelf; on one that nobody has ordered, where
    titles decide, none."""
    others = Article.objects.filter(category=article.category_id, section=article.section_id)
    article.position = next_place(others.exclude(pk=article.pk))
    Article.objects.filter(pk=article.pk).update(position=article.position)


def next_place(shelf: QuerySet) -> int:
    """The place after the last one of a shelf; 0 on one that nobody has ordered."""
    last = shelf.aggregate(last=Max("position"))["last"]
    return last + 1 if last else 0


def _articles(category: Category) -> QuerySet[Article]:
    shown = category.articles.exclude(status=Article.Status.ARCHIVED)
    return shown.only("pk", "title", "slug", "status", "position", "section", "category").order_by(
        "position", "title", "pk"
    )


def _shelf(item: Item) -> QuerySet:
    if isinstance(item, Category):
        return topics()
    if isinstance(item, Section):
        return sections(item.category)
    return article_shelf(item.category, item.section_id)


def _locked(shelf: QuerySet) -> list[Item]:
    """A shelf in its order, which nobody else changes until the transaction ends."""
    lock(shelf.values_list("pk"))
    return list(shelf.all())


def _number(shelf: Iterable[Item]) -> int:
    """Write the places that changed; how many."""
    changed = []
    for place, item in enumerate(shelf, 1):
        if item.position != place:
            item.position = place
            changed.append(item)
    if changed:
        type(changed[0]).objects.bulk_update(changed, ["position"], batch_size=BATCH)
    return len(changed)
