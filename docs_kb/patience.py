"""How long a statement may wait for somebody else's lock, where a page would have to wait with it.

What is only counted is not worth a wait: whoever writes it in here gets an OperationalError after a fifth
of a second in place of the connection's own twenty, and at once while the last wait was in vain. SQLite is
told so for the connection, PostgreSQL for the transaction, as a pool between us and it keeps nothing longer.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from docs_kb.breaker import Breaker

MILLISECONDS = 200
POSTGRESQL_BUSY = "55P03"  # lock_not_available
# One page may count several things: it waits for the first one only.
_in_vain = Breaker(seconds=1)


@contextmanager
def short_wait() -> Iterator[None]:
    """Wait but shortly for SQLite's one write lock; elsewhere nothing changes."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    usual = database.execute("PRAGMA busy_timeout").fetchone()[0]
    database.execute(f"PRAGMA busy_timeout = {0 if _in_vain.is_open else MILLISECONDS}")
    try:
        yield
    except OperationalError as error:
        if is_busy(error):
            _in_vain.trip()
        raise
    finally:
        database.execute(f"PRAGMA busy_timeout = {usual}")


@contextmanager
def short_transaction() -> Iterator[None]:
    """All of it or nothing, waiting but shortly for any lock on either database.

    Within a transaction that is open already it is a part of that one, which stays whole when it fails.
    """
    is_nested = connection.in_atomic_block
    with short_wait(), transaction.atomic():
        if connection.vendor == "postgresql":
            _limit(f"'{MILLISECONDS}ms'")
        yield
        if is_nested and connection.vendor == "postgresql":
            _limit("DEFAULT")


def is_busy(error: Exception) -> bool:
    """Whether it says that somebody else held a lock for too long, and nothing worse."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) == POSTGRESQL_BUSY


def _limit(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {value}")
