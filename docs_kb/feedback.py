"""«¿Te ha servido esta guía?»: one answer for each reader of an article, who may change it and stays unknown.

A reader is a random cookie of that one article's address, so that not even we could tell what else they
read; of the cookie only a keyed hash is stored.
"""

import re
import secrets
from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from docs_kb.masking import mask_personal_data
from docs_kb.models import Article, ArticleFeedback

COOKIE = "opinion"
LONGEST_COMMENT = 1000
_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")


def new_cookie() -> str:
    """A value for a reader who has none, 128 bits that nobody guesses."""
    return secrets.token_urlsafe(16)


def cookie_of(request: HttpRequest) -> str | None:
    """What the reader's browser sent, if it can be ours."""
    value = request.COOKIES.get(COOKIE, "")
    return value if _COOKIE_SHAPE.fullmatch(value) else None


def voter_of(request: HttpRequest) -> str | None:
    """Under which name this reader's answers are stored; None for who has not answered here."""
    value = cookie_of(request)
    return voter_for(value) if value else None


def voter_for(cookie: str) -> str:
    """The keyed hash of a cookie: whoever reads the table cannot answer in somebody's place."""
    return salted_hmac("docs_kb.feedback", cookie, algorithm="sha256").hexdigest()


def vote(*, article: Article, voter: str, is_helpful: bool) -> None:
    """Store or change a reader's answer; a «yes» takes back what they had said was wrong. One statement."""
    answer = ArticleFeedback(article=article, voter=voter, is_helpful=is_helpful)
    _store(answer, ["is_helpful", "reason", "comment"] if is_helpful else ["is_helpful"])


def explain(*, article: Article, voter: str, reason: str, comment: str) -> None:
    """Store or change what a reader found wrong, which is a «no»; personal data is taken out. One statement.

    `reason` is one of `ArticleFeedback.Reason` or empty, `comment` at most 1,000 characters.
    """
    answer = ArticleFeedback(article=article, voter=voter, is_helpful=False, reason=reason)
    answer.comment = mask_personal_data(comment)[:LONGEST_COMMENT]
    _store(answer, ["is_helpful", "reason", "comment"])


def vote_of(*, article: Article, voter: str) -> ArticleFeedback | None:
    """A reader's answer about an article, if there is one."""
    return ArticleFeedback.objects.filter(article=article, voter=voter).first()


def least_helpful(*, days: int, limit: int) -> list[Article]:
    """The published articles with most «no» in the last days, each with its `no` and its `answers`."""
    since = timezone.now() - timedelta(days=days)
    return list(
        Article.objects.published()
        .filter(feedback__updated_at__gte=since)
        .annotate(no=Count("feedback", filter=Q(feedback__is_helpful=False)), answers=Count("feedback"))
        .filter(no__gt=0)
        .only("title")
        .order_by("-no", "answers", "title")[:limit]
    )


def _store(answer: ArticleFeedback, changing: list[str]) -> None:
    ArticleFeedback.objects.bulk_create(
        [answer],
        update_conflicts=True,
        unique_fields=["article", "voter"],
        update_fields=[*changing, "updated_at"],
    )
