"""What `make test` runs: the suite on SQLite, then again on real PostgreSQL and Redis.

What is missing is installed where that is possible (root on Debian). What cannot be installed is skipped
by name in one closing line, or with CI=true ends the run.
"""

import os
import shutil
import subprocess
import sys

from helpdesk.tests import services

PACKAGES = {
    "postgresql": ["postgresql"],
    "redis-server": ["redis-server"],
    "chromium": ["chromium", "fonts-liberation"],
}
SHARED_DATA = os.environ.get("SHARED_DATA_DIR", "../shared/data")


def missing() -> list[str]:
    return services.missing() + ([] if shutil.which("chromium") else ["chromium"])


def install(tools: list[str]) -> None:
    """Bring in Debian packages; whether it worked is seen by looking again."""
    if not tools or os.getuid() != 0 or not shutil.which("apt-get"):
        return
    packages = [package for tool in tools for package in PACKAGES[tool]]
    print(f"Installing {', '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    subprocess.run(["apt-get", *quiet, "update"], env=environment)
    command = ["apt-get", *quiet, "install", "-y", "--no-install-recommends", *packages]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL)


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def main() -> int:
    install(missing())
    absent = missing()
    skipped = [*absent] if os.path.isdir(SHARED_DATA) else [*absent, "tests on shared data"]
    if skipped and os.environ.get("CI") == "true":
        print(f"Missing, and nothing may be skipped in CI: {', '.join(skipped)}")
        return 1
    # What a developer has set for their own copy is no business of the suite's.
    for variable in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "DATA_DIR"):
        os.environ.pop(variable, None)
    print("== SQLite, embedded queue", flush=True)
    first = subprocess.run(pytest("-m", "not e2e") if "chromium" in absent else pytest()).returncode
    second = 0
    if not services.missing():
        print("== PostgreSQL and Redis", flush=True)
        second = services.main(pytest("-m", "not e2e and not once"))
    if skipped:
        print(f"Skipped: {', '.join(skipped)}")
    return first or second


if __name__ == "__main__":
    sys.exit(main())
