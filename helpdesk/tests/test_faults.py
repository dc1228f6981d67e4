"""Nothing is lost when web and worker are killed, here in short; `make faults` is the long trial."""

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


def test_nothing_is_lost_while_web_and_worker_are_killed(database):
    outcome = trial(tickets=16, kills=2, web_kills=1, seconds=8, redis=False, patience=4, **database)
    assert (outcome.refused, outcome.faults) == ([], [])
    assert (len(outcome.posted), outcome.stored, outcome.receipts) == (16, 16, 16)
    assert outcome.web_kills == 1
    assert outcome.duplicates <= outcome.kills == 2
    assert outcome.most_mails <= 2


def test_nothing_is_lost_when_redis_stops_too(database):
    if not shutil.which("redis-server"):
        missing("redis-server")
    outcome = trial(tickets=16, kills=2, web_kills=1, seconds=12, redis=True, patience=4, **database)
    assert (outcome.refused, outcome.faults) == ([], [])
    assert (len(outcome.posted), outcome.stored, outcome.receipts) == (16, 16, 16)
    assert outcome.duplicates <= outcome.kills == 2
    assert outcome.most_mails <= 2
