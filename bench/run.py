"""Speed beside a bare Django project under the same server, in one run: `make bench`.

Absolute figures depend on the machine; the ratios to the bare project taken in the same run do not much.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from bench import bombs, load, search
from bench.desk import Desk
from bench.pictures import screenshot
from bench.visitor import Answer, Visitor, encode_multipart
from bench.weight import first_visit

CONNECTIONS = 8
WEIGHT_LIMIT = 30_000  # bytes
PAGES = (
    ("Mi Cuenta", "/mi-cuenta/"),
    ("documentation", "/documentacion/"),
    ("article", "/documentacion/correo-y-moviles/no-recibo-correos/"),
    ("search", "/documentacion/buscar/?q=no+me+llegan+los+correos"),
    ("ticket form", "/tickets/nuevo/"),
)
TICKET = {
    "name": "Lucía Prado Santos",
    "email": "lucia@example.com",
    "description": "No me llegan los correos desde ayer por la tarde. Adjunto lo que sale.",
    "twin": "new",  # one person sends many of them
}
# Run inside the desk: how many SQL statements each page takes, and the POST of a ticket.
COUNT_QUERIES = """
import io, sys
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from bench.page import Page
from bench.pictures import screenshot
from bench.run import PAGES, TICKET
client = Client(HTTP_HOST="127.0.0.1")
for name, path in PAGES:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    print(name, len(queries), sep="\\t")
hidden = Page.read(client.get("/tickets/nuevo/").content.decode()).form(to="/tickets/nuevo/").hidden
picture = io.BytesIO(screenshot(1_000_000))
picture.name = "captura.png"
with CaptureQueriesContext(connection) as queries:
    answer = client.post("/tickets/nuevo/", hidden | TICKET | {"attachments": picture})
assert answer.status_code == 302, answer.status_code
print("ticket", len(queries), sep="\\t")
"""


class Bare(Desk):
    """The bare project under the same server."""

    def __enter__(self) -> "Bare":
        self.environment |= {"DJANGO_SETTINGS_MODULE": "bench.bare.settings"}
        self.manage("migrate", "--run-syncdb", "--verbosity", "0")
        self.ask("from bench.bare.models import Upload; Upload.objects.create(pk=1, text='one row')")
        return self

    def start_web(self) -> subprocess.Popen:
        return super().start_web("bench.bare.wsgi")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4, help="for each page")
    parser.add_argument("--posts", type=int, default=25)
    parser.add_argument("--articles", help="a folder of articles to import as well")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-bench-")))
        for name in ("desk", "bare"):
            (folder / name).mkdir()
        desk = stack.enter_context(Desk(folder / "desk", DEMO="1", RATE_LIMITS="0"))
        desk.manage("load_demo")
        if options.articles:
            desk.manage("import_articles", options.articles, "--replace")
        bare = stack.enter_context(Bare(folder / "bare"))
        desk.start_web()
        bare.start_web()
        sql = dict(line.split("\t") for line in desk.ask(COUNT_QUERIES).splitlines())
        compare_pages(desk, bare, options.seconds, sql)
        compare_uploads(desk, bare, options.posts, sql)
        failures = weigh(desk) + bombs.measure(desk)
    search.measure()
    return int(failures > 0)


def compare_pages(desk: Desk, bare: Bare, seconds: float, sql: dict[str, str]) -> None:
    """Requests per second of each page beside a constant template and a row by primary key."""
    print(f"{'page':<16}{'req/s':>8}{'x const':>9}{'x pk':>7}{'p50 ms':>9}{'p99 ms':>9}{'SQL':>5}")
    constant = load.ask_many(bare.port, "/", seconds=seconds, connections=CONNECTIONS)
    row = load.ask_many(bare.port, "/row/1/", seconds=seconds, connections=CONNECTIONS)
    measured = [("bare template", constant, "0"), ("bare row by pk", row, "1")]
    for name, path in PAGES:
        figures = load.ask_many(desk.port, path, seconds=seconds, connections=CONNECTIONS)
        measured.append((name, figures, sql[name]))
    for name, figures, queries in measured:
        print(
            f"{name:<16}{figures.per_second:>8.0f}{figures.per_second / constant.per_second:>9.2f}"
            f"{figures.per_second / row.per_second:>7.2f}{figures.median_ms:>9.1f}{figures.p99_ms:>9.1f}"
            f"{queries:>5}",
            flush=True,
        )


def compare_uploads(desk: Desk, bare: Bare, posts: int, sql: dict[str, str]) -> None:
    """The POST of a ticket with a 1 MB screenshot beside a bare view that takes the same upload, by turns."""
    picture = ("captura.png", screenshot(1_000_000), "image/png")
    times: dict[str, list[float]] = {"bare upload": [], "ticket": []}
    for _ in range(posts):
        customer = Visitor(desk.address)
        hidden = customer.hidden_fields("/tickets/nuevo/")
        times["ticket"].append(timed_post(customer, "/tickets/nuevo/", hidden | TICKET, picture))
        times["bare upload"].append(timed_post(Visitor(bare.address), "/upload/", TICKET, picture))
    plain = load.figures(times["bare upload"], 1).median_ms
    print(f"\n{'POST with 1 MB':<16}{'p50 ms':>8}{'x bare':>9}{'p99 ms':>9}{'SQL':>5}")
    for name, queries in (("bare upload", "1"), ("ticket", sql["ticket"])):
        figures = load.figures(times[name], 1)
        ratio = plain / figures.median_ms
        print(f"{name:<16}{figures.median_ms:>8.1f}{ratio:>9.2f}{figures.p99_ms:>9.1f}{queries:>5}")


def timed_post(visitor: Visitor, path: str, fields: dict[str, str], picture: tuple) -> float:
    """Seconds until the answer. Raises RuntimeError when it is no redirect."""
    body, content_type = encode_multipart(fields, {"attachments": [picture]})
    started = time.perf_counter()
    answer: Answer = visitor.send(path, body, content_type)
    elapsed = time.perf_counter() - started
    if answer.status != 302:
        raise RuntimeError(f"{path} answered {answer.status}")
    return elapsed


def weigh(desk: Desk) -> int:
    """A first visit to Mi Cuenta, with everything that it fetches; 1 when it is over the limit."""

    def fetch(path: str) -> bytes:
        with urllib.request.urlopen(desk.address + path) as answer:
            return answer.read()

    weight, asked = first_visit(fetch, "/mi-cuenta/")
    print(
        f"\nFirst visit to Mi Cuenta: {weight / 1000:.1f} kB with gzip, {len(asked)} requests (limit 30 kB)"
    )
    return int(weight > WEIGHT_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
