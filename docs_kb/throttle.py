"""How often something may be done per address or network: counts in fixed windows, shared by all processes.

With Redis the counts live in the cache, whose `incr` is atomic; without it in a table of one row per
count, written by one statement, because the database cache can only read and write back. What the
count is about (an address, a network) is stored as a keyed hash. A store that is down lets everybody
through and says so once in the log; one that is busy with somebody else's writing lets that one request
through, after a fifth of a second.
"""

import ipaddress
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from docs_kb.breaker import Breaker, redis_breaker
from docs_kb.models import ThrottleCount
from docs_kb.patience import is_busy, short_wait

log = logging.getLogger(__name__)
HOUR = 3600
_breaker = redis_breaker if settings.REDIS_URL else Breaker(seconds=30)


@dataclass(frozen=True)
class Limit:
    """At most `limit` times in `seconds` for each `key` (an address, a network) of a `scope`."""

    scope: str
    key: str
    limit: int
    seconds: int = HOUR


@dataclass(frozen=True)
class Throttled:
    """The answer to whoever is over a limit; `retry_after` in seconds."""

    scope: str
    retry_after: int

    @property
    def minutes(self) -> int:
        return max(1, -(-self.retry_after // 60))

    @property
    def retry_at(self) -> datetime:
        return timezone.now() + timedelta(seconds=self.retry_after)


def hit(scope: str, *, key: str, limit: int, seconds: int = HOUR) -> Throttled | None:
    """Count one more and say whether that was too much. None: go on."""
    return hit_all([Limit(scope, key, limit, seconds)])


def hit_all(limits: list[Limit]) -> Throttled | None:
    """Count one more under each limit; the answer of the one that lasts longest, None if all are kept."""
    return longest(over(limits))


def longest(answers: Iterable[Throttled]) -> Throttled | None:
    """The answer of the limit that lasts longest, None without any."""
    return max(answers, key=lambda throttled: throttled.retry_after, default=None)


def over(limits: list[Limit]) -> list[Throttled]:
    """Count one more under each limit, in one statement; the answers of those that it was too much for.

    Lets everything through with `RATE_LIMITS=0` and while the store of the counts is down.
    """
    if not limits or not settings.RATE_LIMITS or _breaker.is_open:
        return []
    now = int(time.time())
    try:
        counts = _count([(_stored_key(limit, now), _window_end(limit, now)) for limit in limits])
    except Exception as error:  # any store, any driver: a limit must never be what stops a ticket
        if is_busy(error):  # whoever writes for long does not lift the limits for everybody else
            log.warning("a limit was not counted: %s", error)
            return []
        _breaker.trip()
        log.warning("limits are off for %d s, their store does not answer: %s", _breaker.seconds, error)
        return []
    return [
        Throttled(limit.scope, _window_end(limit, now) - now)
        for limit, count in zip(limits, counts, strict=True)
        if count > limit.limit
    ]


def network_of(request: HttpRequest) -> str:
    """The /24 (IPv4) or /64 (IPv6) that a request comes from; empty when its address is unreadable."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False))


def client_address(request: HttpRequest) -> str:
    """The address of the peer, or what our own proxy (`TRUST_PROXY`) wrote last about it."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.TRUST_PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")).partition("%")[0]


def forget_expired() -> int:
    """Delete the counts of windows that are over; returns how many."""
    return ThrottleCount.objects.filter(expires_at__lt=int(time.time())).delete()[0]


def _window_end(limit: Limit, now: int) -> int:
    return now - now % limit.seconds + limit.seconds


def _stored_key(limit: Limit, now: int) -> str:
    text = f"{limit.scope}\n{limit.key}\n{_window_end(limit, now)}"
    return salted_hmac("docs_kb.throttle", text, algorithm="sha256").hexdigest()


def _count(keys: list[tuple[str, int]]) -> list[int]:
    return _count_in_cache(keys) if settings.REDIS_URL else _count_in_table(keys)


def _count_in_cache(keys: list[tuple[str, int]]) -> list[int]:
    counts = []
    for key, ends_at in keys:
        # Kept longer than the window, so that the count cannot expire between the two calls.
        cache.add(f"throttle:{key}", 0, timeout=ends_at - int(time.time()) + 60)
        counts.append(cache.incr(f"throttle:{key}"))
    return counts


def _count_in_table(keys: list[tuple[str, int]]) -> list[int]:
    table = connection.ops.quote_name(ThrottleCount._meta.db_table)
    rows = ", ".join(["(%s, 1, %s)"] * len(keys))
    with short_wait(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (key, count, expires_at) VALUES {rows} "
            f"ON CONFLICT (key) DO UPDATE SET count = {table}.count + 1 RETURNING key, count",
            [value for key in keys for value in key],
        )
        counts = dict(cursor.fetchall())
    return [counts[key] for key, _ends_at in keys]
