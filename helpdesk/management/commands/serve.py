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
    "gunicorn --worker-class helpdesk.web_worker.Worker --workers 2 --threads 16 --timeout 60"
    " --graceful-timeout 15 --no-control-socket --log-level warning"
    # A search of any length is answered by us, in Spanish; only this machine reaches the port.
    " --limit-request-line 0"
)
WORKER = (
    "celery --quiet --app helpdesk worker --beat --pool threads --concurrency 2 --without-gossip"
    " --without-mingle --loglevel warning"
)
SECONDS_TO_VANISH = 2  # what was killed
QUICK = 60  # seconds: what dies sooner after its start is likely to die again
PAUSES = (1, 2, 5, 10, 30)  # seconds before a new start, after so many quick deaths in a row
WEB_DEATHS = 4  # so many in a row end everything
PR_SET_PDEATHSIG = 1  # Linux: the signal that a child gets when its parent dies


class Stop(Exception):
    """Somebody asked for the end: Ctrl-C, TERM, or a closed terminal."""


class Command(BaseCommand):
    help = "Starts web and worker on this machine; Ctrl-C or TERM ends both."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--prepare", action="store_true", help="migrate and load_demo first")

    def handle(self, *, prepare: bool, **options) -> None:
        end_asked = EndAsked()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup: whoever starts it so wants it to outlive the terminal.
            if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:
                signal.signal(name, end_asked)
        parts: list[Part] = []
        try:
            if prepare:
                self.prepare()
            login = known_login()
            connections.close_all()
            # Kept open here: whoever comes while the web starts again waits instead of being refused.
            with bind(settings.PORT) as listener:
                port = listener.getsockname()[1]
                parts += parts_of(listener, port)
                for part in parts:
                    part.start()
                wait_for_answer(parts[0], port)
                self.greet(address_on(port), login)
                self.keep_alive(parts)
        except Stop:
            pass
        finally:
            end_asked.is_over = True
            end(parts)

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

    def keep_alive(self, parts: list["Part"]) -> None:
        """For days if need be: start again whatever has died, and say so. Ends by Stop, or CommandError."""
        while True:
            for part in parts:
                if told := part.tend(time.monotonic()):
                    self.stdout.write(told)
                    self.stdout.flush()
            time.sleep(0.2)


class Part:
    """One process of the group with its children, in a session of its own: the terminal's Ctrl-C reaches
    only the supervisor. `deaths` counts the quick ones in a row; after `last_death` of them it is given up.
    """

    def __init__(
        self, name: str, command: str, environment: dict, *, listener: int | None = None, last_death: int = 0
    ) -> None:
        self.name = name
        self.command = [sys.executable, "-m", *command.split()]
        self.environment = environment
        self.inherits = [] if listener is None else [listener]
        self.last_death = last_death
        self.process: subprocess.Popen | None = None
        self.started_at = self.due_at = 0.0
        self.deaths = 0

    def start(self) -> None:
        libc = ctypes.CDLL(None)
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.inherits,
            preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM),
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def tend(self, now: float) -> str:
        """Start it again when its time has come; a line to tell when it has just been found dead."""
        if self.process is None and now >= self.due_at:
            self.start()
        if not self.has_died():
            return ""
        self.kill()
        self.process = None
        self.deaths = self.deaths + 1 if now - self.started_at < QUICK else 1
        if self.deaths == self.last_death:
            raise CommandError(f"Se ha parado {self.name} {self.deaths} veces seguidas: se cierra todo.")
        pause = PAUSES[min(self.deaths, len(PAUSES)) - 1]
        self.due_at = now + pause
        return f"Se ha parado {self.name}: arranca de nuevo en {pause} s."

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def finish(self, deadline: float) -> None:
        """Give it until then, and kill whatever is left of its group."""
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0, deadline - time.monotonic()))
            self.kill()

    def kill(self) -> None:
        """Leave nothing of its group; orphans take a moment to go."""
        deadline = time.monotonic() + SECONDS_TO_VANISH
        with contextlib.suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                time.sleep(0.02)


class EndAsked:
    """What a signal calls: the first one raises Stop, and those that follow it are too late to matter."""

    is_over = False

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        if not self.is_over:
            self.is_over = True
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


def parts_of(listener: socket.socket, port: int) -> list[Part]:
    """The web and the worker. A web that cannot live ends everything; mails can wait for their worker."""
    environment = os.environ | {
        "PORT": str(port),
        "SITE_URL": address_on(port),
        "DATA_DIR": str(settings.DATA_DIR),
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    web = f"{WEB} --bind fd://{listener.fileno()} helpdesk.wsgi"
    return [
        Part("la web", web, environment, listener=listener.fileno(), last_death=WEB_DEATHS),
        Part("el envío de correos", WORKER, environment),
    ]


def wait_for_answer(web: Part, port: int) -> None:
    """Return when the web answers anything at all. Raises CommandError when it ends before."""
    while not web.has_died():
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/salud/", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"No arranca {web.name}: se cierra todo.")


def end(parts: list[Part]) -> None:
    """TERM to each, time for the last work, then KILL to whatever is left of each group."""
    for part in parts:
        part.ask_to_end()
    deadline = time.monotonic() + GRACE
    for part in parts:
        part.finish(deadline)
