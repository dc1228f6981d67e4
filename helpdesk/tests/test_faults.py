"""Nothing is lost when the worker is killed, here in short; `make faults` is the long trial."""

import shutil

import pytest

from bench.faults import trial
from helpdesk.tests.conftest import missing

pytestmark = pytest.mark.services


def test_no_ticket_or_receipt_is_lost_while_the_worker_is_killed():
    outcome = trial(tickets=20, kills=3, seconds=9, redis=False, patience=4)
    assert outcome.refused == []
    assert (outcome.posted, outcome.stored, outcome.receipts) == (20, 20, 20)
    assert outcome.duplicates <= outcome.kills == 3


def test_nothing_is_lost_when_redis_stops_too():
    if not shutil.which("redis-server"):
        missing("redis-server")
    outcome = trial(tickets=20, kills=3, seconds=15, redis=True, patience=4)
    assert outcome.refused == []
    assert (outcome.posted, outcome.stored, outcome.receipts) == (20, 20, 20)
    assert outcome.duplicates <= outcome.kills == 3
    assert outcome.slowest < 3
