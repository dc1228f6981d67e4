"""Query text -> ranked articles, with highlights and «quizás quisiste decir»: the one search of the product.

Three statements, five when a word is misspelt: what the vocabulary and the synonyms know of the words, where
their stems stand, and the articles of the page. `ranking` orders them: both databases give the same answer.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Count, Q, Value
from django.utils.safestring import SafeString

from docs_kb import ranking, synonyms
from docs_kb.excerpts import Marker
from docs_kb.models import Article, Category, Posting, Synonym, SynonymWord, VocabularyTerm
from docs_kb.postings import Postings, Row
from docs_kb.search_index import COLUMNS
from docs_kb.spelling import Correction, corrections, guesses
from docs_kb.words import (
    FUNCTION_WORDS,
    NEGATIONS,
    STOP_WORDS,
    fold,
    prefix,
    stem,
    words,
)

LONGEST_QUERY = 2000
MOST_WORDS = 300
MOST_STEMS = 30
LONGEST_KEYWORDS = 8
LONGEST_TITLE = 25  # words
MOST_HITS = 100
LOWEST_SHARE = 0.03
DOUBTFUL = 2  # articles
SHORTEST_DOUBTFUL = 5
CLEARLY_MORE = 5  # times as many articles
Kind = VocabularyTerm.Kind
GROUP = "g"


@dataclass(frozen=True)
class Hit:
    """One article found; `score` as in `ranking.rank`, the texts escaped with their matches in <mark>."""

    article: Article
    score: float
    title_html: SafeString
    excerpt_html: SafeString


@dataclass(frozen=True)
class Results:
    """A page of hits.

    `total` counts no further than 100; `is_capped` says that there were more («Más de 100 resultados»).
    `corrected` is the query that was searched instead of a misspelt one («Mostrando resultados para «…»»);
    `search(query, literal=True)` searches as typed («Buscar solo «…»»). `suggestion` is a query that finds
    something where this one found nothing, or clearly more («¿Querías decir «…»?»). `topics` says how many of
    the articles found, of any topic, each has, by its key. `truncated` says that only the first 2,000
    characters were read.
    """

    query: str
    terms: list[str]
    hits: list[Hit]
    total: int
    corrected: str | None = None
    suggestion: str | None = None
    topics: dict[int, int] = field(default_factory=dict)
    truncated: bool = False
    is_capped: bool = False


@dataclass
class _Vocabulary:
    """What the knowledge base knows of a query's words."""

    articles: int = 0
    words: set[str] = field(default_factory=set)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    synonyms: set[str] = field(default_factory=set)

    def knows(self, word: str) -> bool:
        return word in self.words or stem(word) in self.counts or stem(word) in self.synonyms

    def doubtful(self, content: list[str]) -> dict[str, int]:
        """Words that may be slips though a few texts have them, and in how many: none of the trade's, nor
        what an article is about."""
        counts = {word: self.counts.get(stem(word), (0, 0)) for word in content}
        return {
            word: articles
            for word, (articles, heads) in counts.items()
            if len(word) >= SHORTEST_DOUBTFUL
            and not heads
            and articles <= DOUBTFUL
            and stem(word) not in self.synonyms
        }

    def worth(self, stemmed: str) -> tuple[bool, int]:
        """How much a stem tells: most when articles are about it, and the more the rarer it is."""
        articles, heads = self.counts.get(stemmed, (0, 0))
        return bool(heads), -articles


@dataclass(frozen=True)
class _Reading:
    """How the words of a query were understood."""

    stems: tuple[str, ...]
    groups: tuple[ranking.Group, ...]
    as_title: tuple[str, ...]
    corrected: str | None
    articles: int
    doubtful: dict[str, int]


def search(
    query: str,
    *,
    limit: int = 10,
    offset: int = 0,
    category: Category | None = None,
    literal: bool = False,
    for_page: bool = False,
) -> Results:
    """Published articles that help with a query of one word or a whole description, best first.

    Any text is a legal query; only its first 2,000 characters are read. With `literal` no typing mistake is
    put right. `for_page` brings what only a page of results shows: `topics`, and a `suggestion` where there
    are results, too. Nothing is stored.
    """
    clean = " ".join(query.encode("utf-8", "replace").decode().replace("\x00", " ").split())
    text = clean[:LONGEST_QUERY]
    reading, question, ranked = _find(text, category, literal=literal)
    page = ranked[:MOST_HITS][offset : offset + limit]
    everywhere = ranked if category is None or not for_page else _cut(ranking.rank(question))
    return Results(
        query=text,
        terms=sorted(question.postings.keys() & _every_stem(reading)),
        hits=_literal_first(_hits(page, question), text),
        total=min(len(ranked), MOST_HITS),
        corrected=reading.corrected if ranked else None,
        suggestion=_suggestion(text, category, reading, len(ranked)) if for_page or not ranked else None,
        topics=_topics(everywhere[:MOST_HITS]) if for_page else {},
        truncated=len(clean) > LONGEST_QUERY,
        is_capped=len(ranked) > MOST_HITS,
    )


