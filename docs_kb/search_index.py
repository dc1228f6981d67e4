"""Articles -> the rows that the search reads, kept in the same transaction as the article.

A row of `SearchDocument` per published article and the vocabulary's counts are all there is; nothing is held
in memory, so every process finds an edit at its next request. Weights use fixed pivot lengths instead of the
corpus' averages: an article's row then depends on that article alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from docs_kb.models import Article, SearchDocument, VocabularyTerm
from docs_kb.words import FUNCTION_WORDS, WRITTEN_WORD, fold, prefix, stem, words

Kind = VocabularyTerm.Kind
WEIGHT_UNIT = 100
BAR = "|"


@dataclass(frozen=True)
class Field:
    """BM25F's share of one field: weight, length normalisation b, and the usual length in words."""

    weight: float
    b: float
    pivot: int


FIELDS = {
    "title": Field(6, 0.5, 8),
    "summary": Field(2, 0.6, 24),
    "headings": Field(1.5, 0.5, 14),
    "keywords": Field(2.5, 0.3, 10),
    "body": Field(1, 0.75, 180),
}
HEAD_FIELDS = ("title", "summary", "headings", "keywords")
FENCE = re.compile(r"^(```|~~~)", re.M)
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.M)
LINK_TARGET = re.compile(r"\]\([^)\s]*\)|https?://\S+")


@dataclass(frozen=True)
class Entry:
    """What one article brings into the index."""

    document: SearchDocument
    stems: frozenset[str]
    heads: frozenset[str]
    written: dict[str, str]


def field_texts(article: Article) -> dict[str, str]:
    """The searchable texts of an article; link targets are no words of it."""
    body = LINK_TARGET.sub("] ", article.body)
    outside_code = "".join(FENCE.split(body)[::4]) if FENCE.search(body) else body
    return {
        "title": article.title,
        "summary": article.summary,
        "headings": "\n".join(HEADING.findall(outside_code)),
        "keywords": article.keywords,
        "body": body,
    }


def weigh(stemmed: dict[str, list[str]]) -> dict[str, int]:
    """BM25F's weighted frequency of each stem over all fields, in hundredths."""
    weights: dict[str, float] = defaultdict(float)
    for name, found in stemmed.items():
        field = FIELDS[name]
        norm = 1 - field.b + field.b * len(found) / field.pivot
        for term, count in Counter(found).items():
            weights[term] += field.weight * count / norm
    return {term: max(1, round(weight * WEIGHT_UNIT)) for term, weight in weights.items()}


def make_entry(article: Article) -> Entry:
    """Compute an article's row and vocabulary; stores nothing."""
    texts = field_texts(article)
    folded = {name: [w for w in words(text) if w not in FUNCTION_WORDS] for name, text in texts.items()}
    stemmed = {name: [stem(word) for word in found] for name, found in folded.items()}
    weights = weigh(stemmed)
    heads = frozenset(term for name in HEAD_FIELDS for term in stemmed[name])
    written = _written_forms(" ".join(texts.values()))
    every_word = {word for found in folded.values() for word in found}
    document = SearchDocument(
        article_id=article.pk,
        head=f" {BAR} ".join(" ".join(stemmed[name]) for name in HEAD_FIELDS),
        stems=" ".join(weights),
        weights=" ".join(map(str, weights.values())),
        words=" ".join(sorted(every_word)),
        title_length=min(len(stemmed["title"]), 999),
    )
    return Entry(document, frozenset(weights), heads, {w: written.get(w, w) for w in every_word})


def _written_forms(text: str) -> dict[str, str]:
    """Folded word -> the spelling most used for it («contrasena» -> «contraseña»)."""
    spellings: dict[str, Counter] = defaultdict(Counter)
    for word in WRITTEN_WORD.findall(text.lower()):
        spellings[fold(word)[:40]][word[:60]] += 1
    return {word: counts.most_common(1)[0][0] for word, counts in spellings.items()}


@transaction.atomic
def refresh(articles: Iterable[Article]) -> None:
    """Bring the index in line with these saved articles: in when published, out otherwise."""
    articles = list(articles)
    _lock()
    removed = _withdraw([article.pk for article in articles])
    entries = [make_entry(article) for article in articles if article.is_published()]
    SearchDocument.objects.bulk_create([entry.document for entry in entries], batch_size=200)
    _count(removed, entries)


@transaction.atomic
def remove(article_ids: list[int]) -> None:
    """Take articles out of the index, before their rows go."""
    _lock()
    _count(_withdraw(article_ids), [])


def _lock() -> None:
    """One writer of the counts at a time: whoever touched the total row first."""
    _add([(Kind.TOTAL, "articles", "", "", "", "", 0, 0)])


def _withdraw(article_ids: list[int]) -> list[SearchDocument]:
    old = list(SearchDocument.objects.filter(pk__in=article_ids))
    SearchDocument.objects.filter(pk__in=[document.pk for document in old]).delete()
    return old


def _count(removed: list[SearchDocument], added: list[Entry]) -> None:
    """Add the difference to the vocabulary's counts and drop what nobody uses any more."""
    counts: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
    written: dict[str, str] = {}
    for document in removed:
        heads = set(document.head.split())
        for term in document.stems.split():
            _tally(counts, (Kind.STEM, term), -1, term in heads)
        for word in document.words.split():
            _tally(counts, (Kind.WORD, word), -1, stem(word) in heads)
    for entry in added:
        for term in entry.stems:
            _tally(counts, (Kind.STEM, term), 1, term in entry.heads)
        for word, spelling in entry.written.items():
            _tally(counts, (Kind.WORD, word), 1, stem(word) in entry.heads)
            written[word] = spelling
    rows = [_row(kind, term, written, *count) for (kind, term), count in sorted(counts.items()) if any(count)]
    rows.append((Kind.TOTAL, "articles", "", "", "", "", len(added) - len(removed), 0))
    _add(rows)
    if removed:
        VocabularyTerm.objects.exclude(kind=Kind.TOTAL).filter(articles__lte=0).delete()


def _tally(counts: dict, key: tuple, step: int, in_head: bool) -> None:
    counts[key][0] += step
    counts[key][1] += step * in_head


def _row(kind: str, term: str, written: dict[str, str], articles: int, heads: int) -> tuple:
    if kind == Kind.STEM:
        return kind, term, "", prefix(term), "", "", articles, heads
    return kind, term, stem(term), "", term[::-1], written.get(term, term), articles, heads


def _add(rows: list[tuple]) -> None:
    """Add counts to vocabulary rows, made where they are missing (the ORM's upsert cannot add)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO docs_kb_vocabularyterm
                (kind, term, stem, prefix, reversed, written, articles, heads)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
            ON CONFLICT (kind, term) DO UPDATE SET
                articles = docs_kb_vocabularyterm.articles + excluded.articles,
                heads = docs_kb_vocabularyterm.heads + excluded.heads
            """,
            rows,
        )
