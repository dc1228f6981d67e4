import time

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError
from django.test import RequestFactory

from docs_kb import throttle
from docs_kb.throttle import Limit, ThrottleCount, hit, hit_all, network_of

pytestmark = pytest.mark.django_db
START = "2026-11-24T12:20:00Z"


@pytest.fixture(params=["table", "cache"])
def store(request, settings):
    """Where the counts live: a table, or a cache that counts by itself."""
    settings.REDIS_URL = "redis://localhost" if request.param == "cache" else ""
    cache.clear()
    return request.param


@pytest.fixture
def table(settings):
    settings.REDIS_URL = ""


def test_limit_holds_within_its_window(store):
    with time_machine.travel(START, tick=False) as clock:
        answers = [hit("code", key="lucia", limit=2) for _ in range(4)]
        assert answers[:2] == [None, None]
        assert [answer.retry_after for answer in answers[2:]] == [2400, 2400]
        assert answers[3].minutes == 40
        clock.shift(30)
        assert hit("code", key="lucia", limit=2).minutes == 40
        clock.shift(2370)
        assert hit("code", key="lucia", limit=2) is None


def test_limits_count_each_scope_and_key_for_itself(store):
    assert hit("code", key="lucia", limit=1) is None
    assert hit("code", key="bruno", limit=1) is None
    assert hit("link", key="lucia", limit=1) is None
    assert hit("code", key="lucia", limit=1)


def test_several_limits_are_counted_together_and_the_longest_answers(store):
    def both():
        return hit_all([Limit("minute", "x", 1, 60), Limit("hour", "x", 1, 3600), Limit("other", "x", 9)])

    with time_machine.travel(START, tick=False):
        assert both() is None
        assert (both().scope, both().retry_after) == ("hour", 2400)


def test_table_is_asked_once_for_all_limits(table, django_assert_num_queries):
    with django_assert_num_queries(1):
        hit_all([Limit("a", "x", 1), Limit("b", "x", 1)])


def test_what_is_counted_is_not_readable_in_the_table(table):
    hit("code", key="lucia@example.com", limit=1)
    assert "lucia" not in ThrottleCount.objects.get().key


def test_limits_can_be_lifted_for_load_tests(settings, django_assert_num_queries):
    settings.RATE_LIMITS = False
    with django_assert_num_queries(0):
        assert [hit("code", key="x", limit=1) for _ in range(3)] == [None] * 3


def test_store_that_is_down_lets_everybody_through_and_says_so_once(monkeypatch, caplog):
    def fail(keys):
        raise DatabaseError("gone")

    monkeypatch.setattr(throttle, "_count", fail)
    assert [hit("code", key="x", limit=1) for _ in range(5)] == [None] * 5
    assert len(caplog.records) == 1
    monkeypatch.undo()
    now = time.monotonic()
    monkeypatch.setattr("docs_kb.breaker.time.monotonic", lambda: now + 31)
    assert hit("code", key="x", limit=1) is None
    assert hit("code", key="x", limit=1)


def test_expired_counts_are_forgotten(table):
    with time_machine.travel(START, tick=False) as clock:
        hit("code", key="x", limit=1)
        assert throttle.forget_expired() == 0
        clock.shift(3600)
        assert throttle.forget_expired() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_network_of_an_address(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_forwarded_address_counts_only_behind_our_own_proxy(settings):
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.4"
    )
    settings.TRUST_PROXY = False
    assert network_of(request) == "10.0.0.0/24"
    settings.TRUST_PROXY = True
    assert network_of(request) == "198.51.100.0/24"
