import random

import pytest

from docs_kb import publishing, search_index
from docs_kb.models import Article, Posting, SearchDocument, VocabularyTerm
from docs_kb.postings import BLOCK, Row, unpack_words
from docs_kb.search_index import IN_ORDER, IN_TITLE, TITLE_ENDS, locate
from docs_kb.tests.factories import make_article, make_category

WORDS = [
    "correo",
    "dominio",
    "factura",
    "panel",
    "web",
    "copia",
    "clave",
    "nube",
    "disco",
    "router",
    "plan",
    "cuenta",
]


def index() -> tuple:
    """Everything the search reads, comparable."""
    rows = Posting.objects.order_by("block", "term")
    columns = [
        (row.block, row.term, row.prefix, *map(bytes, (row.offsets, row.weights, row.heads, row.places)))
        for row in rows
    ]
    terms = VocabularyTerm.objects.order_by("kind", "term")
    documents = SearchDocument.objects.order_by("pk").values_list("pk", "words")
    return (
        columns,
        list(terms.values_list("kind", "term", "stem", "reversed", "articles", "heads")),
        [(key, unpack_words(words)) for key, words in documents],
    )


@pytest.mark.django_db
def test_index_kept_up_edit_by_edit_is_the_one_made_anew():
    chance = random.Random(11)
    category = make_category()

    def text(length: int) -> str:
        return " ".join(chance.choices(WORDS, k=length))

    articles = [make_article(text(4), summary=text(5), body=text(20), category=category) for _ in range(12)]
    for _ in range(30):
        article = chance.choice(articles)
        article.title, article.body = text(chance.randrange(1, 6)), text(chance.randrange(30))
        article.status = chance.choice([Article.Status.PUBLISHED, Article.Status.DRAFT])
        publishing.save_article(article=article)
    publishing.delete_articles(articles=articles[:3])
    kept_up = index()
    published = Article.objects.published().order_by("pk")
    search_index.rebuild(published.iterator())
    assert index() == kept_up


@pytest.mark.django_db
def test_index_of_nothing_published_is_empty():
    article = make_article()
    publishing.archive(article=article)
    assert (Posting.objects.count(), SearchDocument.objects.count()) == (0, 0)
    assert list(VocabularyTerm.objects.filter(articles__gt=0)) == []


@pytest.mark.django_db
def test_articles_of_two_blocks_have_rows_of_their_own():
    category = make_category()
    for key in (BLOCK - 1, BLOCK):
        make_article("Dominio", pk=key, category=category)
    rows = {row.block: row for row in Posting.objects.filter(term="domini")}
    assert {block: list(Row(row.offsets, b"", b"", b"").offsets) for block, row in rows.items()} == {
        0: [BLOCK - 1],
        1: [0],
    }


def test_places_say_where_in_the_head_a_stem_stands():
    fields = {"title": ["a", "b", "a"], "summary": ["c"], "keywords": ["d"], "headings": ["e", "a"]}
    places = locate(fields)
    assert places["a"] & IN_TITLE == 0b101
    assert places["a"] & TITLE_ENDS
    assert not places["b"] & TITLE_ENDS
    assert (places["a"] & IN_ORDER) << 1 & places["b"]
    assert not (places["c"] & IN_ORDER) << 1 & places["d"]
    assert (places["e"] & IN_ORDER) << 1 & places["a"]


def test_places_of_a_head_of_any_length_fit():
    many = [f"w{number}" for number in range(100)]
    places = locate({"title": many, "summary": many, "keywords": [], "headings": many})
    assert max(places.values()) < 2**64
    assert places["w99"] & IN_TITLE
    assert not (places["w50"] & IN_ORDER) << 1 & places["w51"] & IN_ORDER
