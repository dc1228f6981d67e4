"""The web as clients meet it who fall silent, send more than it takes, or find its database gone."""

import contextlib
import socket
import urllib.request
from pathlib import Path

import pytest

from bench.desk import Desk
from bench.page import Page
from bench.visitor import Visitor

pytestmark = [pytest.mark.services, pytest.mark.once]
PATIENCE = 60  # seconds
SILENT = 20
MULTIPART = "Content-Type: multipart/form-data; boundary=x\r\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.start_web()
        yield desk


def begin(desk, text: str) -> socket.socket:
    """A connection that has sent so much."""
    connection = socket.create_connection(("127.0.0.1", desk.port), timeout=PATIENCE)
    connection.sendall(text.replace("HOST", f"127.0.0.1:{desk.port}").encode())
    return connection


def read_to_the_end(connection: socket.socket) -> str:
    data = b""
    while part := connection.recv(65536):
        data += part
    return data.decode(errors="replace")


@pytest.mark.parametrize(
    ("beginning", "answer"),
    [
        ("POST /tickets/nuevo/ HTTP/1.1\r\nHost: HOST\r\nContent-Le", ""),
        (
            f"POST /tickets/nuevo/ HTTP/1.1\r\nHost: HOST\r\n{MULTIPART}Content-Length: 900\r\n\r\n",
            "HTTP/1.1 4",
        ),
        (
            f"POST /tickets/nuevo/ HTTP/1.1\r\nHost: HOST\r\n{MULTIPART}Content-Length: 99999999\r\n\r\n",
            "HTTP/1.1 413",
        ),
        ("GET /mi-cuenta/ HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9\r\n\r\n", "HTTP/1.1 200"),
    ],
    ids=["header", "body", "huge body", "body of a get"],
)
def test_silent_clients_stop_nobody_and_are_sent_away(desk, beginning, answer):
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(begin(desk, beginning)) for _ in range(SILENT)]
        with urllib.request.urlopen(f"{desk.address}/mi-cuenta/", timeout=PATIENCE) as visit:
            assert visit.status == 200
        for connection in silent:
            assert read_to_the_end(connection).startswith(answer)
    assert "Traceback" not in Path(desk.log.name).read_text()


def test_page_reaches_whoever_really_sends_too_much(desk):
    length = f"Content-Length: {70 * 2**20}\r\nConnection: close\r\n\r\n"
    with begin(desk, f"POST /tickets/nuevo/ HTTP/1.1\r\nHost: HOST\r\n{MULTIPART}{length}") as connection:
        for _ in range(70):
            connection.sendall(b"x" * 2**20)
        page = read_to_the_end(connection)
    assert page.startswith("HTTP/1.1 413")
    assert "Los archivos pesan demasiado" in page
    assert "</html>" in page


@contextlib.contextmanager
def without_database(desk):
    """A web that finds no database where it was."""
    data = Path(desk.environment["DATA_DIR"], "helpdesk.sqlite3")
    aside = data.with_name("aside")
    desk.kill(desk.processes[-1])
    data.rename(aside)
    data.mkdir()
    try:
        desk.start_web()
        yield
        desk.kill(desk.processes[-1])
    finally:
        data.rmdir()
        aside.rename(data)
    desk.start_web()


def test_form_sent_when_the_database_is_gone_gives_every_field_back(desk):
    customer = Visitor(desk.address)
    typed = {"name": "Lucía Ferrer", "email": "lucia@example.com", "description": "No va <nada>.\r\nNi eso."}
    form = customer.hidden_fields("/tickets/nuevo/") | typed
    with without_database(desk):
        answer = customer.post("/tickets/nuevo/", form, {"attachments": []})
    assert answer.status == 500
    assert [area.raw_text for area in Page.read(answer.text).all("textarea")] == list(typed.values())
