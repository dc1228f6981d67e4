"""A wrong or missing setting ends the start with one line that names the variable."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "SITE_URL": "https://ayuda.example.com",
    "SECRET_KEY": "k" * 64,
    "ALLOWED_HOSTS": "ayuda.example.com",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.com:587",
    "SUPPORT_EMAIL": "soporte@example.com",
}
# Run as a file: importing the package would load Celery too, sixty times.
SHOW = "import runpy, types; s = types.SimpleNamespace(**runpy.run_path('helpdesk/settings.py')); print(({}))"
pytestmark = pytest.mark.once


@pytest.fixture
def start(tmp_path):
    """Load the settings in a process of their own, with nothing set but what is given."""

    def run(expression: str = "''", **variables: str) -> subprocess.CompletedProcess:
        base = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), "ENV_FILE": os.devnull}
        return subprocess.run(
            [sys.executable, "-c", SHOW.format(expression)],
            env=base | variables,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )

    return run


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "²"),
        ("DEBUG", "maybe"),
        ("DEMO", "2"),
        ("RATE_LIMITS", "a few"),
        ("TRUST_PROXY", "proxy"),
        ("SITE_URL", "ayuda.example.com"),
        ("SITE_URL", "ftp://ayuda.example.com"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https:ayuda.example.com"),
        ("SITE_URL", "http://ayuda.example.com/ayuda"),
        ("SITE_URL", "http://ayuda.example.com:99999"),
        ("SUPPORT_EMAIL", "soporte"),
        ("SUPPORT_EMAIL", "soporte@example.com\nBcc: todos@example.com"),
        ("SITE_NAME", "Soporte\nBcc: todos@example.com"),
        ("REFERENCE_PREFIX", "M-S"),
        ("REFERENCE_PREFIX", "SOPORTE"),
        ("TIME_ZONE", "Europe/Soria"),
        ("DATABASE_URL", "oracle://host/name"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "postgres://host:port/name"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost/first"),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "pigeon://mail.example.com"),
        ("EMAIL_URL", "smtp+tls://"),
        ("DATA_DIR", "/dev/null/data"),
        ("ENV_FILE", "/there/is/none"),
    ],
)
def test_bad_value_stops_the_start_with_one_line(start, variable, value):
    refused = start(**{variable: value})
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith(f"{variable}: ")


@pytest.mark.parametrize("variable", ["SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "SUPPORT_EMAIL"])
@pytest.mark.parametrize("value", [None, ""])
def test_production_needs_a_value(start, variable, value):
    variables = PRODUCTION | {variable: value}
    refused = start(**{name: text for name, text in variables.items() if text is not None})
    assert refused.returncode == 1
    assert refused.stderr == f"{variable}: must be set when SITE_URL begins with https://\n"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SECRET_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "otra.example.com"),
        ("DEBUG", "1"),
        ("DEMO", "1"),
        ("RATE_LIMITS", "0"),
    ],
)
def test_production_refuses_what_is_only_for_a_desk(start, variable, value):
    refused = start(**PRODUCTION | {variable: value})
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert refused.stderr.startswith(f"{variable}: ")


def test_refusal_does_not_print_a_password(start):
    refused = start(DATABASE_URL="mysql://user:hunter2@host/name", EMAIL_URL="pigeon://user:hunter2@host")
    assert refused.returncode == 1
    assert "hunter2" not in refused.stderr


def test_manage_py_ends_with_the_same_line(tmp_path):
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "TIME_ZONE": "Marte/Olympus"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert (refused.returncode, refused.stderr) == (1, "TIME_ZONE: «Marte/Olympus» is not a time zone\n")


def test_nothing_set_is_a_desk_on_loopback(start):
    shown = start("s.SITE_URL, s.PRODUCTION, s.DEBUG, s.DEMO, s.ALLOWED_HOSTS")
    expected = ("http://127.0.0.1:8000", False, False, False, ["127.0.0.1", "localhost", "[::1]"])
    assert shown.stdout == f"{expected}\n"


def test_site_url_follows_the_port(start):
    assert start("s.SITE_URL", PORT="8123").stdout == "http://127.0.0.1:8123\n"


def test_production_secures_cookies_and_transport(start):
    shown = start(
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS",
        **PRODUCTION,
    )
    assert shown.stdout == "(True, True, True, 31536000)\n"


def test_secret_key_is_made_once_and_is_private(start, tmp_path):
    first, second = start("s.SECRET_KEY"), start("s.SECRET_KEY")
    assert first.stdout == second.stdout
    assert len(first.stdout) > 64
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_env_file_is_read_and_the_environment_wins(start, tmp_path):
    path = tmp_path / "env"
    path.write_text("SITE_NAME=Del archivo\nREFERENCE_PREFIX=AB\n")
    shown = start("s.SITE_NAME, s.REFERENCE_PREFIX", ENV_FILE=str(path), REFERENCE_PREFIX="CD")
    assert shown.stdout == "('Del archivo', 'CD')\n"


@pytest.mark.parametrize(
    ("url", "queue", "cache"),
    [
        ("redis://host", "redis://host/0", "redis://host/1"),
        ("redis://host:6380/4", "redis://host:6380/4", "redis://host:6380/5"),
        ("unix:///run/r.sock", "redis+socket:///run/r.sock?virtual_host=0", "unix:///run/r.sock?db=1"),
    ],
)
def test_redis_keeps_queue_and_cache_apart(start, url, queue, cache):
    shown = start("s.CELERY_BROKER_URL, s.CACHES['default']['LOCATION']", REDIS_URL=url)
    assert shown.stdout == f"{(queue, cache)}\n"


def test_suite_never_touches_the_data_of_a_desk():
    assert settings.DATA_DIR != settings.BASE_DIR / "var"
    assert "helpdesk-tests-" in str(settings.DATA_DIR)
