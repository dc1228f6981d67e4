"""Tickets with files posted at random moments while web and worker are killed: none may be lost, nor its
receipt, nor a file, and nothing may be half there.

    python -m bench.faults            300 tickets, 20 killed workers, 10 killed webs; embedded queue and Redis
    python -m bench.faults --queue redis --tickets 50 --kills 5 --web-kills 3

On Redis, Redis itself is stopped for ten seconds in the middle and forgets everything.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.desk import Desk
from bench.poster import Poster, Refused
from helpdesk.tests import services
from helpdesk.tests.sink import Mailbox, listening

POSTERS = 4
SINK_DELAY = 0.1  # seconds a mail takes to be accepted, so that kills fall into deliveries
LEASE_AND_SWEEP = 60 + 30 + 15  # seconds after which a killed delivery has surely been repeated
REDIS_OUTAGE = 10
MOST_MAILS = 2  # of one notice
MIDDLE = 0.04  # seconds that a POST may be under way when the web is killed


@dataclass
class Outcome:
    """What came of a trial: who saw a receipt, with the hashes of their files, and what was found later."""

    posted: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    kills: int = 0
    web_kills: int = 0
    broken: int = 0
    slowest: float = 0.0
    stored: int = 0
    receipts: int = 0
    duplicates: int = 0
    most_mails: int = 0
    seconds_to_last: float = 0.0

    @property
    def holds(self) -> bool:
        is_whole = not self.refused and not self.faults
        is_all_there = len(self.posted) == self.stored == self.receipts
        return is_whole and is_all_there and self.duplicates <= self.kills and self.most_mails <= MOST_MAILS

    def __str__(self) -> str:
        return (
            f"{len(self.posted)} receipts shown, {self.stored} tickets, {self.receipts} receipts mailed, "
            f"{self.duplicates} of them twice, none more than {self.most_mails} times; {self.kills} workers "
            f"and {self.web_kills} webs killed, {self.broken} requests cut off; slowest answer "
            f"{self.slowest:.2f} s, last mail and picture {self.seconds_to_last:.0f} s after the last ticket"
        )


def trial(
    *,
    tickets: int,
    kills: int,
    web_kills: int,
    seconds: float,
    redis: bool,
    patience: float,
    **variables: str,
) -> Outcome:
    """Post `tickets` within `seconds` or more, every other one with script, while `kills` workers and
    `web_kills` webs are killed.

    Then wait `patience` seconds for mails and clean pictures; what a killed worker had in its hands after
    that is not waited for but taken up as if its lease had ended. `variables` are settings of the desk.
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
        under_way = threading.Event()
        shares = [range(n, tickets, POSTERS) for n in range(POSTERS)]
        threads = [Thread(post, desk.address, share, seconds, under_way, outcome) for share in shares]
        if redis:
            server = RedisThatFails(socket)
            stack.callback(server.stop)
            threads.append(Thread(server.fail_once, after=seconds / 3))
        threads.append(Thread(kill_webs, desk, desk.start_web(), web_kills, seconds, under_way, outcome))
        threads.append(Thread(kill_workers, desk, kills, seconds, outcome))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.finish()
        ended = time.monotonic()
        found = json.loads(desk.ask(SETTLE_AND_LOOK % patience))
        outcome.seconds_to_last = time.monotonic() - ended
        compare(found, mailbox, outcome)
    return outcome


# Wait until the worker has nothing left to do, and do what is left as if its leases had ended. Then what is
# there, as JSON: the sweep of orphans and the check come as if a day and a half had passed.
SETTLE_AND_LOOK = """
import json, time
from datetime import timedelta
from django.utils import timezone
from tickets import attachments, examination, inventory, outbox
from tickets.models import Attachment, OutboxMessage, Ticket

def left():
    return [rows for rows in (OutboxMessage.objects.unsent(), pictures) if rows.exists()]

def files(message):
    return sorted([file.sha256, file.state] for file in message.attachments.all())

pictures = Attachment.objects.filter(state="analysing")
deadline = time.monotonic() + %s
while left() and time.monotonic() < deadline:
    time.sleep(0.2)
for rows in left():
    rows.update(due_at=timezone.now())
while left():
    outbox.sweep()
    examination.examine_due()
    time.sleep(0.2)
time.sleep(1)  # a duplicate would come now
drafts = Attachment.objects.filter(message=None).count()
later = timezone.now() + timedelta(hours=36)
attachments.remove_orphans(at=later)
print(json.dumps({
    "tickets": [
        [ticket.requester.email, [files(message) for message in ticket.messages.all()]]
        for ticket in Ticket.objects.select_related("requester").prefetch_related("messages__attachments")
    ],
    "faults": [*inventory.faults(at=later), *(["drafts of forms that were sent"] if drafts else [])],
}))
"""


def compare(found: dict, mailbox: Mailbox, outcome: Outcome) -> None:
    """Put what is stored and what was mailed beside what was sent."""
    outcome.stored, outcome.faults = len(found["tickets"]), found["faults"]
    for email, messages in found["tickets"]:
        if messages != [[[sha256, "clean"] for sha256 in outcome.posted.get(email, [])]]:
            outcome.faults.append(f"{email}: {messages}")
    count = Counter(mail.rcpt_tos[0] for mail in mailbox.mails)
    outcome.receipts, outcome.duplicates = len(count), count.total() - len(count)
    outcome.most_mails = max(count.values(), default=0)


def post(address: str, numbers: range, seconds: float, under_way: threading.Event, outcome: Outcome) -> None:
    """One customer after another, each at a random moment of their share of the time."""
    pause = seconds / max(1, len(numbers))
    for turn, number in enumerate(numbers):
        time.sleep(random.uniform(0, 2 * pause) * 0.9)
        poster = Poster(address, number, with_script=turn % 2 == 0, under_way=under_way)
        try:
            poster.open_ticket()
        except (Refused, LookupError) as error:
            outcome.refused.append(str(error))
        else:
            outcome.posted[poster.email] = poster.hashes
        outcome.broken += poster.broken
        outcome.slowest = max(outcome.slowest, poster.slowest)


def kill_workers(desk: Desk, kills: int, seconds: float, outcome: Outcome) -> None:
    """Start a worker, kill it at a random moment, start the next; the last one lives."""
    worker = desk.start_worker()
    for _ in range(kills):
        time.sleep(random.uniform(0.6, 1.4) * seconds / kills)
        desk.kill(worker)
        outcome.kills += 1
        worker = desk.start_worker()


def kill_webs(
    desk: Desk,
    web: subprocess.Popen,
    kills: int,
    seconds: float,
    under_way: threading.Event,
    outcome: Outcome,
) -> None:
    """The same with the web, each time in the middle of something that was sent; it takes its port again."""
    for _ in range(kills):
        time.sleep(random.uniform(0, 1) * seconds / kills)
        under_way.clear()
        under_way.wait(seconds)
        time.sleep(random.uniform(0, MIDDLE))
        desk.kill(web)
        outcome.web_kills += 1
        web = desk.start_web()


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


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queue", choices=["embedded", "redis", "both"], default="both")
    parser.add_argument("--tickets", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--web-kills", type=int, default=10)
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
            web_kills=options.web_kills,
            seconds=options.seconds,
            redis=queue == "redis",
            patience=LEASE_AND_SWEEP,
        )
        print(f"{queue}: {outcome}: {'holds' if outcome.holds else 'BROKEN'}", flush=True)
        for line in [*outcome.refused, *outcome.faults][:10]:
            print(f"  {line}")
        code = code if outcome.holds else 1
    return code


if __name__ == "__main__":
    sys.exit(main())
