"""`manage.py serve` as a person meets it: it says where it is, moves aside, and leaves nothing behind."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from bench.steps import STEPS
from helpdesk.management.commands.serve import PAUSES, WEB_DEATHS
from helpdesk.tests.sink import free_port

pytestmark = [pytest.mark.services, pytest.mark.once]
PATIENCE = 30  # seconds


class Served:
    """A running `serve` with what it printed so far."""

    def __init__(self, data_dir: Path, port: int, demo: str = "0", **variables: str) -> None:
        own = {"DATA_DIR": str(data_dir), "PORT": str(port), "ENV_FILE": os.devnull, "DEMO": demo}
        self.data_dir = data_dir
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--prepare"],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"]} | own | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        lines = [self.process.stdout.readline() for _ in range(3 if demo == "1" else 2)]
        self.greeting = lines[-2:]

    @property
    def address(self) -> str:
        return re.search(r"http://[\d.:]+/", self.greeting[0])[0]

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)

    def status_of(self, path: str) -> int:
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return answer.status

    def next_line(self) -> str:
        """The next thing it says: a test that waits in vain fails by the suite's own time limit."""
        return self.process.stdout.readline()

    def leader(self, program: str, *, other_than: int = 0) -> int:
        """The first process of the web or the worker, as soon as there is one."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for pid in self.descendants():
                with contextlib.suppress(OSError):
                    command = Path(f"/proc/{pid}/cmdline").read_bytes()
                    if program.encode() in command and os.getpgid(pid) == pid != other_than:
                        return pid
            time.sleep(0.05)
        raise AssertionError(f"no {program}")

    def descendants(self) -> list[int]:
        """The processes that live in this folder, but for `serve` itself."""
        mark = f"DATA_DIR={self.data_dir}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
            except OSError:
                continue
        return [pid for pid in found if pid != self.process.pid]


def port_of(served: Served) -> int:
    return int(served.address.rstrip("/").rpartition(":")[2])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """The folder of a desk that ran once: its database takes most of the time of a start."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    Served(folder, free_port()).stop()
    return folder


@pytest.fixture
def serve(tmp_path, prepared):
    started = []

    def start(port: int, *, is_new: bool = False, **options: str) -> Served:
        folder = tmp_path / f"data{len(started)}"
        if not is_new:
            shutil.copytree(prepared, folder)
        started.append(Served(folder, port, **options))
        return started[-1]

    yield start
    for served in started:
        served.stop()


def test_two_copies_never_meet_and_leave_nothing_behind(serve):
    first = serve(free_port())
    taken = port_of(first)
    second = serve(taken, is_new=True)
    assert taken < port_of(second) <= taken + 100
    assert re.fullmatch(r"Equipo: \S+/admin/ con el usuario equipo y la contraseña \S+\n", first.greeting[1])
    assert first.greeting[1].split()[-1] != second.greeting[1].split()[-1]
    assert len(first.descendants()) >= 3
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(PATIENCE) == 0
    assert first.descendants() == []
    assert second.status_of("mi-cuenta/") == 200


def test_search_of_any_length_reaches_our_own_page(serve):
    served = serve(free_port())
    assert served.status_of(f"documentacion/buscar/?q={'correo+' * 1500}") == 200


def test_serve_started_with_nohup_outlives_its_terminal(serve):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        served = serve(free_port())
    finally:
        signal.signal(signal.SIGHUP, before)
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    ignored = int(re.search(r"SigIgn:\s*(\w+)", status)[1], 16)
    assert ignored & 1 << signal.SIGHUP - 1


def test_worker_that_dies_is_started_again_and_the_web_stays(serve):
    served = serve(free_port())
    web, worker = served.leader("gunicorn"), served.leader("celery")
    os.kill(worker, signal.SIGKILL)
    assert served.next_line() == "Se ha parado el envío de correos: arranca de nuevo en 1 s.\n"
    assert served.status_of("mi-cuenta/") == 200
    os.kill(served.leader("celery", other_than=worker), signal.SIGKILL)
    assert served.next_line() == "Se ha parado el envío de correos: arranca de nuevo en 2 s.\n"
    assert served.leader("gunicorn") == web
    for name in (signal.SIGINT, signal.SIGTERM):  # while it waits, and by an impatient hand
        served.process.send_signal(name)
    assert served.process.wait(PATIENCE) == 0
    assert served.descendants() == []


def test_web_that_dies_is_started_again_and_ends_everything_if_it_cannot_live(serve):
    served = serve(free_port())
    web = served.leader("gunicorn")
    for pause in PAUSES[: WEB_DEATHS - 1]:
        os.killpg(web, signal.SIGKILL)
        assert served.status_of("mi-cuenta/") == 200  # nobody is refused, but waits
        assert served.next_line() == f"Se ha parado la web: arranca de nuevo en {pause} s.\n"
        web = served.leader("gunicorn", other_than=web)
    os.killpg(web, signal.SIGKILL)
    assert served.process.wait(PATIENCE) == 1
    assert served.descendants() == []


def test_customer_and_team_walk_through_a_demo_desk(serve):
    served = serve(free_port(), is_new=True, demo="1", RATE_LIMITS="0")
    told = walk(served.address, DATA_DIR=str(served.data_dir))
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("✓") == len(STEPS)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE) == 0
    assert served.descendants() == []


def test_walk_names_the_step_that_fails():
    told = walk(f"http://127.0.0.1:{free_port()}", LOGIN="ana:secreto")
    assert told.returncode == 1
    assert re.search(r"✗ .*Mi Cuenta shows its three numbered steps\n  .*refused", told.stdout)


def walk(address: str, **variables: str) -> subprocess.CompletedProcess:
    """Take every step of the customer's and the team's way through a desk."""
    return subprocess.run(
        [sys.executable, "-m", "bench.walk"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "URL": address} | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
