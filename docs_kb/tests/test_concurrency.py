"""What happens to one article at the same moment in several requests, on the real database."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from docs_kb import ordering, publishing
from docs_kb.models import Article
from docs_kb.publishing import EditConflict
from docs_kb.tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


def at_once(act: Callable[[int], object]) -> list:
    """Run it in several threads that start together; what each returned or raised."""
    gate, results = threading.Barrier(PEOPLE), [None] * PEOPLE

    def run(number: int) -> None:
        try:
            results[number] = act(number, gate)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_of_several_saves_of_one_version_one_is_stored():
    stored = make_article(body="Uno")

    def save(number: int, gate: threading.Barrier) -> Article:
        article = Article.objects.get(pk=stored.pk)
        article.body = f"Lo de {number}"
        gate.wait()
        return publishing.save_article(article=article, expected_version=1)

    results = at_once(save)
    conflicts = [result for result in results if isinstance(result, EditConflict)]
    winners = [result for result in results if isinstance(result, Article)]
    assert (len(winners), len(conflicts)) == (1, PEOPLE - 1)
    stored.refresh_from_db()
    assert (stored.body, stored.version) == (winners[0].body, 2)
    assert {conflict.latest.body for conflict in conflicts} == {winners[0].body}


def test_moves_at_once_leave_each_article_a_place_of_its_own():
    articles = [make_article(title) for title in "ABCD"]

    def move(number: int, gate: threading.Barrier) -> bool:
        article = Article.objects.select_related("category").get(pk=articles[number].pk)
        gate.wait()
        return ordering.move(article, up=number > 0)

    results = at_once(move)
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(Article.objects.values_list("position", flat=True)) == [1, 2, 3, 4]
