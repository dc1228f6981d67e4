"""The mails as a real SMTP server sees them, and what becomes of a row when that server misbehaves."""

import email
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from tickets import outbox
from tickets.models import OutboxMessage
from tickets.tests.factories import LUCIA
from tickets.tests.test_outbox import make_row

pytestmark = [pytest.mark.django_db, pytest.mark.services]


class Desk:
    """An SMTP server that keeps what it gets and answers as told."""

    def __init__(self) -> None:
        self.mails: list = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server, session, envelope):
        if "DATA" not in self.answers:
            self.mails.append(envelope)
        return self.answers.get("DATA", "250 OK")


@pytest.fixture
def desk(settings):
    desk = Desk()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(desk, hostname="127.0.0.1", port=port)
    controller.start()
    point_at(settings, port)
    yield desk
    controller.stop()


def point_at(settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


def delivered(row: OutboxMessage) -> OutboxMessage:
    outbox.deliver(row.pk)
    row.refresh_from_db()
    return row


def test_mail_carries_its_headers_and_both_parts(desk, settings):
    settings.SITE_NAME, settings.DEFAULT_FROM_EMAIL = "Soporte", "Soporte <soporte@example.com>"
    row = delivered(make_row(headers={"References": "<a@b>", "In-Reply-To": "<a@b>"}))
    assert row.state == "sent"
    (envelope,) = desk.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("soporte@example.com", [LUCIA])
    mail = email.message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Subject"] == "[MS-4F7K-29Q] Tu ticket"
    assert mail["Message-ID"] == row.mail_id
    assert mail["Reply-To"] == settings.SUPPORT_EMAIL
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["References"] == mail["In-Reply-To"] == "<a@b>"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert "https://example.com/t/secreto/?a=1&b=2" in text.get_content()
    assert 'href="https://example.com/t/secreto/?a=1&amp;b=2"' in html.get_content()


def test_answer_of_a_person_is_not_marked_as_automatic(desk):
    delivered(make_row(is_automatic=False))
    mail = email.message_from_bytes(desk.mails[0].content)
    assert mail["Auto-Submitted"] is None


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "state"),
    [("451 4.7.1 try later", "queued"), ("550 5.1.1 nobody here", "failed")],
)
def test_refusal_is_final_or_not_by_its_code(desk, command, answer, state):
    desk.answers[command] = answer
    row = delivered(make_row())
    assert (row.state, desk.mails) == (state, [])
    assert row.last_error.startswith(answer[:3])


def test_refused_login_is_no_verdict_on_the_mail(desk, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "soporte", "wrong"
    assert delivered(make_row()).state == "queued"


def test_server_that_is_not_there_is_tried_again(settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    point_at(settings, port)
    row = delivered(make_row())
    assert (row.state, row.attempts) == ("queued", 1)
    assert "refused" in row.last_error.lower()


def test_silent_server_is_left_after_the_time_out(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_at(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.3
        began = time.monotonic()
        row = delivered(make_row())
    assert time.monotonic() - began < 2
    assert row.state == "queued"


def test_impossible_header_is_failed_and_does_not_stop_the_next(desk):
    bad = make_row("bad", headers={"X-Name": "a\nBcc: x@example.com"}, due_at=timezone.now() - timedelta(1))
    make_row("good", recipient="bruno@example.org")
    assert outbox.sweep() == 1
    bad.refresh_from_db()
    assert bad.state == "failed"
    assert "BadHeaderError" in bad.last_error
    assert len(desk.mails) == 1


def test_lines_beginning_with_a_dot_and_accents_arrive_whole(desk):
    delivered(make_row(body_text="Acción\n.\n.hidden\n…", body_html="", secrets={}))
    mail = email.message_from_bytes(desk.mails[0].content, policy=policy.default)
    assert mail.get_content().splitlines() == ["Acción", ".", ".hidden", "…"]


SENDER = """
import os, sys
os.environ["DATABASE_URL"], os.environ["EMAIL_URL"] = sys.argv[1], sys.argv[2]
import django
django.setup()
from django.conf import settings
from tickets import outbox
settings.DATABASES["default"]["NAME"] = sys.argv[3]
outbox.deliver(sys.argv[4])
"""


@contextmanager
def stalling_server():
    """Accepts a connection and says nothing, so that whoever sends to it is caught in the act."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


@pytest.mark.django_db(transaction=True)
def test_killed_sender_leaves_a_row_that_another_one_takes(desk, settings, tmp_path):
    row = make_row()
    with stalling_server() as server:
        child = start_sender(row, server.getsockname()[1], tmp_path)
        try:
            caught, _ = server.accept()
            with caught:
                child.send_signal(signal.SIGKILL)
                child.wait(10)
        finally:
            child.kill()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sending", 1)
    assert outbox.sweep() == 0
    OutboxMessage.objects.update(due_at=timezone.now())  # the minute is over
    assert outbox.sweep() == 1
    assert len(desk.mails) == 1


def start_sender(row: OutboxMessage, port: int, folder: Path) -> subprocess.Popen:
    """A process of its own that delivers the row, on the test's database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        if "memory" in str(database["NAME"]):
            pytest.skip("the test database is in memory: another process cannot see it")
        url = f"sqlite:///{database['NAME']}"
    else:
        url = os.environ["DATABASE_URL"]
    environment = os.environ | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    arguments = [url, f"smtp://127.0.0.1:{port}", str(database["NAME"]), str(row.pk)]
    return subprocess.Popen([sys.executable, "-c", SENDER, *arguments], env=environment)
