"""Articles -> the rows that the search reads, kept in the same transaction as the article.

An inverted index of our own in plain tables: every process finds an edit at its next request, nothing is held
in memory or rebuilt at start, and both databases give the same answer because neither ranks anything. Weights
use fixed pivot lengths instead of the corpus' averages: an article's part then depends on that article alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.db import connection, transaction

from docs_kb import markup
from docs_kb.models import Article, Posting, SearchDocument, VocabularyTerm
from docs_kb.postings import BLOCK, Row, pack_words, unpack_words
from docs_kb.words import FUNCTION_WORDS, LONGEST_WORD, NEGATIONS, WRITTEN_WORD, fold, prefix, stem, words

Kind = VocabularyTerm.Kind
WEIGHT_UNIT = 100
IN_HEAD = "+"
CHUNK = 200
COLUMNS = ("offsets", "weights", "heads", "places")

# Where a word stands in an article's head, one bit a place: the title's first fifteen words, one bit for the
# rest of it; after a gap the summary, keywords and headings, a gap between each, one bit for what is left;
# and one bit for the word that ends the title.
TITLE_PLACES = 15
REST_OF_HEAD = 62
TITLE_ENDS = 1 << 63
IN_TITLE = (1 << TITLE_PLACES + 1) - 1
IN_ORDER = (1 << REST_OF_HEAD - 1) - 1 & ~(1 << TITLE_PLACES)


@dataclass(frozen=True)
class Field:
    """BM25F's share of one field: weight, length normalisation b, and the usual length in words."""

    weight: float
    b: float
    pivot: int


FIELDS = {
    "title": Field(6, 0.5, 8),
    "summary": Field(2, 0.6, 24),
    "keywords": Field(2.5, 0.3, 10),
    "headings": Field(1.5, 0.5, 14),
    "body": Field(1, 0.75, 180),
}
FENCE = re.compile(r"^(```|~~~)", re.M)
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.M)
LINK_TARGET = re.compile(r"\]\([^)\s]*\)|https?://\S+")


@dataclass(frozen=True)
class Entry:
    """What one article brings into the index: by stem its weight and its places in the head; and its words,
    folded, with their usual spelling."""

    article_id: int
    weights: dict[str, int]
    places: dict[str, int]
    written: dict[str, str]

    def has_in_head(self, word: str) -> bool:
        return stem(word) in self.places

    def packed_words(self) -> bytes:
        return pack_words(word + IN_HEAD * self.has_in_head(word) for word in self.written)


def field_texts(article: Article) -> dict[str, str]:
    """The searchable texts of an article; link targets are no words of it."""
    body = LINK_TARGET.sub("] ", markup.plain_text(article.body, article.body_format))
    outside_code = "".join(FENCE.split(body)[::4]) if FENCE.search(body) else body
    return {
        "title": article.title,
        "summary": article.summary,
        "keywords": article.keywords,
        "headings": "\n".join(HEADING.findall(outside_code)),
        "body": body,
    }


def make_entry(article: Article) -> Entry:
    """Compute an article's part of the index; stores nothing."""
    texts = field_texts(article)
    folded = {name: _indexed(words(text), name) for name, text in texts.items()}
    stemmed = {name: [stem(word) for word in found] for name, found in folded.items()}
    spellings = _written_forms(" ".join(texts.values()))
    written = {word: spellings.get(word, word) for word in set(chain.from_iterable(folded.values()))}
    return Entry(article.pk, weigh(stemmed), locate(stemmed), written)


def _indexed(found: list[str], field: str) -> list[str]:
    """The words that are kept of a field: «no» says something in a title, nothing in a body."""
    kept = NEGATIONS if field != "body" else ()
    return [word for word in found if word in kept or word not in FUNCTION_WORDS]


def weigh(stemmed: dict[str, list[str]]) -> dict[str, int]:
    """BM25F's weighted frequency of each stem over all fields, in hundredths."""
    weights: dict[str, float] = defaultdict(float)
    for name, found in stemmed.items():
        field = FIELDS[name]
        norm = 1 - field.b + field.b * len(found) / field.pivot
        for term, count in Counter(found).items():
            weights[term] += field.weight * count / norm
    return {term: max(1, round(weight * WEIGHT_UNIT)) for term, weight in weights.items()}


def locate(stemmed: dict[str, list[str]]) -> dict[str, int]:
    """The places of each stem in the head of an article."""
    places: dict[str, int] = defaultdict(int)
    for at, term in enumerate(stemmed["title"]):
        places[term] |= 1 << min(at, TITLE_PLACES)
    if stemmed["title"]:
        places[stemmed["title"][-1]] |= TITLE_ENDS
    at = TITLE_PLACES + 2
    for name in ("summary", "keywords", "headings"):
        for term in stemmed[name]:
            places[term] |= 1 << min(at, REST_OF_HEAD)
            at += 1 + (at == REST_OF_HEAD - 2)
        at += 1
    return dict(places)