def _find(
    text: str, category: Category | None, *, literal: bool
) -> tuple[_Reading, ranking.Question, list[tuple[int, float]]]:
    reading = _read(text, literal=literal)
    question = _ask(reading)
    ranked = _cut(ranking.rank(question, _within(category))) if question.stems else []
    return reading, question, ranked


def _read(text: str, *, literal: bool) -> _Reading:
    """Split, correct and widen a query."""
    found = words(text)[:MOST_WORDS]
    content = [word for word in found if word not in STOP_WORDS] or found
    joined = {a + b: (a, b) for a, b in pairwise(content)}
    known = _look_up(found, joined)
    unknown = [word for word in dict.fromkeys(content) if not known.knows(word)]
    fixes = {} if literal else corrections(unknown, in_prose=len(found) > LONGEST_KEYWORDS)
    said = synonyms.said_in(fixes[word][0].word if word in fixes else word for word in found)
    if fixes:
        known.groups = list(_groups_with(set(said.stems)).values_list("stems", flat=True))
    stems = [fixes[word][0].stem if word in fixes else stem(word) for word in content]
    telling = _most_telling(stems, known)
    groups = (*_alternatives(fixes), *_compounds(joined, known), *_synonyms(known.groups, said))
    if len(telling) < len(stems):  # what may stand for a word that was left out says nothing either
        groups = tuple(group for group in groups if not set(telling).isdisjoint(group.own))
    return _Reading(
        telling,
        groups,
        tuple(stem(word) for word in found if word in NEGATIONS or word not in FUNCTION_WORDS)[
            :LONGEST_TITLE
        ],
        _rewrite(text, {word: options[0].written for word, options in fixes.items()}) if fixes else None,
        known.articles,
        known.doubtful([word for word in content if literal or word not in unknown]),
    )


def _most_telling(stems: list[str], known: _Vocabulary) -> tuple[str, ...]:
    """A query's stems in order; of a long description those that say most."""
    if len(set(stems)) <= MOST_STEMS:
        return tuple(stems)
    chosen = set(sorted(dict.fromkeys(stems), key=known.worth, reverse=True)[:MOST_STEMS])
    return tuple(stemmed for stemmed in stems if stemmed in chosen)


def _look_up(found: list[str], joined: dict[str, tuple[str, str]]) -> _Vocabulary:
    """One statement for everything that is known of the words: themselves, their stems, their synonyms."""
    stems = {stem(word) for word in found}
    wanted = Q(kind=Kind.TOTAL) | Q(kind=Kind.WORD, term__in={*found, *joined})
    wanted |= Q(kind=Kind.WORD, stem__in=stems)
    rows = VocabularyTerm.objects.filter(wanted).values_list("kind", "term", "stem", "articles", "heads")
    groups = _groups_with(stems).values_list(Value(GROUP), "stems", Value(""), Value(0), Value(0))
    known = _Vocabulary()
    for kind, term, stemmed, articles, heads in rows.union(groups, all=True):
        if kind == Kind.WORD:
            known.words.add(term)
            before = known.counts.get(stemmed, (0, 0))
            known.counts[stemmed] = before[0] + articles, before[1] + heads
        elif kind == GROUP:
            known.groups.append(term)
            known.synonyms |= synonyms.stems_of(term)
        else:
            known.articles = articles
    return known


def _groups_with(stems: set[str]):
    """The groups of synonyms in which one of the stems occurs."""
    occurring = SynonymWord.objects.filter(stem__in=stems).values("synonym")
    return Synonym.objects.filter(pk__in=occurring).order_by()


def _alternatives(fixes: dict[str, list[Correction]]) -> list[ranking.Group]:
    """The other words that a misspelt one may have been."""
    return [
        ranking.Group(((options[0].stem,),), tuple((o.stem,) for o in options[1:]), 0.8)
        for options in fixes.values()
        if len(options) > 1
    ]


