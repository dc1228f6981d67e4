"""What came of an article: how often it was read, what readers answered, and which searches led to it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from docs_kb.models import Article, ArticleFeedback, SearchOpening

DAYS = 28
COMMENTS = 5
SEARCHES = 8


@dataclass(frozen=True)
class Day:
    day: date
    views: int


@dataclass(frozen=True)
class Outcomes:
    """The last 28 days, today among them, as counts; the answers are those of all time."""

    days: list[Day]
    views: int
    opens: int
    tickets: int
    solved: int
    yes: int
    no: int
    comments: list[ArticleFeedback]
    searches: list[SearchOpening]

    @property
    def answers(self) -> int:
        return self.yes + self.no


def of(article: Article, *, days: int = DAYS) -> Outcomes:
    """In four queries, however much was read."""
    today = timezone.localdate()
    since = today - timedelta(days=days - 1)
    rows = {row.day: row for row in article.days.filter(day__gte=since, day__lte=today)}
    totals = {
        name: sum(getattr(row, name) for row in rows.values())
        for name in ("views", "opens", "tickets", "solved")
    }
    calendar = [since + timedelta(days=number) for number in range(days)]
    votes = article.feedback.aggregate(
        yes=Count("pk", filter=Q(is_helpful=True)), no=Count("pk", filter=Q(is_helpful=False))
    )
    return Outcomes(
        days=[Day(day, rows[day].views if day in rows else 0) for day in calendar],
        **totals,
        **votes,
        comments=list(article.feedback.exclude(comment="").order_by("-updated_at")[:COMMENTS]),
        searches=list(
            article.openings.select_related("query").order_by("-opens", "-last_on", "pk")[:SEARCHES]
        ),
    )
