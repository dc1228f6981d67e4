"""What `make test` runs: the suite on SQLite, again on real PostgreSQL and Redis, and in a real browser.

What is missing is installed where that is possible (root on Debian). What cannot be installed is skipped
by name in one closing line, or with CI=true ends the run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from helpdesk.tests import services
from helpdesk.tests.browser import BROWSERS, chromium_path

PACKAGES = {
    "postgresql": ["postgresql"],
    "redis-server": ["redis-server"],
    **{browser: [browser, "fonts-liberation"] for browser in BROWSERS},
}
TOGETHER = 3  # runs at a time on two cores, as all but one mostly wait: each has databases, folders and ports
SHARED_DATA = os.environ.get("SHARED_DATA_DIR", "../shared/data")


def missing() -> list[str]:
    return services.missing() + ([] if chromium_path() else ["chromium"])


def wanted() -> list[str]:
    """What is missing, and the quick browser where there is only the whole one."""
    return services.missing() + ([] if shutil.which(BROWSERS[0]) else [BROWSERS[0]])


def install(tools: list[str]) -> None:
    """Bring in Debian packages; whether it worked is seen by looking again."""
    if not tools or os.getuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {', '.join(tools)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1"]
    subprocess.run(["apt-get", *quiet, "update"], env=environment)
    # One by one, as one that cannot be had must not cost the others; nor may it take away what is there.
    command = ["apt-get", *quiet, "install", "-y", "--no-install-recommends", "--no-remove"]
    for tool in tools:
        subprocess.run([*command, *PACKAGES[tool]], env=environment, stdout=subprocess.DEVNULL)


@dataclass
class Run:
    """One run of pytest over a part of the suite."""

    name: str
    command: list[str]
    seconds: float = 0
    code: int = 0

    def execute(self) -> None:
        """Run it, and tell of it when it has ended: two runs at a time would mix their lines."""
        started = time.monotonic()
        with tempfile.TemporaryFile("w+") as told:
            self.code = subprocess.run(self.command, stdout=told, stderr=subprocess.STDOUT).returncode
            self.seconds = time.monotonic() - started
            told.seek(0)
            print(f"== {self.name}, {self.seconds:.0f} s", told.read(), sep="\n", flush=True)


def runs(absent: list[str]) -> list[Run]:
    """The parts of the suite that this machine can run, those that wait longest first."""
    pytest = [sys.executable, "-m", "pytest", "-m"]
    on_servers = [sys.executable, "-m", "helpdesk.tests.services", "--"]
    found = [
        Run("SQLite and the embedded queue", [*pytest, "not e2e and not services"]),
        Run("Servers started and killed", [*pytest, "services and not e2e"]),
    ]
    if not services.missing():
        found.insert(0, Run("PostgreSQL and Redis", [*on_servers, *pytest, "not e2e and not once"]))
    if "chromium" not in absent:
        found.insert(0, Run("In the browser", [*pytest, "e2e"]))
    return found


def main() -> int:
    install(wanted())
    install(missing())
    absent = missing()
    skipped = [*absent] if os.path.isdir(SHARED_DATA) else [*absent, "tests on shared data"]
    if skipped and os.environ.get("CI") == "true":
        print(f"Missing, and nothing may be skipped in CI: {', '.join(skipped)}")
        return 1
    # What a developer has set for their own copy is no business of the suite's.
    for variable in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "DATA_DIR"):
        os.environ.pop(variable, None)
    parts = runs(absent)
    print(f"Running, {TOGETHER} at a time: {'; '.join(part.name for part in parts)}", flush=True)
    with ThreadPoolExecutor(max_workers=TOGETHER) as pool:
        list(pool.map(Run.execute, parts))
    if skipped:
        print(f"Skipped: {', '.join(skipped)}")
    return 1 if any(part.code for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
