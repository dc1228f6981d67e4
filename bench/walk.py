"""The customer's and the staff's way over plain HTTP, a line per step: `make walk`.

    python -m bench.walk                                  through a demo desk of its own
    URL=http://127.0.0.1:8000 python -m bench.walk        through one that runs on this machine
    URL=https://… LOGIN=user:password python -m bench.walk

LOGIN is a superuser's; without it, the login is the one in DATA_DIR. A desk needs DEMO=1, or the team cannot
read the customer's link. The walk leaves one resolved ticket behind.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.desk import ROOT, Desk
from bench.steps import STEPS
from bench.walker import Login, Stumble, Walk

AGENT = "ana"  # of the demo's team, with the password of the printed login


def walk_along(walk: Walk) -> bool:
    """Take every step until one fails, and tell of each; whether all went well."""
    for step in STEPS:
        started = time.monotonic()
        try:
            step(walk)
        except (Stumble, LookupError, OSError) as error:
            print(f"✗ {time.monotonic() - started:5.2f} s  {step.__doc__}\n  {error}", flush=True)
            return False
        print(f"✓ {time.monotonic() - started:5.2f} s  {step.__doc__}", flush=True)
    return True


@contextmanager
def walker() -> Iterator[Walk]:
    """Someone at the desk that the environment names, or at one that lives as long as the walk."""
    if address := os.environ.get("URL"):
        yield Walk(address.rstrip("/"), *logins(Path(os.environ.get("DATA_DIR") or ROOT / "var")))
        return
    with tempfile.TemporaryDirectory(prefix="helpdesk-walk-") as folder, Desk(folder, DEMO="1") as desk:
        desk.manage("load_demo")
        desk.start_web()
        desk.start_worker()
        yield Walk(desk.address, *logins(Path(folder)))


def logins(data_dir: Path) -> tuple[Login, Login]:
    """Who answers tickets, and who edits guides, channels and hours."""
    if given := os.environ.get("LOGIN"):
        username, _, password = given.partition(":")
        return Login(username, password), Login(username, password)
    try:
        known = json.loads((data_dir / "staff_login").read_text())
    except FileNotFoundError:
        sys.exit(f"There is no login in {data_dir}: set LOGIN=user:password, or DATA_DIR")
    return Login(AGENT, known["password"]), Login(known["username"], known["password"])


def main() -> int:
    started = time.monotonic()
    with walker() as walk:
        print(f"At {walk.address}", flush=True)
        if not walk_along(walk):
            return 1
    print(f"{len(STEPS)} steps in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
