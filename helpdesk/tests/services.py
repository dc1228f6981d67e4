"""Real PostgreSQL and Redis on private sockets, for the time of one command.

python -m helpdesk.tests.services -- pytest -m "not e2e"
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

POSTGRES_OPTIONS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
START_TIMEOUT = 20  # seconds


def postgres_bin() -> Path | None:
    """Where Debian keeps `initdb` and `postgres`: not on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[4]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def missing() -> list[str]:
    """The servers that this machine does not have."""
    return [
        name
        for name, found in (("postgresql", postgres_bin()), ("redis-server", shutil.which("redis-server")))
        if not found
    ]


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a new, empty cluster. As root it runs as the user `postgres`, because
    PostgreSQL refuses to be root."""
    binaries = postgres_bin()
    with tempfile.TemporaryDirectory(prefix="helpdesk-pg-") as folder:
        person: dict = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            person = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = f"{folder}/data"
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        initdb += ["--locale=C.UTF-8", "--no-sync"]
        quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, **person}
        subprocess.run(initdb, check=True, **quiet)
        command = [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="]
        command += [part for option in POSTGRES_OPTIONS for part in ("-c", option)]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True, **quiet)
        try:
            ask = [binaries / "pg_isready", "-q", "-h", folder]
            wait_for(lambda: subprocess.run(ask).returncode == 0, "PostgreSQL", server)
            yield f"postgres://postgres@/postgres?host={folder}"
        finally:
            stop(server, signal.SIGINT)


@contextmanager
def redis() -> Iterator[str]:
    """Yield the REDIS_URL of a server that keeps nothing on disk."""
    with tempfile.TemporaryDirectory(prefix="helpdesk-redis-") as folder:
        path = f"{folder}/redis.sock"
        server = start_redis(path)
        try:
            yield f"unix://{path}"
        finally:
            stop(server, signal.SIGTERM)


def start_redis(path: str) -> subprocess.Popen:
    """A redis-server on a socket of ours, ready to answer."""
    command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    wait_for(lambda: os.path.exists(path), "Redis", server)
    return server


def stop(server: subprocess.Popen, signum: signal.Signals) -> None:
    server.send_signal(signum)
    server.wait(START_TIMEOUT)


def wait_for(is_ready: Callable[[], bool], name: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not is_ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{name} did not start")
        time.sleep(0.02)


def main(arguments: list[str]) -> int:
    """Run a command with DATABASE_URL and REDIS_URL pointing at fresh servers; its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the servers end as well
    with ExitStack() as stack:
        urls = {"DATABASE_URL": stack.enter_context(postgres()), "REDIS_URL": stack.enter_context(redis())}
        return subprocess.run(command, env=os.environ | urls).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