def _compounds(joined: dict[str, tuple[str, str]], known: _Vocabulary) -> list[ranking.Group]:
    """Words that the articles write as one («word press»)."""
    return [
        ranking.Group(((stem(a),), (stem(b),)), ((stem(whole),),), 1.0)
        for whole, (a, b) in joined.items()
        if whole in known.words
    ]


def _synonyms(groups: list[str], said: synonyms.Said) -> list[ranking.Group]:
    """The groups that speak of this query, each with the words it could also have used."""
    found = (synonyms.meanings(stored, said) for stored in sorted(groups))
    return [ranking.Group(*meaning) for meaning in found if meaning]


def _every_stem(reading: _Reading) -> set[str]:
    return {*reading.stems, *(t for group in reading.groups for phrase in group.others for t in phrase)}


def _ask(reading: _Reading) -> ranking.Question:
    """Add to a reading where its stems stand, and those that begin alike."""
    starts = {prefix(term) for term in {*_every_stem(reading), *reading.as_title}}
    rows = Posting.objects.filter(prefix__in=starts).values_list("term", "block", *COLUMNS)
    postings: dict[str, Postings] = defaultdict(Postings)
    for term, block, *columns in rows:
        postings[term].add(block, Row(*columns))
    return ranking.Question(
        reading.stems, reading.groups, reading.articles, dict(sorted(postings.items())), reading.as_title
    )


def _within(category: Category | None) -> set[int] | None:
    if category is None:
        return None
    return set(category.articles.published().values_list("pk", flat=True))


def _cut(ranked: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Leave out the long tail that shares only a common word with the query."""
    if not ranked:
        return []
    lowest = ranked[0][1] * LOWEST_SHARE
    return [item for item in ranked if item[1] >= lowest]


def _hits(page: list[tuple[int, float]], question: ranking.Question) -> list[Hit]:
    if not page:
        return []
    articles = Article.objects.published().select_related("category", "section").defer("body", "toc")
    found = articles.in_bulk([article_id for article_id, _ in page])
    marker = Marker(_mark_weights(question))
    return [
        Hit(article, score, marker.highlight(article.title), marker.excerpt(article))
        for article_id, score in page
        if (article := found.get(article_id))
    ]


def _literal_first(hits: list[Hit], text: str) -> list[Hit]:
    """Among titles that mean the same («Reactivar la…», «Reactivar una…») the one typed comes first."""
    typed = words(text)
    return sorted(hits, key=lambda hit: words(hit.article.title) != typed)


def _mark_weights(question: ranking.Question) -> dict[str, float]:
    """What to mark and how much each match says: rare words more, synonyms half."""
    counts = {term: postings.count for term, postings in question.postings.items()}
    weights = {}
    for group in question.groups:
        for phrase in group.others:
            if len(phrase) == 1:
                weights[phrase[0]] = 0.5 / (1 + counts.get(phrase[0], 0)) ** 0.5
    for term in question.stems:
        weights[term] = 1 / (1 + counts.get(term, 0)) ** 0.5
    return weights


def _rewrite(text: str, fixes: dict[str, str]) -> str:
    """The query as typed with its misspelt words put right."""
    return re.sub(r"[^\W_]+", lambda match: fixes.get(fold(match.group()), match.group()), text)


def _suggestion(text: str, category: Category | None, reading: _Reading, total: int) -> str | None:
    """Another query that finds something where this one found nothing, or whose words many more articles
    have; tried before it is offered. A description is taken as it is."""
    content = [word for word in dict.fromkeys(words(text)[:MOST_WORDS]) if word not in STOP_WORDS]
    if not total:
        meant = guesses(content)
    elif reading.doubtful and len(content) <= LONGEST_KEYWORDS:
        likely = corrections(list(reading.doubtful)).items()
        meant = {
            word: options[0].written
            for word, options in likely
            if options[0].word not in STOP_WORDS
            and options[0].articles >= CLEARLY_MORE * reading.doubtful[word]
        }
    else:
        meant = {}
    suggested = _rewrite(text, meant)
    if suggested == text:
        return None
    _, _, ranked = _find(suggested, category, literal=True)
    return suggested if ranked else None


def _topics(ranked: list[tuple[int, float]]) -> dict[int, int]:
    """How many of these articles each topic has."""
    found = Article.objects.published().filter(pk__in=[article for article, _ in ranked]).order_by()
    return dict(found.values_list("category").annotate(Count("pk"))) if ranked else {}
