"""Run the whole product on one machine: web and worker as one supervised group."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from helpdesk import staff_login

GRACE = 20  # seconds for the last requests and tasks before a group is killed
PORTS_TRIED = 100
WEB = (
    "gunicorn --worker-class gthread --workers 2 --threads 4 --timeout 60 --graceful-timeout 15"
    " --no-control-socket --log-level warning"
    # A search of any length is answered by us, in Spanish; only this machine reaches the port.
    " --limit-request-line 0"
)
WORKER = (
    "celery --quiet --app helpdesk worker --beat --pool threads --concurrency 2 --without-gossip"
    " --without-mingle --loglevel warning"
)
PR_SET_PDEATHSIG = 1  # Linux: the signal that a child gets when its parent dies


class Stop(Exception):
    """Somebody asked for the end: Ctrl-C, TERM, or a closed terminal."""


class Command(BaseCommand):
    help = "Starts web and worker on this machine; Ctrl-C or TERM ends both."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--prepare", action="store_true", help="migrate and load_demo first")

    def handle(self, *, prepare: bool, **options) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup: whoever starts it so wants it to outlive the terminal.
            if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:
                signal.signal(name, ask_to_stop)
        children: dict[str, subprocess.Popen] = {}
        try:
            if prepare:
                self.prepare()
            login = known_login()
            connections.close_all()
            with bind(settings.PORT) as listener:
                port = listener.getsockname()[1]
                start(children, listener, port)
            wait_for_answer(children, port)
            self.greet(address_on(port), login)
            raise CommandError(f"Se ha parado {first_to_fall(children)}, así que se cierra todo.")
        except Stop:
            pass
        finally:
            for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(name, signal.SIG_IGN)
            end(children)

    def prepare(self) -> None:
        """Bring the database up to date and, where DEMO says so, fill it."""
        try:
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
        except DatabaseError as error:
            raise CommandError(f"No se puede abrir la base de datos: {error}".strip())
        call_command("load_demo", stdout=self.stdout)

    def greet(self, address: str, login: staff_login.Login | None) -> None:
        """One line for customers, one for staff."""
        self.stdout.write(f"Abierto en {address}/ (Ctrl-C para cerrar)")
        if login:
            self.stdout.write(
                f"Equipo: {address}/admin/ con el usuario {login.username} y la contraseña {login.password}"
            )
        self.stdout.flush()


def ask_to_stop(signum: int, frame: FrameType | None) -> None:
    raise Stop


def known_login() -> staff_login.Login | None:
    """The login to print; a database without tables ends the start."""
    try:
        return staff_login.still_valid()
    except DatabaseError:
        raise CommandError("La base de datos no está preparada: ejecuta antes «manage.py migrate».")


def bind(port: int) -> socket.socket:
    """A listening socket on loopback: PORT, or the next free one. The web server inherits it, so that
    nobody can take the port in between."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", candidate))
            listener.listen()
            return listener
        except PermissionError:
            raise CommandError(f"PORT: no se puede usar el puerto {candidate} sin ser administrador.")
        except OSError:
            listener.close()
    raise CommandError(f"PORT: ningún puerto libre desde el {port}.")


def address_on(port: int) -> str:
    """SITE_URL, following the port that was really taken."""
    suffix = f":{settings.PORT}"
    if settings.SITE_URL.endswith(suffix):
        return settings.SITE_URL.removesuffix(suffix) + f":{port}"
    return settings.SITE_URL


def start(children: dict[str, subprocess.Popen], listener: socket.socket, port: int) -> None:
    """Start both, each in a session of its own: the terminal's Ctrl-C reaches only the supervisor."""
    environment = os.environ | {
        "PORT": str(port),
        "SITE_URL": address_on(port),
        "DATA_DIR": str(settings.DATA_DIR),
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    libc = ctypes.CDLL(None)
    web = f"{WEB} --bind fd://{listener.fileno()} helpdesk.wsgi"
    for name, command in {"la web": web, "el envío de correos": WORKER}.items():
        children[name] = subprocess.Popen(
            [sys.executable, "-m", *command.split()],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[listener.fileno()] if command is web else [],
            preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM),
        )


def wait_for_answer(children: dict[str, subprocess.Popen], port: int) -> None:
    """Return when the web answers anything at all, or one of the children has ended."""
    while all(child.poll() is None for child in children.values()):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/salud/", timeout=60).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)


def first_to_fall(children: dict[str, subprocess.Popen]) -> str:
    """Wait, for days if need be, until one of the children has ended; its name."""
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(0.5)


def end(children: dict[str, subprocess.Popen]) -> None:
    """TERM to each, time for the last work, then KILL to whatever is left of each group."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
