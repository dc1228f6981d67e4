"""Tells the worker that there is something to do; when the queue is down, nobody waits and nothing is lost.

The rows themselves are the queue and the sweep finds them, so a call that fails costs only time: the
request that finds the broker silent pays half a second, and for the next half minute nobody asks it.
"""

import logging
import threading

from celery import current_app
from django.conf import settings
from django.db import transaction

from docs_kb.breaker import Breaker, redis_breaker

log = logging.getLogger(__name__)
# What is not started within this many seconds is left to the sweep, so that calls do not pile up.
EXPIRES = 30
# A call takes under a millisecond; who waits longer behind another one is behind a broken broker.
PATIENCE = 0.05
_breaker = redis_breaker if settings.REDIS_URL else Breaker(seconds=30)
_one_at_a_time = threading.Lock()


def after_commit(task: str, *args: str | int) -> None:
    """Start a task by its name once the surrounding transaction is committed (at once without one)."""
    transaction.on_commit(lambda: call(task, *args), robust=True)


def call(task: str, *args: str | int) -> bool:
    """Hand a task to the broker now; False when it could not be, which only delays the work."""
    if _breaker.is_open or not _one_at_a_time.acquire(timeout=PATIENCE):
        return False
    try:
        if _breaker.is_open:
            return False
        current_app.send_task(task, args=args, expires=EXPIRES, ignore_result=True)
        return True
    except Exception as error:  # whatever the transport raises, the work is in the database
        _breaker.trip()
        log.warning("queue does not answer, the sweep takes over for %d s: %s", _breaker.seconds, error)
        return False
    finally:
        _one_at_a_time.release()
