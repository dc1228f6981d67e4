"""What readers searched in vain: nothing was found, or nothing found was worth opening.

What was searched up to the day on which staff did something about it is no reproach any more.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import Truncator

from docs_kb import publishing, search_log
from docs_kb.drafting import free_slug
from docs_kb.models import Article, Category, SearchQuery
from docs_kb.search import Results, search

PERIODS = (7, 28, 90)
LONGEST_LIST = 50
MOST_FOUND = 100
LONGEST_FILE = 5_000
# Fewer searches than these might point at one person: they stay on the screen and out of files.
LEAST_EXPORTED = 3
MOST_KEYWORDS = Article._meta.get_field("keywords").max_length
LONGEST_TITLE = Article._meta.get_field("title").max_length
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = ("Búsqueda", "Veces", "Última", "Resultados", "Abrió alguno", "Acabó en ticket")


class NoRoom(Exception):
    """An article's customer words cannot hold any more."""


@dataclass(frozen=True)
class Report:
    """The two lists of a period of `days`, those that cost most tickets first, and what is left out of them;
    50 rows each at most."""

    days: int
    without_results: list[SearchQuery]
    unopened: list[SearchQuery]
    ignored: list[SearchQuery]


def report(*, days: int, today: date | None = None) -> Report:
    """Read the lists; their rows carry `searches`, `opens` and `tickets` of the period. Three queries."""
    asked = _asked(days, today)
    return Report(
        days,
        list(_without_results(asked)[:LONGEST_LIST]),
        list(_unopened(asked)[:LONGEST_LIST]),
        list(SearchQuery.objects.filter(is_ignored=True)[:LONGEST_LIST]),
    )


def fruitless_count(*, days: int, today: date | None = None) -> int:
    """How many different things were searched in the period without any result."""
    return _without_results(_asked(days, today)).count()


def fruitless(*, days: int, limit: int, today: date | None = None) -> list[SearchQuery]:
    """The first of those without any result."""
    return list(_without_results(_asked(days, today))[:limit])


def to_csv(*, days: int, today: date | None = None) -> str:
    """Both lists as one file for a spreadsheet, without what was asked fewer than three times.

    Semicolons keep the cells apart, as spreadsheets in Spanish expect.
    """
    asked = _asked(days, today).filter(searches__gte=LEAST_EXPORTED)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in [*_without_results(asked)[:LONGEST_FILE], *_unopened(asked)[:LONGEST_FILE]]:
        last_on = timezone.localdate(row.last_at).isoformat()
        cells = (row.text, row.searches, last_on, row.results, row.opens, row.tickets)
        writer.writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue()


def ignore(*, query: SearchQuery, is_ignored: bool = True) -> None:
    """Leave a search out of the report, or take it back in."""
    query.is_ignored = is_ignored
    query.save(update_fields=["is_ignored"])


def add_to_article(*, query: SearchQuery, article: Article, words: str, author: AbstractUser) -> Results:
    """Write the words of a search into an article's customer words; what the search finds from now on.

    The search counts as answered only when it finds that article. Raises NoRoom when they do not fit,
    publishing.EditConflict when somebody saves the article at that moment, markup.MarkupRefused when its
    text is no article any more.
    """
    kept = [part.strip() for part in article.keywords.split(",") if part.strip()]
    new = [part.strip() for part in words.split(",") if part.strip()]
    known = {part.lower() for part in kept}
    if new := [part for part in dict.fromkeys(new) if part.lower() not in known]:
        article.keywords = ", ".join([*kept, *new])
        if len(article.keywords) > MOST_KEYWORDS:
            raise NoRoom
        publishing.save_article(
            article=article,
            author=author,
            note=f"Palabras de una búsqueda: {', '.join(new)}"[:200],
            expected_version=article.version,
        )
    found = search(query.text, limit=MOST_FOUND)
    query.results = found.total
    if any(hit.article == article for hit in found.hits):
        _handle(query, "results")
    else:
        query.save(update_fields=["results"])
    return found


def take_out_answered() -> int:
    """Take the searches out of the report that found nothing and find something by now; how many."""
    answered = 0
    for query in _without_results(_asked(max(PERIODS), None))[:LONGEST_LIST]:
        if total := search(query.text, limit=1).total:
            query.results = total
            _handle(query, "results")
            answered += 1
    return answered


def draft_article(*, query: SearchQuery, author: AbstractUser) -> Article | None:
    """Begin a guide about a search, as a draft in the likeliest topic, or the draft begun before.

    None while there is no topic.
    """
    hits = search(query.text, limit=1).hits
    category = hits[0].article.category if hits else Category.objects.first()
    if category is None:
        return None
    words = search_log.own_words(query.text)
    if begun := Article.objects.filter(status=Article.Status.DRAFT, keywords=words).first():
        return begun
    title = Truncator(words[:1].upper() + words[1:]).chars(LONGEST_TITLE, truncate="")
    article = Article(title=title, slug=free_slug(title), category=category, keywords=words)
    publishing.save_article(article=article, author=author, note="Nace de una búsqueda")
    _handle(query)
    return article


def _asked(days: int, today: date | None) -> QuerySet[SearchQuery]:
    since = (today or timezone.localdate()) - timedelta(days=days - 1)
    counted = Q(days__day__gte=since) & (Q(handled_on=None) | Q(days__day__gt=F("handled_on")))
    sums = {
        name: Coalesce(Sum(f"days__{name}", filter=counted), 0) for name in ("searches", "opens", "tickets")
    }
    return (
        SearchQuery.objects.filter(is_ignored=False, last_at__gte=_midnight(since))
        .annotate(**sums)
        .filter(searches__gt=0)
        .order_by((F("searches") * F("tickets")).desc(), "-searches", "text")
    )


def _without_results(asked: QuerySet[SearchQuery]) -> QuerySet[SearchQuery]:
    return asked.filter(results=0)


def _unopened(asked: QuerySet[SearchQuery]) -> QuerySet[SearchQuery]:
    """Nobody opened what was found, or more people wrote a ticket than opened it."""
    return asked.filter(Q(opens=0) | Q(tickets__gt=F("opens")), results__gt=0)


def _handle(query: SearchQuery, *changed: str) -> None:
    query.handled_on = timezone.localdate()
    query.save(update_fields=["handled_on", *changed])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
