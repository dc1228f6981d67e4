"""A desk in a folder of its own: real web and worker processes that can be started and killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from helpdesk.management.commands.serve import WEB, WORKER
from helpdesk.tests.sink import free_port

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 30  # seconds


class Desk:
    """Use as a context manager: prepares the database on entry, ends every process on exit."""

    def __init__(self, folder: Path | str, **variables: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"DATA_DIR": str(folder), "PORT": str(self.port), "ENV_FILE": os.devnull}
        own["TMPDIR"] = str(folder)  # what a killed process leaves there goes with the folder
        self.environment = kept | own | variables
        self.log = open(Path(folder) / "processes.log", "a")  # noqa: SIM115  closed on exit
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> "Desk":
        self.manage("migrate", "--verbosity", "0")
        self.manage("createcachetable", "--verbosity", "0")
        return self

    def __exit__(self, *error: object) -> None:
        for process in list(self.processes):
            self.kill(process)
        self.log.close()

    def manage(self, *arguments: str) -> str:
        """Run a management command; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def ask(self, code: str) -> str:
        """Run a few lines of Python inside the desk, with Django set up; what they printed."""
        return self.manage("shell", "--no-imports", "--command", code).strip()

    def start_web(self, application: str = "helpdesk.wsgi") -> subprocess.Popen:
        """Start the web and wait until it answers."""
        process = self._start(f"{WEB} --bind 127.0.0.1:{self.port} {application}")
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/salud/", timeout=5).close()
                return process
            except urllib.error.HTTPError:
                return process
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the web did not start, see {self.log.name}")

    def start_worker(self) -> subprocess.Popen:
        return self._start(WORKER)

    def kill(self, process: subprocess.Popen) -> None:
        """KILL to the whole group, as a power cut would; once for each process."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)

    def _start(self, command: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", *command.split()],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process
