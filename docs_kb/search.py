"""Query text -> ranked articles, with highlights and «quizás quisiste decir»: the one search of the product.

The database's full-text index brings candidates (any word is enough), `ranking` orders them. Which rows are
candidates depends on counts alone, so SQLite and PostgreSQL give the same answer.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.db.models import Q
from django.utils.safestring import SafeString

from docs_kb import ranking
from docs_kb.excerpts import excerpt, highlight
from docs_kb.models import Article, Category, Synonym, VocabularyTerm
from docs_kb.search_tables import FTS
from docs_kb.spelling import corrections
from docs_kb.words import FUNCTION_WORDS, PREFIX_LENGTH, STOP_WORDS, fold, prefix, stem, words

LONGEST_QUERY = 2000
MOST_STEMS = 60
CANDIDATES = 700
MOST_HITS = 100
LOWEST_SHARE = 0.1
Kind = VocabularyTerm.Kind


@dataclass(frozen=True)
class Hit:
    """One article found; `score` as in `ranking.rank`, the texts escaped with their matches in <mark>."""

    article: Article
    score: float
    title_html: SafeString
    excerpt_html: SafeString


@dataclass(frozen=True)
class Results:
    """A page of hits. `corrected` is the query that was searched instead of a misspelt one, `suggestion` one
    that would find something where this one did not."""

    query: str
    terms: list[str]
    hits: list[Hit]
    total: int
    corrected: str | None = None
    suggestion: str | None = None
    truncated: bool = False


@dataclass(frozen=True)
class _Reading:
    """How the words of a query were understood."""

    stems: tuple[str, ...]
    groups: tuple[ranking.Group, ...]
    as_title: tuple[str, ...]
    corrected: str | None


def search(query: str, *, limit: int = 10, offset: int = 0, category: Category | None = None) -> Results:
    """Published articles that help with a query of one word or a whole description, best first.

    Any text is a legal query; only its first 2,000 characters are read. Nothing is stored.
    """
    clean = " ".join(query.replace("\x00", " ").split())
    text = clean[:LONGEST_QUERY]
    reading = _read(text)
    question = _ask(reading)
    ranked = _cut(ranking.rank(question, _candidates(question, category))) if question.stems else []
    terms = sorted({*question.stems, *(t for g in question.groups for phrase in g.others for t in phrase)})
    return Results(
        query=text,
        terms=terms,
        hits=_literal_first(_hits(ranked[offset : offset + limit], question), text),
        total=len(ranked),
        corrected=reading.corrected,
        suggestion=None if ranked else _suggestion(text, reading),
        truncated=len(clean) > LONGEST_QUERY,
    )


def _read(text: str) -> _Reading:
    """Split, correct and widen a query."""
    found = words(text)
    content = [word for word in found if word not in STOP_WORDS] or found
    content = content[: MOST_STEMS * 2]
    joined = {a + b: (a, b) for a, b in pairwise(content)}
    known = _known_words([*content, *joined])
    fixes = corrections([w for w in dict.fromkeys(content) if w not in known and not _is_known(w, known)])
    stems = tuple(fixes[word][0].stem if word in fixes else stem(word) for word in content)[:MOST_STEMS]
    groups = [
        ranking.Group(frozenset({options[0].stem}), tuple((o.stem,) for o in options[1:]), 0.8)
        for options in fixes.values()
        if len(options) > 1
    ]
    groups += [
        ranking.Group(frozenset({stem(a), stem(b)}), ((stem(whole),),), 1.0)
        for whole, (a, b) in joined.items()
        if whole in known
    ]
    corrected = _rewrite(text, {word: options[0].written for word, options in fixes.items()})
    as_title = tuple(stem(word) for word in found[:MOST_STEMS] if word not in FUNCTION_WORDS)
    groups += _synonym_groups(stems)
    return _Reading(stems, tuple(groups), as_title, corrected if fixes else None)


def _known_words(candidates: list[str]) -> set[str]:
    """Those of the words, and of their stems (with a leading «=»), that the vocabulary has."""
    wanted = Q(kind=Kind.WORD, term__in=set(candidates))
    wanted |= Q(kind=Kind.STEM, term__in={stem(word) for word in candidates})
    rows = VocabularyTerm.objects.filter(wanted).values_list("kind", "term")
    return {term if kind == Kind.WORD else f"={term}" for kind, term in rows}


def _is_known(word: str, known: set[str]) -> bool:
    return f"={stem(word)}" in known


def _synonym_groups(stems: tuple[str, ...]) -> list[ranking.Group]:
    """The groups that speak of this query, each with the words it could also have used."""
    own = set(stems)
    groups = []
    for text in Synonym.objects.values_list("stems", flat=True):
        phrases = [tuple(line.split()) for line in text.split("\n") if line]
        said = [phrase for phrase in phrases if own.issuperset(phrase) and _occurs(phrase, stems)]
        if said:
            others = tuple(phrase for phrase in phrases if phrase not in said)
            groups.append(ranking.Group(frozenset(t for phrase in said for t in phrase), others))
    return groups


def _occurs(phrase: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    """Whether all words of a phrase stand together, in any order, with one other word between at most."""
    if len(phrase) == 1:
        return True
    needed, width = set(phrase), len(phrase) + 1
    return any(needed.issubset(stems[i : i + width]) for i in range(len(stems)))


def _ask(reading: _Reading) -> ranking.Question:
    """Add to a reading how often its stems, and those that begin alike, are used."""
    every = {*reading.stems, *(t for g in reading.groups for phrase in g.others for t in phrase)}
    rows = VocabularyTerm.objects.filter(
        Q(kind=Kind.STEM, term__in=every)
        | Q(kind=Kind.STEM, prefix__in={prefix(t) for t in every if len(t) >= PREFIX_LENGTH})
        | Q(kind=Kind.TOTAL)
    ).values_list("kind", "term", "articles")
    counts = {term: articles for kind, term, articles in rows if kind == Kind.STEM}
    total = sum(articles for kind, _, articles in rows if kind == Kind.TOTAL)
    return ranking.Question(reading.stems, reading.groups, total, counts, reading.as_title)


def _candidates(question: ranking.Question, category: Category | None) -> list[ranking.Candidate]:
    """The rows that share a stem with the question, the rarest stems first, some hundreds at most."""
    wide, narrow = _choose(question)
    if not wide and not narrow:
        return []
    if connection.vendor == "postgresql":
        match = "(d.lexemes @@ %s::tsquery OR d.head_lexemes @@ %s::tsquery)"
        values = [_either(wide, "'", "|"), _either(narrow, "'", "|")]
    else:
        match = f"d.article_id IN (SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s)"
        values = [_fts_query(wide, narrow)]
    within = ""
    if category is not None:
        within = "AND a.category_id = %s"
        values.append(category.pk)
    sql = f"""
        SELECT d.article_id, d.head, d.stems, d.weights
        FROM docs_kb_searchdocument d JOIN docs_kb_article a ON a.id = d.article_id
        WHERE {match} AND a.status = '{Article.Status.PUBLISHED.value}' {within}
        ORDER BY d.title_length, d.article_id LIMIT {2 * CANDIDATES}
        """
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [ranking.Candidate(*row) for row in cursor.fetchall()]


def _choose(question: ranking.Question) -> tuple[list[str], list[str]]:
    """Stems to look for anywhere, and common ones to look for in titles, headings and summaries only.

    Rare stems first, the customer's own before synonyms, until the expected union is large enough.
    """
    starts = {prefix(term) for term in question.stems if len(term) >= PREFIX_LENGTH}
    own = {term for term in question.counts if term in question.stems or prefix(term) in starts}
    order = sorted(question.counts.items(), key=lambda item: (item[0] not in own, item[1], item[0]))
    wide: list[str] = []
    narrow: list[str] = []
    missed = 1.0
    total = max(question.articles, 1)
    for term, count in order:
        if total * (1 - missed * (1 - count / total)) <= CANDIDATES:
            missed *= 1 - count / total
            wide.append(term)
        else:
            narrow.append(term)
    return wide, narrow


def _either(terms: list[str], quote: str, operator: str) -> str:
    return f" {operator} ".join(f"{quote}{term}{quote}" for term in terms)


def _fts_query(wide: list[str], narrow: list[str]) -> str:
    parts = []
    if wide:
        parts.append(f"({_either(wide, chr(34), 'OR')})")
    if narrow:
        parts.append(f"head : ({_either(narrow, chr(34), 'OR')})")
    return " OR ".join(parts)


def _cut(ranked: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Leave out the long tail that shares only a common word with the query."""
    if not ranked:
        return []
    lowest = ranked[0][1] * LOWEST_SHARE
    return [item for item in ranked[:MOST_HITS] if item[1] >= lowest]


