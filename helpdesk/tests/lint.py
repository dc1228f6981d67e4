"""What `make lint` runs: everything that a machine can see at a glance."""

import os
import secrets
import subprocess
import sys
import tempfile

PRODUCTION = {
    "SITE_URL": "https://ayuda.example.com",
    "ALLOWED_HOSTS": "ayuda.example.com",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.com:587",
    "SUPPORT_EMAIL": "soporte@example.com",
    "TRUST_PROXY": "1",
}
# Left out: addresses written by hand in error pages that must work alone, entities, buttons without a type.
DJLINT = "djlint --profile django --lint --quiet --ignore D018,H023,H043"


def main() -> int:
    """Run them all, even after one has failed; 1 if any has."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder, "ENV_FILE": os.devnull}
        deployed = environment | PRODUCTION | {"SECRET_KEY": secrets.token_urlsafe(64)}
        checks = [
            ("ruff check .", environment),
            ("ruff format --check .", environment),
            (f"{DJLINT} --extend-exclude emails templates", environment),
            (f"{DJLINT},H021 templates/emails", environment),  # mail readers know no stylesheets
            ("manage.py makemigrations --check --dry-run", environment),
            ("manage.py check --deploy --fail-level WARNING", deployed),
        ]
        outcomes = [run(command, variables) for command, variables in checks]
        return int(any(outcomes))


def run(command: str, environment: dict[str, str]) -> bool:
    """Whether the command failed."""
    print(f"== {command}", flush=True)
    module = [] if command.startswith("manage.py") else ["-m"]
    return subprocess.run([sys.executable, *module, *command.split()], env=environment).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
