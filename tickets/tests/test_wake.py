import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest
from celery import Celery
from django.db import transaction

from tickets import wake
from tickets.models import Ticket
from tickets.tests.factories import make_ticket

HALF_A_SECOND = 0.5
SLACK = 0.35  # two busy cores


@contextmanager
def broker(url: str, **options):
    """Point calls to the worker at another broker, with the timeouts of the settings."""
    app = Celery("test", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options={
            "socket_connect_timeout": 0.5,
            "socket_timeout": 0.5,
            "retry_on_timeout": False,
            "max_retries": 0,
        }
        | options,
        broker_connection_timeout=0.5,
        task_publish_retry=False,
        task_ignore_result=True,
    )
    yield app
    app.pool.force_close_all()


@pytest.fixture
def at(monkeypatch):
    """`at(app)`: calls go to this application's broker."""
    return lambda app: monkeypatch.setattr(wake, "current_app", app)


def timed_call() -> tuple[bool, float]:
    began = time.monotonic()
    done = wake.call("tickets.tasks.deliver", "key")
    return done, time.monotonic() - began


def test_call_reaches_a_folder(at, tmp_path):
    queue = tmp_path / "queue"
    queue.mkdir()
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(queue))
    with broker("filesystem://", **folders, control_folder=str(tmp_path / "control")) as app:
        at(app)
        assert wake.call("tickets.tasks.deliver", "key")
        (message,) = queue.iterdir()
        assert '"task": "tickets.tasks.deliver"' in message.read_text()


def test_folder_that_cannot_be_written_costs_nothing(at, tmp_path):
    (tmp_path / "queue").write_text("in the way")
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(tmp_path / "queue"))
    with broker("filesystem://", **folders, control_folder=str(tmp_path / "control")) as app:
        at(app)
        done, seconds = timed_call()
    assert not done
    assert seconds < HALF_A_SECOND


def test_redis_that_is_not_there_costs_nothing(at):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with broker(f"redis://127.0.0.1:{port}/0") as app:
        at(app)
        done, seconds = timed_call()
    assert not done
    assert seconds < HALF_A_SECOND + SLACK


def test_silent_redis_costs_half_a_second_once_in_half_a_minute(at):
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0") as app,
    ):
        at(app)
        done, seconds = timed_call()
        assert not done
        assert seconds < HALF_A_SECOND + SLACK
        again = [timed_call() for _ in range(20)]
    assert not any(done for done, _ in again)
    assert sum(seconds for _, seconds in again) < 0.05


def test_redis_that_falls_silent_after_it_answered_costs_no_more(at, tmp_path):
    if not shutil.which("redis-server"):
        if os.environ.get("CI") == "true":
            pytest.fail("redis-server is missing, and nothing may be skipped in CI", pytrace=False)
        pytest.skip("redis-server is missing")
    path = str(tmp_path / "redis")
    command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        ends_at = time.monotonic() + 10
        while not os.path.exists(path) and time.monotonic() < ends_at:
            time.sleep(0.02)
        with broker(f"redis+socket://{path}") as app:
            at(app)
            assert wake.call("tickets.tasks.deliver", "key")
            server.send_signal(signal.SIGSTOP)
            done, seconds = timed_call()
    finally:
        server.send_signal(signal.SIGCONT)
        server.terminate()
        server.wait(10)
    assert not done
    assert seconds < HALF_A_SECOND + SLACK


def test_broker_is_asked_again_when_the_half_minute_is_over(at, monkeypatch):
    asked = []

    class Broken:
        def send_task(self, *args, **options):
            asked.append(args)
            raise OSError("gone")

    at(Broken())
    assert [wake.call("task"), wake.call("task")] == [False, False]
    now = time.monotonic()
    monkeypatch.setattr("docs_kb.breaker.time.monotonic", lambda: now + 31)
    wake.call("task")
    assert len(asked) == 2


def test_nobody_waits_behind_a_caller_that_is_stuck(at):
    with wake._one_at_a_time:
        done, seconds = timed_call()
    assert not done
    assert seconds < HALF_A_SECOND


@pytest.mark.django_db(transaction=True)
def test_ticket_is_kept_when_the_broker_raises(at):
    class Broken:
        def send_task(self, *args, **options):
            raise RuntimeError("anything at all")

    at(Broken())
    ticket = make_ticket(notify=True)
    assert Ticket.objects.get(pk=ticket.pk).outbox.get().state == "queued"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_called_for_what_was_rolled_back(woken):
    with transaction.atomic():
        make_ticket(notify=True)
        assert woken == []
        transaction.set_rollback(True)
    assert woken == []
