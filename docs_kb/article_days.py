"""What came of articles, added up by article and day: readings, openings from a search, tickets, solutions.

Nobody is followed: these are numbers without persons, written where a lost one does no harm. So a store
that is down or locked costs the reader nothing and the count is gone, with a line in the log.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import Error, connection, transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from docs_kb.models import Article, ArticleDay, ArticleFeedback
from docs_kb.patience import short_transaction
from docs_kb.publishing import lock

log = logging.getLogger(__name__)

COUNTS = ("views", "opens", "tickets", "solved")
POPULARITY_DAYS = 28
KEPT_DAYS = 400
AT_ONCE = 500
LARGEST_ID = 2**63
# As if this many had answered before anybody did, and so many of them well: the first «no» of a new guide
# does not make it useless.
EARLIER_ANSWERS = 4
EARLIER_HELPED = 3


@dataclass(frozen=True)
class Totals:
    """What came of one article in some days."""

    views: int = 0
    opens: int = 0
    tickets: int = 0
    solved: int = 0


def count(
    *, article_ids: Iterable[int], views: int = 0, opens: int = 0, tickets: int = 0, solved: int = 0
) -> None:
    """Add to today's row of each published article; ids of anything else count nothing.

    One statement. Never raises for a store that is down or locked, nor spoils a transaction that it is called
    in: then the log says that a count is lost.
    """
    ids = [pk for pk in dict.fromkeys(article_ids) if 0 < pk < LARGEST_ID]
    if not ids:
        return
    try:
        _add(ids, [views, opens, tickets, solved])
    except Error as error:
        log.warning("a count of articles was lost: %s", error)


def totals(*, article: Article, days: int = POPULARITY_DAYS) -> Totals:
    """What came of an article in the last days, today among them."""
    found = ArticleDay.objects.filter(article=article, day__gt=_days_ago(days)).aggregate(
        **{name: Coalesce(Sum(name), 0) for name in COUNTS}
    )
    return Totals(**found)


def refresh_popularity() -> int:
    """Compute every article's helpful visits of 28 days; how many of them changed.

    Its visits, times the share of its readers' answers that are a «yes», four earlier answers with three
    «yes» added: 100 visits and no answer are 75, with eight «yes» and no «no» 92, with eight «no» 25. Only
    rows that changed are written.
    """
    useful = _useful_visits()
    known = Article.objects.values_list("pk", "popularity")
    changed = [(pk, useful.get(pk, 0)) for pk, was in known if was != useful.get(pk, 0)]
    for start in range(0, len(changed), AT_ONCE):  # each by itself: nobody waits for all of them
        _set_popularity(changed[start : start + AT_ONCE])
    return len(changed)


def forget_old() -> int:
    """Delete the counts of more than 400 days ago; how many rows."""
    return ArticleDay.objects.filter(day__lte=_days_ago(KEPT_DAYS)).delete()[0]


def _add(ids: list[int], amounts: list[int]) -> None:
    days = connection.ops.quote_name(ArticleDay._meta.db_table)
    articles = connection.ops.quote_name(Article._meta.db_table)
    sql = f"""
        INSERT INTO {days} (article_id, day, {", ".join(COUNTS)})
        SELECT id, %s, %s, %s, %s, %s FROM {articles}
        WHERE status = %s AND id IN ({", ".join(["%s"] * len(ids))})
        ORDER BY id
        ON CONFLICT (article_id, day)
        DO UPDATE SET {", ".join(f"{name} = {days}.{name} + excluded.{name}" for name in COUNTS)}
        """
    with short_transaction(), connection.cursor() as cursor:
        cursor.execute(sql, [timezone.localdate(), *amounts, Article.Status.PUBLISHED, *ids])


@transaction.atomic
def _set_popularity(pairs: list[tuple[int, int]]) -> None:
    lock(Article.objects.filter(pk__in=[pk for pk, _ in pairs]).values_list("pk"))
    articles = connection.ops.quote_name(Article._meta.db_table)
    rows = ", ".join(["(%s, %s)"] * len(pairs))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {articles} SET popularity = new.column2 FROM (VALUES {rows}) AS new "
            f"WHERE {articles}.id = new.column1",
            [value for pair in pairs for value in pair],
        )


def _useful_visits() -> dict[int, int]:
    """Of each article that was visited, rounded half up."""
    days = ArticleDay.objects.filter(day__gt=_days_ago(POPULARITY_DAYS)).order_by()
    views = dict(days.values_list("article").annotate(Sum("views")))
    rows = ArticleFeedback.objects.order_by().values_list("article")
    rows = rows.annotate(helped=Count("pk", filter=Q(is_helpful=True)), every=Count("pk"))
    answers = {pk: (yes + EARLIER_HELPED, every + EARLIER_ANSWERS) for pk, yes, every in rows}
    nobody = (EARLIER_HELPED, EARLIER_ANSWERS)
    return {pk: _weigh(number, *answers.get(pk, nobody)) for pk, number in views.items()}


def _weigh(views: int, helped: int, answered: int) -> int:
    return (2 * views * helped + answered) // (2 * answered)


def _days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)
