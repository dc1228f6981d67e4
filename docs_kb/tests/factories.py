"""Plain makers of articles for the tests of this app and of those to its left."""

from itertools import count

from docs_kb import publishing
from docs_kb.models import Article, Category

numbers = count(1)


def make_category(name: str = "Correo", **values) -> Category:
    values.setdefault("slug", f"tema-{next(numbers)}")
    return Category.objects.create(name=name, **values)


def make_article(title: str = "No recibo correos", **values) -> Article:
    values.setdefault("slug", f"guia-{next(numbers)}")
    values.setdefault("status", Article.Status.PUBLISHED)
    if "category" not in values:
        values["category"] = Category.objects.first() or make_category()
    return publishing.save_article(article=Article(title=title, **values))
