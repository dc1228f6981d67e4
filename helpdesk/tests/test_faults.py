"""Nothing is lost when the worker is killed, here in short; `make faults` is the long trial."""

import os
import secrets
import shutil

import psycopg
import pytest

from bench.faults import trial
from helpdesk.tests.conftest import missing

pytestmark = pytest.mark.services


@pytest.fixture
def database() -> dict[str, str]:
    """A fresh PostgreSQL database where the suite runs on one, else the desk's own SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return {}
    name = f"faults_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return {"DATABASE_URL": url.replace("/postgres?", f"/{name}?")}


def test_no_ticket_or_receipt_is_lost_while_the_worker_is_killed(database):
    outcome = trial(tickets=20, kills=3, seconds=9, redis=False, patience=4, **database)
    assert outcome.refused == []
    assert (outcome.posted, outcome.stored, outcome.receipts) == (20, 20, 20)
    assert outcome.duplicates <= outcome.kills == 3


def test_nothing_is_lost_when_redis_stops_too(database):
    if not shutil.which("redis-server"):
        missing("redis-server")
    outcome = trial(tickets=20, kills=3, seconds=15, redis=True, patience=4, **database)
    assert outcome.refused == []
    assert (outcome.posted, outcome.stored, outcome.receipts) == (20, 20, 20)
    assert outcome.duplicates <= outcome.kills == 3
    assert outcome.slowest < 3
