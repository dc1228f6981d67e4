"""What readers search, without saying who: words once, counts by day, and what came of it.

It is the one thing that reading a page may write. Personal data, passwords and ticket references are taken
out before anything is stored, and what would make the page wait or fail is given up, with a line in the log.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import Model
from django.utils import timezone

from docs_kb.masking import mask_personal_data
from docs_kb.models import Article, SearchOpening, SearchQuery, SearchQueryDay
from docs_kb.patience import short_transaction
from docs_kb.words import stems, words

log = logging.getLogger(__name__)

LONGEST_TEXT = 200
# Nobody is looked for by a whole description; of more than this nothing is read.
READ = 2000
KEPT_DAYS = 396  # thirteen months: the same season of last year is still there to compare with
AT_ONCE = 500
TICKET = "[ticket]"
_STAND_IN = re.compile(r"\[(?:correo|teléfono|documento|cuenta|tarjeta|contraseña|ticket)\]")
_SIGN = "[2-9A-HJKMNP-TV-Z]"


@dataclass(frozen=True)
class Asked:
    """A search as it is kept: what stands for all its spellings, and one of them."""

    key: str
    text: str


def record(*, text: str, results: int) -> None:
    """Count a search and how many articles it found. Two statements; never raises, never waits for long."""
    if asked := anonymous(text):
        _if_possible(lambda: _record(asked, results))


def opened(*, text: str, article_id: int) -> None:
    """Count that a search led somebody to a published article; nothing for a search that nobody made."""
    if asked := anonymous(text):
        _if_possible(lambda: _open(asked, article_id))


def ticket_opened(*, text: str) -> None:
    """Count that a search ended in a ticket; nothing for a search that nobody made."""
    if asked := anonymous(text):
        _if_possible(lambda: _count(_known(asked), "tickets"))


def anonymous(text: str) -> Asked | None:
    """What is kept of a search: no person, 200 characters, one key for all its spellings and orders.

    None when no word is left to search for, as of an address, a ticket's reference or a sign alone.
    """
    readable = text[:READ].encode("utf-8", "ignore").decode().replace("\x00", " ")
    masked = _reference().sub(TICKET, mask_personal_data(" ".join(readable.split())))
    if len(masked) > LONGEST_TEXT:
        start = masked[: LONGEST_TEXT + 1].rpartition(" ")[0]
        masked = start or masked[:LONGEST_TEXT]
    matter = own_words(masked)
    key = " ".join(sorted(set(stems(matter) or words(matter))))
    return Asked(key[:LONGEST_TEXT], masked) if key else None


def own_words(text: str) -> str:
    """What a kept search says in words, without what stands for an address or a number."""
    return " ".join(_STAND_IN.sub(" ", text).split())


def forget_old() -> int:
    """Delete what nobody has searched for thirteen months, and the days before that; how many searches."""
    first_kept = timezone.localdate() - timedelta(days=KEPT_DAYS)
    SearchQueryDay.objects.filter(day__lt=first_kept).delete()
    SearchOpening.objects.filter(last_on__lt=first_kept).delete()
    old = SearchQuery.objects.filter(last_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).order_by("pk")
    forgotten = 0
    while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        SearchQuery.objects.filter(pk__in=keys).delete()
        forgotten += len(keys)
    return forgotten


def _if_possible(write: Callable[[], None]) -> None:
    try:
        with short_transaction():
            write()
    except Error as error:
        log.warning("a search was not counted: %s", error)


def _record(asked: Asked, results: int) -> None:
    values = {"key": asked.key, "text": asked.text, "results": results, "is_ignored": False}
    query_id = _insert(
        SearchQuery,
        values | {"last_at": timezone.now()},
        unique="key",
        update="results = excluded.results, last_at = excluded.last_at",
    )
    _count(query_id, "searches")


def _open(asked: Asked, article_id: int) -> None:
    query_id = _known(asked)
    if query_id is None or not Article.objects.published().filter(pk=article_id).exists():
        return
    _insert(
        SearchOpening,
        {"query_id": query_id, "article_id": article_id, "opens": 1, "last_on": timezone.localdate()},
        unique="query_id, article_id",
        update="opens = {table}.opens + 1, last_on = excluded.last_on",
    )
    _count(query_id, "opens")


def _known(asked: Asked) -> int | None:
    return SearchQuery.objects.filter(key=asked.key).values_list("pk", flat=True).first()


def _count(query_id: int | None, name: str) -> None:
    """One more `searches`, `opens` or `tickets` today; of a search that there is."""
    if query_id is None:
        return
    amounts = {"searches": 0, "opens": 0, "tickets": 0} | {name: 1}
    _insert(
        SearchQueryDay,
        {"query_id": query_id, "day": timezone.localdate(), **amounts},
        unique="query_id, day",
        update=f"{name} = {{table}}.{name} + 1",
    )


def _insert(model: type[Model], values: dict, *, unique: str, update: str) -> int:
    """Insert a row or change the one that is there, in one statement; its primary key."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))}) "
            f"ON CONFLICT ({unique}) DO UPDATE SET {update.format(table=table)} RETURNING id",
            list(values.values()),
        )
        return cursor.fetchone()[0]


def _reference() -> re.Pattern:
    """Ticket references: with their hyphens, or with a digit, as «ms test abc» is no reference."""
    prefix = re.escape(settings.REFERENCE_PREFIX)
    return re.compile(
        rf"(?<!\w){prefix}(?:-{_SIGN}{{4}}-{_SIGN}{{3}}"
        rf"|(?=[- ]?[a-z -]{{0,8}}\d)[- ]?{_SIGN}{{4}}[- ]?{_SIGN}{{3}})(?!\w)",
        re.IGNORECASE,
    )
