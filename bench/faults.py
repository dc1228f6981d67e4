"""Tickets posted at random moments while the worker is killed: none may be lost, nor its receipt.

    python -m bench.faults            300 tickets and 20 kills, on the embedded queue and on Redis
    python -m bench.faults --queue redis --tickets 50 --kills 5

On Redis, Redis itself is stopped for ten seconds in the middle and forgets everything.
"""

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.desk import Desk
from bench.visitor import Visitor
from helpdesk.demo_pictures import draw_window
from helpdesk.tests import services
from helpdesk.tests.sink import Mailbox, listening

POSTERS = 3
SINK_DELAY = 0.1  # seconds a mail takes to be accepted, so that kills fall into deliveries
LEASE_AND_SWEEP = 60 + 30 + 15  # seconds after which a killed delivery has surely been repeated
REDIS_OUTAGE = 10
SCREENSHOT = draw_window("Prueba", ["Error 500"])


@dataclass
class Outcome:
    """What came of a trial."""

    posted: int = 0
    refused: list[str] = field(default_factory=list)
    slowest: float = 0.0
    kills: int = 0
    stored: int = 0
    receipts: int = 0
    duplicates: int = 0
    seconds_to_last: float = 0.0

    @property
    def holds(self) -> bool:
        return (
            not self.refused and self.posted == self.stored == self.receipts and self.duplicates <= self.kills
        )

    def __str__(self) -> str:
        return (
            f"{self.posted} posted, {self.stored} tickets, {self.receipts} receipts, "
            f"{self.duplicates} duplicates in {self.kills} kills; slowest answer {self.slowest:.2f} s, "
            f"last receipt {self.seconds_to_last:.0f} s after the last ticket"
        )


def trial(
    *, tickets: int, kills: int, seconds: float, redis: bool, patience: float, **variables: str
) -> Outcome:
    """Post `tickets` within `seconds` while the worker is killed `kills` times.

    Then wait `patience` seconds for receipts; what a killed worker had in its hands after that is not
    waited for but swept up as if its lease had ended. `variables` are settings of the desk.
    """
    outcome = Outcome()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-faults-"))
        mailbox, port = stack.enter_context(listening(delay=SINK_DELAY))
        socket = f"{folder}/redis.sock"
        if redis:
            variables["REDIS_URL"] = f"unix://{socket}"
        variables |= {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "RATE_LIMITS": "0"}
        desk = stack.enter_context(Desk(folder, **variables))
        threads = [
            Thread(post, desk.address, range(n, tickets, POSTERS), seconds, outcome) for n in range(POSTERS)
        ]
        if redis:
            server = RedisThatFails(socket)
            stack.callback(server.stop)
            threads.append(Thread(server.fail_once, after=seconds / 3))
        desk.start_web()
        threads.append(Thread(kill_workers, desk, kills, seconds, outcome))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.finish()
        ended = time.monotonic()
        wait_until(lambda: len(receipts(mailbox)) >= tickets, patience)
        if len(receipts(mailbox)) < tickets:
            desk.ask(END_LEASES)
        outcome.seconds_to_last = time.monotonic() - ended
        time.sleep(1)  # a duplicate would come now
        outcome.stored = int(desk.ask("from tickets.models import Ticket; print(Ticket.objects.count())"))
        count = receipts(mailbox)
        outcome.receipts, outcome.duplicates = len(count), count.total() - len(count)
    return outcome


END_LEASES = """
from django.utils import timezone
from tickets import outbox
from tickets.models import OutboxMessage
OutboxMessage.objects.unsent().update(due_at=timezone.now())
outbox.sweep()
"""


def post(address: str, numbers: range, seconds: float, outcome: Outcome) -> None:
    """One customer after another, each at a random moment of their share of the time."""
    pause = seconds / max(1, len(numbers))
    for number in numbers:
        time.sleep(random.uniform(0, 2 * pause) * 0.9)
        fields = {
            "name": f"Persona {number}",
            "email": f"persona{number}@example.com",
            "description": f"No me llegan los correos desde ayer. Esta es la consulta número {number}.",
        }
        pictures = [("captura.png", SCREENSHOT, "image/png")] if number % 5 == 0 else []
        started = time.monotonic()
        try:
            answer = Visitor(address).open_ticket(fields, pictures)
        except (OSError, RuntimeError) as error:
            outcome.refused.append(str(error))
            continue
        outcome.slowest = max(outcome.slowest, time.monotonic() - started)
        if answer.status == 302 and answer.location.endswith("/recibo/"):
            outcome.posted += 1
        else:
            outcome.refused.append(f"{number}: {answer.status} {answer.location}")


def kill_workers(desk: Desk, kills: int, seconds: float, outcome: Outcome) -> None:
    """Start a worker, kill it at a random moment, start the next; the last one lives."""
    worker = desk.start_worker()
    for _ in range(kills):
        time.sleep(random.uniform(0.6, 1.4) * seconds / kills)
        desk.kill(worker)
        outcome.kills += 1
        worker = desk.start_worker()


def receipts(mailbox: Mailbox) -> Counter[str]:
    """How many mails each customer got."""
    return Counter(mail.rcpt_tos[0] for mail in list(mailbox.mails) if mail.rcpt_tos[0].startswith("persona"))


class RedisThatFails:
    """A Redis that keeps nothing on disk and can be stopped for a while."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.server = services.start_redis(path)

    def fail_once(self, after: float) -> None:
        time.sleep(after)
        self.stop()
        time.sleep(REDIS_OUTAGE)
        self.server = services.start_redis(self.path)

    def stop(self) -> None:
        self.server.kill()
        self.server.wait()


class Thread(threading.Thread):
    """A thread whose failure is not forgotten."""

    def __init__(self, work: Callable, *args, **kwargs) -> None:
        super().__init__(daemon=True)
        self.work = lambda: work(*args, **kwargs)
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.work()
        except Exception as error:
            self.error = error

    def finish(self) -> None:
        self.join()
        if self.error:
            raise self.error


def wait_until(is_done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.2)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queue", choices=["embedded", "redis", "both"], default="both")
    parser.add_argument("--tickets", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    code = 0
    for queue in ["embedded", "redis"] if options.queue == "both" else [options.queue]:
        if queue == "redis" and not shutil.which("redis-server"):
            print("Skipped: redis-server")
            continue
        outcome = trial(
            tickets=options.tickets,
            kills=options.kills,
            seconds=options.seconds,
            redis=queue == "redis",
            patience=LEASE_AND_SWEEP,
        )
        print(f"{queue}: {outcome}: {'holds' if outcome.holds else 'BROKEN'}", flush=True)
        for line in outcome.refused[:5]:
            print(f"  refused: {line}")
        code = code if outcome.holds else 1
    return code


if __name__ == "__main__":
    sys.exit(main())
