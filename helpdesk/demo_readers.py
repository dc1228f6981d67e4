"""What the demo's readers did in the last four weeks, from `demo/readers.yaml`, so that the reports have
something to show. Rows are written as the counters would have left them; nobody is behind them."""

from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random

import yaml
from django.utils import timezone

from docs_kb import article_days, search_log
from docs_kb.models import (
    Article,
    ArticleDay,
    ArticleFeedback,
    SearchOpening,
    SearchQuery,
    SearchQueryDay,
)
from docs_kb.search import search

DAYS = 28
MOST_VISITS_A_DAY = 40


def tell(file: Path, *, today: date) -> None:
    """Write four weeks of visits, answers and searches up to yesterday, the same ones every time."""
    story = yaml.safe_load(file.read_text(encoding="utf-8"))
    articles = Article.objects.published().in_bulk(field_name="slug")
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    _visits(articles, days, story["searches"])
    _answers(story["opinions"], articles, days)
    _searches(story["searches"], articles, days)
    _reviews(story["review_by"], today)
    article_days.refresh_popularity()


def _visits(articles: dict[str, Article], days: list[date], searches: list[dict]) -> None:
    """Guides at the top of their topic are read most, and everybody rests on Sunday."""
    chance = Random("visits")
    opened = {entry["opened"]: entry for entry in searches if "opened" in entry}
    rows = []
    for slug, article in sorted(articles.items()):
        usual = MOST_VISITS_A_DAY / (1 + article.position) * (2.5 if slug in opened else 1)
        for day, opens in zip(days, _spread(opened.get(slug, {}).get("opens", 0), len(days)), strict=True):
            views = round(usual * chance.uniform(0.2, 1) * (0.4 if day.weekday() == 6 else 1)) + opens
            rows.append(ArticleDay(article=article, day=day, views=views, opens=opens))
    ArticleDay.objects.bulk_create(rows)


def _answers(opinions: dict[str, dict], articles: dict[str, Article], days: list[date]) -> None:
    numbers = count(1)
    for slug, told in opinions.items():
        silent = [{"is_helpful": True}] * told["helped"] + [{"is_helpful": False}] * told["not_helped"]
        spoken = [{"is_helpful": False} | words for words in told.get("said", [])]
        rows = [
            ArticleFeedback(article=articles[slug], voter=f"demo-{next(numbers)}", **answer)
            for answer in [*silent, *spoken]
        ]
        for number, row in enumerate(ArticleFeedback.objects.bulk_create(rows)):
            row.created_at = _at(days[number * 7 % len(days)])
        ArticleFeedback.objects.bulk_update(rows, ["created_at"])


def _searches(searches: list[dict], articles: dict[str, Article], days: list[date]) -> None:
    for entry in searches:
        asked = search_log.anonymous(entry["text"])
        query = SearchQuery.objects.create(
            key=asked.key,
            text=asked.text,
            results=search(entry["text"]).total,
            last_at=_at(days[-1]),
        )
        figures = [_spread(entry.get(name, 0), len(days)) for name in ("times", "opens", "tickets")]
        SearchQueryDay.objects.bulk_create(
            SearchQueryDay(query=query, day=day, searches=times, opens=opens, tickets=tickets)
            for day, times, opens, tickets in zip(days, *figures, strict=True)
            if times or opens or tickets
        )
        if "opened" in entry:
            SearchOpening.objects.create(
                query=query, article=articles[entry["opened"]], opens=entry["opens"], last_on=days[-1]
            )


def _reviews(review_by: dict[str, int], today: date) -> None:
    for slug, days in review_by.items():
        Article.objects.filter(slug=slug).update(review_by=today + timedelta(days=days))


def _spread(total: int, parts: int) -> list[int]:
    """A whole number cut into whole parts that add up to it, the last ones the largest."""
    return [total * (number + 1) // parts - total * number // parts for number in range(parts)]


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(11, 20)))
