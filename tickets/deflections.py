"""«Ya lo he resuelto»: a ticket that guides made unnecessary, counted for them once for each form."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from docs_kb import article_days
from docs_kb.models import ArticleDay
from tickets.guides import published
from tickets.models import Deflection


def record(*, form_key: str, article_ids: Collection[int], at: datetime | None = None) -> bool:
    """Keep that these guides solved it before the form was sent; True when that is news.

    Nothing of what was written is stored. Does nothing without a published article.
    """
    at = at or timezone.now()
    ids = published(article_ids)
    if not ids:
        return False
    with transaction.atomic():
        deflection, is_news = Deflection.objects.get_or_create(form_key=form_key)
        standing = Deflection.objects.filter(pk=deflection.pk)
        is_news = is_news or bool(standing.exclude(undone_at=None).update(undone_at=None, created_at=at))
        if is_news:
            deflection.articles.set(ids)
    if is_news:
        article_days.count(article_ids=ids, solved=1)
    return is_news


def undo(*, form_key: str, at: datetime | None = None) -> bool:
    """Take the count back: it was not solved after all. True the first time, False when there is nothing."""
    at = at or timezone.now()
    with transaction.atomic():
        counted = Deflection.objects.filter(form_key=form_key, undone_at=None).select_for_update().first()
        if counted is None:
            return False
        counted.undone_at = at
        counted.save(update_fields=["undone_at"])
        days = ArticleDay.objects.filter(
            article__in=counted.articles.all(), day=timezone.localdate(counted.created_at), solved__gt=0
        )
        days.update(solved=F("solved") - 1)
    return True
