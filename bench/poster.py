"""A customer whose connection may break at any moment, and who then sends the same form once more."""

import hashlib
import http.client
import threading
import time
from collections.abc import Callable

from bench.page import Page
from bench.visitor import Answer, File, Visitor
from helpdesk.demo_pictures import draw_window

FORM, UPLOADS = "/tickets/nuevo/", "/tickets/nuevo/archivos/"
PATIENCE = 300  # seconds until somebody gives up for good
PAUSE = 0.2  # seconds until they try again
SCREENSHOT = draw_window("Prueba", ["Error 500"])


class Refused(Exception):
    """An answer that no customer should have got."""


class Poster:
    """One customer with a ticket of two files, a screenshot and a text of their own.

    With script each file goes up by a request of its own before the form, as `message-form.js` does it;
    without, all of it is one POST. `under_way` is set whenever a POST begins. `broken` counts the requests
    that were cut off, `slowest` is the longest time in seconds that an answer took.
    """

    def __init__(self, address: str, number: int, *, with_script: bool, under_way: threading.Event) -> None:
        self.visitor = Visitor(address, timeout=PATIENCE)
        self.email = f"persona{number}@example.com"
        self.fields = {
            "name": f"Persona {number}",
            "email": self.email,
            "description": f"No me llegan los correos desde ayer. Esta es la consulta número {number}.",
        }
        self.files: list[File] = [
            ("captura.png", SCREENSHOT, "image/png"),
            ("registro.txt", f"línea {number}\n".encode(), "text/plain"),
        ]
        self.with_script = with_script
        self.under_way = under_way
        self.broken = 0
        self.slowest = 0.0

    @property
    def hashes(self) -> list[str]:
        return sorted(hashlib.sha256(content).hexdigest() for _name, content, _type in self.files)

    def open_ticket(self) -> None:
        """Fill in the form and send it until the receipt is on the screen. Raises Refused."""
        form = self._insist(lambda: self.visitor.get(FORM), 200)
        hidden = Page.read(form.text).form(to=FORM).hidden
        if self.with_script:
            for file in self.files:
                self._stage(hidden, file)
        files = [] if self.with_script else self.files
        sent = self._insist(lambda: self._post(FORM, hidden | self.fields, {"attachments": files}), 302)
        receipt = self._insist(lambda: self.visitor.get(sent.location), 200)
        if not sent.location.endswith("/recibo/") or "captura.png" not in receipt.text:
            raise Refused(f"{self.email}: no receipt at {sent.location}")

    def _stage(self, hidden: dict[str, str], file: File) -> None:
        own = {name: hidden[name] for name in ("form_key", "opened")}
        self._insist(lambda: self._post(UPLOADS, own, {"attachments": [file]}), 200, 201)

    def _post(self, path: str, fields: dict[str, str], files: dict[str, list[File]]) -> Answer:
        self.under_way.set()
        return self.visitor.post(path, fields, files)

    def _insist(self, ask: Callable[[], Answer], *wanted: int) -> Answer:
        """Ask until there is an answer, as somebody does who reloads the page that did not come."""
        gives_up_at = time.monotonic() + PATIENCE
        while True:
            started = time.monotonic()
            try:
                answer = ask()
            except (OSError, http.client.HTTPException) as error:
                self.broken += not isinstance(error, ConnectionRefusedError)
                if time.monotonic() > gives_up_at:
                    raise Refused(f"{self.email}: {error}") from error
                time.sleep(PAUSE)
                continue
            self.slowest = max(self.slowest, time.monotonic() - started)
            if answer.status not in wanted:
                raise Refused(f"{self.email}: {answer.path} answered {answer.status}")
            return answer
