"""«Ya lo he resuelto»: a ticket that guides made unnecessary, counted for them once for each form.

Nobody waits or stumbles for a count: while the database is locked it is lost, and the log says so.
"""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from docs_kb import article_days
from docs_kb.models import ArticleDay
from docs_kb.patience import short_transaction
from tickets.guides import published
from tickets.models import Deflection

log = logging.getLogger(__name__)


def record(*, form_key: str, article_ids: Collection[int], at: datetime | None = None) -> bool:
    """Keep that these guides solved it before the form was sent; True when that is news.

    Nothing of what was written is stored. Does nothing without a published article.
    """
    try:
        ids = published(article_ids)
        is_news = bool(ids) and _keep(form_key, ids, at or timezone.now())
    except DatabaseError as error:
        log.warning("a deflection was lost: %s", error)
        return False
    if is_news:
        article_days.count(article_ids=ids, solved=1)
    return is_news


def undo(*, form_key: str, at: datetime | None = None) -> bool:
    """Take the count back: it was not solved after all. True the first time, False when there is nothing."""
    try:
        return _take_back(form_key, at or timezone.now())
    except DatabaseError as error:
        log.warning("a deflection was not taken back: %s", error)
        return False


def _keep(form_key: str, article_ids: list[int], at: datetime) -> bool:
    with short_transaction():
        deflection, is_new = Deflection.objects.get_or_create(form_key=form_key)
        undone = Deflection.objects.filter(pk=deflection.pk).exclude(undone_at=None)
        is_news = is_new or bool(undone.update(undone_at=None, created_at=at))
        if is_news:
            deflection.articles.set(article_ids)
    return is_news


def _take_back(form_key: str, at: datetime) -> bool:
    """Mark it undone, and lower the counts of the day on which it was made."""
    with short_transaction():
        counted = Deflection.objects.filter(form_key=form_key, undone_at=None).select_for_update().first()
        if counted is None:
            return False
        counted.undone_at = at
        counted.save(update_fields=["undone_at"])
        day = timezone.localdate(counted.created_at)
        days = ArticleDay.objects.filter(article__in=counted.articles.all(), day=day, solved__gt=0)
        days.update(solved=F("solved") - 1)
    return True