def _hits(page: list[tuple[int, float]], question: ranking.Question) -> list[Hit]:
    if not page:
        return []
    articles = Article.objects.published().select_related("category", "section").defer("body", "toc")
    found = articles.in_bulk([article_id for article_id, _ in page])
    weights = _mark_weights(question)
    return [
        Hit(article, score, highlight(article.title, weights), excerpt(article, weights))
        for article_id, score in page
        if (article := found.get(article_id))
    ]


def _literal_first(hits: list[Hit], text: str) -> list[Hit]:
    """Among titles that mean the same («Reactivar la…», «Reactivar una…») the one typed comes first."""
    typed = words(text)
    return sorted(hits, key=lambda hit: words(hit.article.title) != typed)


def _mark_weights(question: ranking.Question) -> dict[str, float]:
    """What to mark and how much each match says: rare words more, synonyms half."""
    weights = {}
    for group in question.groups:
        for phrase in group.others:
            if len(phrase) == 1:
                weights[phrase[0]] = 0.5 / (1 + question.counts.get(phrase[0], 0)) ** 0.5
    for term in question.stems:
        weights[term] = 1 / (1 + question.counts.get(term, 0)) ** 0.5
    return weights


def _rewrite(text: str, fixes: dict[str, str]) -> str:
    """The query as typed with its misspelt words put right."""
    return re.sub(r"[^\W_]+", lambda match: fixes.get(fold(match.group()), match.group()), text)


def _suggestion(text: str, reading: _Reading) -> str | None:
    """Another query that has results, for one that has none: each word cut to its best-known beginning."""
    return reading.corrected