def _written_forms(text: str) -> dict[str, str]:
    """Folded word -> the spelling most used for it («contrasena» -> «contraseña»)."""
    spellings: dict[str, str] = {}
    for word, _ in Counter(WRITTEN_WORD.findall(text.lower())).most_common():
        spellings.setdefault(fold(word)[:LONGEST_WORD], word[:60])
    return spellings


@transaction.atomic
def refresh(articles: Iterable[Article]) -> None:
    """Bring the index in line with these saved articles: in when published, out otherwise."""
    articles = list(articles)
    entries = [make_entry(article) for article in articles if article.is_published()]
    _lock()
    _put(_withdraw([article.pk for article in articles]), entries)


@transaction.atomic
def remove(article_ids: list[int]) -> None:
    """Take articles out of the index, before their rows go."""
    _lock()
    _put(_withdraw(article_ids), [])


@transaction.atomic
def rebuild(published: Iterator[Article]) -> None:
    """Make the index anew from these articles: for a migration that changes what is kept of them."""
    for model in (Posting, SearchDocument, VocabularyTerm):
        model.objects.all().delete()
    while chunk := [make_entry(article) for article in islice(published, CHUNK)]:
        _put({}, chunk)


def _lock() -> None:
    """One writer of the index at a time: whoever touched the total row first."""
    _add([(Kind.TOTAL, "articles", "", "", "", 0, 0)])


def _withdraw(article_ids: list[int]) -> dict[int, list[str]]:
    """Forget these articles' rows; the words that each was counted under."""
    old = dict(SearchDocument.objects.filter(pk__in=article_ids).values_list("pk", "words"))
    SearchDocument.objects.filter(pk__in=old).delete()
    return {key: unpack_words(packed) for key, packed in old.items()}


def _put(removed: dict[int, list[str]], entries: list[Entry]) -> None:
    SearchDocument.objects.bulk_create(
        [SearchDocument(article_id=entry.article_id, words=entry.packed_words()) for entry in entries]
    )
    _file(removed, entries)
    _count(removed, entries)


def _file(removed: dict[int, list[str]], added: list[Entry]) -> None:
    """Write the postings of every stem that these articles have or had, a block at a time."""
    gone: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    found: dict[int, dict[str, dict[int, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for key, its_words in removed.items():
        for word in its_words:
            gone[key // BLOCK][stem(word.rstrip(IN_HEAD))].add(key % BLOCK)
    for entry in added:
        block, offset = divmod(entry.article_id, BLOCK)
        for term, weight in entry.weights.items():
            found[block][term][offset] = weight, entry.places.get(term, 0)
    for block in gone.keys() | found.keys():
        _file_block(block, gone[block], found[block])


def _file_block(block: int, gone: dict[str, set[int]], found: dict[str, dict]) -> None:
    terms = gone.keys() | found.keys()
    stored = Posting.objects.filter(block=block, term__in=terms).values_list("term", *COLUMNS)
    rows = {term: Row(*columns) for term, *columns in stored}
    empty, values = [], []
    for term in sorted(terms):
        row = rows.get(term) or Row()
        row.put(found.get(term, {}), gone.get(term, set()))
        if row.offsets:
            values.append((block, term, prefix(term), *row.packed()))
        else:
            empty.append(term)
    Posting.objects.filter(block=block, term__in=empty).delete()
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO docs_kb_posting (block, term, prefix, offsets, weights, heads, places)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (block, term) DO UPDATE SET
                offsets = excluded.offsets, weights = excluded.weights,
                heads = excluded.heads, places = excluded.places
            """,
            values,
        )


def _count(removed: dict[int, list[str]], added: list[Entry]) -> None:
    """Add the difference to the vocabulary's counts and drop what nobody uses any more."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    written: dict[str, str] = {}
    for its_words in removed.values():
        for word in its_words:
            _tally(counts, word.rstrip(IN_HEAD), -1, word.endswith(IN_HEAD))
    for entry in added:
        for word in entry.written:
            _tally(counts, word, 1, entry.has_in_head(word))
        written |= entry.written
    rows = [
        (Kind.WORD, word, stem(word), word[::-1], written.get(word, word), *count)
        for word, count in sorted(counts.items())
        if any(count)
    ]
    rows.append((Kind.TOTAL, "articles", "", "", "", len(added) - len(removed), 0))
    _add(rows)
    if removed:
        VocabularyTerm.objects.filter(kind=Kind.WORD, articles__lte=0).delete()


def _tally(counts: dict[str, list[int]], word: str, step: int, in_head: bool) -> None:
    counts[word][0] += step
    counts[word][1] += step * in_head


def _add(rows: list[tuple]) -> None:
    """Add counts to vocabulary rows, made where they are missing (the ORM's upsert cannot add)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO docs_kb_vocabularyterm (kind, term, stem, reversed, written, articles, heads)
            VALUES (%s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (kind, term) DO UPDATE SET
                articles = docs_kb_vocabularyterm.articles + excluded.articles,
                heads = docs_kb_vocabularyterm.heads + excluded.heads
            """,
            rows,
        )
