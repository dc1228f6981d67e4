"""What readers searched in vain: nothing was found, or nothing found was worth opening."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify

from docs_kb import publishing
from docs_kb.models import Article, Category, SearchQuery
from docs_kb.search import Results, search

PERIODS = (7, 28, 90)
LONGEST_LIST = 50
# Fewer searches than these might point at one person: they stay on the screen and out of files.
LEAST_EXPORTED = 3
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("Búsqueda", "Veces", "Última", "Resultados", "Abrió alguno", "Acabó en ticket")


@dataclass(frozen=True)
class Report:
    """The two lists of a period of `days`, those that cost most tickets first; 50 rows each at most."""

    days: int
    without_results: list[SearchQuery]
    unopened: list[SearchQuery]


def report(*, days: int, today: date | None = None) -> Report:
    """Read both lists; each row carries `searches`, `opens` and `tickets` of the period. Two queries."""
    asked = _asked(days, today)
    return Report(
        days,
        list(asked.filter(results=0)[:LONGEST_LIST]),
        list(asked.filter(results__gt=0, opens=0)[:LONGEST_LIST]),
    )


def fruitless_count(*, days: int, today: date | None = None) -> int:
    """How many different things were searched in the period without any result."""
    return _asked(days, today).filter(results=0).count()


def to_csv(*, days: int, today: date | None = None) -> str:
    """Both lists as one file for a spreadsheet, without what was asked fewer than three times."""
    both = report(days=days, today=today)
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in [*both.without_results, *both.unopened]:
        if row.searches >= LEAST_EXPORTED:
            last_on = timezone.localdate(row.last_at).isoformat()
            cells = (row.text, row.searches, last_on, row.results, row.opens, row.tickets)
            writer.writerow([_harmless(str(cell)) for cell in cells])
    return text.getvalue()


def ignore(*, query: SearchQuery, is_ignored: bool = True) -> None:
    """Leave a search out of the report, or take it back in."""
    query.is_ignored = is_ignored
    query.save(update_fields=["is_ignored"])


def add_to_article(*, query: SearchQuery, article: Article, author: AbstractUser) -> Results:
    """Write the searched words into an article's customer words; what the same search finds from now on.

    Raises publishing.EditConflict when somebody saves the article at that moment.
    """
    words = [part.strip() for part in article.keywords.split(",") if part.strip()]
    if query.text.lower() not in (word.lower() for word in words):
        article.keywords = ", ".join([*words, query.text])
        publishing.save_article(
            article=article,
            author=author,
            note=f"Palabras de una búsqueda: {query.text}"[:200],
            expected_version=article.version,
        )
    found = search(query.text)
    query.results = found.total
    query.save(update_fields=["results"])
    return found


def draft_article(*, query: SearchQuery, author: AbstractUser) -> Article | None:
    """Begin a guide about a search, as a draft in the likeliest topic; None while there is no topic."""
    hits = search(query.text, limit=1).hits
    category = hits[0].article.category if hits else Category.objects.first()
    if category is None:
        return None
    title = query.text[:1].upper() + query.text[1:160]
    article = Article(title=title, slug=_free_slug(title), category=category, keywords=query.text)
    return publishing.save_article(article=article, author=author, note="Nace de una búsqueda")


def _asked(days: int, today: date | None) -> QuerySet[SearchQuery]:
    since = (today or timezone.localdate()) - timedelta(days=days - 1)
    within = Q(days__day__gte=since)
    sums = {
        name: Coalesce(Sum(f"days__{name}", filter=within), 0) for name in ("searches", "opens", "tickets")
    }
    return (
        SearchQuery.objects.filter(is_ignored=False, last_at__gte=_midnight(since))
        .annotate(**sums)
        .filter(searches__gt=0)
        .order_by((F("searches") * F("tickets")).desc(), "-searches", "text")
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _free_slug(title: str) -> str:
    base = slugify(title)[:90] or "guia"
    taken = set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in taken
    )
