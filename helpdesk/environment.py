"""Readers of the environment: what is wrong ends the start with one line that names the variable."""

import os
import secrets
import sys
import tempfile
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import environ

env = environ.Env()


def stop(variable: str, reason: str) -> NoReturn:
    """End the start with one line that names the variable."""
    sys.exit(" ".join(f"{variable}: {reason}".split()))


def read_file(default: Path) -> None:
    """Read ENV_FILE, or the default if there is one; what is already set wins."""
    path = os.environ.get("ENV_FILE")
    if path and not os.access(path, os.R_OK):
        stop("ENV_FILE", f"cannot be read: {path}")
    environ.Env.read_env(path or default)


def line(variable: str, default: str) -> str:
    """Read a text of one line: it stands in mail headers."""
    text = env.str(variable, default="").strip() or default
    if not text.isprintable():
        stop(variable, "must be one line without control characters")
    return text


def flag(variable: str, default: bool) -> bool:
    """Read a yes/no variable: 1/0, true/false, yes/no, on/off."""
    text = env.str(variable, default="").strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    if text:
        stop(variable, f"«{text}» is neither 1 nor 0")
    return default


def number(variable: str, default: int, low: int, high: int) -> int:
    """Read a whole number between two bounds."""
    text = env.str(variable, default="").strip()
    if not text:
        return default
    if not text.isdecimal() or not low <= int(text) <= high:
        stop(variable, f"«{text}» is not a whole number from {low} to {high}")
    return int(text)


def url(variable: str, schemes: tuple[str, ...], default: str = "") -> str:
    """Read an address that must begin with one of the schemes. What it holds is never printed: an
    address may carry a password."""
    text = env.str(variable, default="").strip() or default
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  raises for a port out of range
    except ValueError:
        stop(variable, "is not an address")
    if text and (parts.scheme not in schemes or not text.startswith(f"{parts.scheme}://")):
        stop(variable, f"must begin with {' or '.join(s + '://' for s in schemes)}")
    return text


def secret_key(folder: Path, *, production: bool) -> str:
    """The configured key, or outside production one made once in a folder. Raises OSError."""
    key = env.str("SECRET_KEY", default="")
    if key:
        if production and len(key) < 50:
            stop("SECRET_KEY", "needs at least 50 characters in production")
        return key
    if production:
        stop("SECRET_KEY", "must be set when SITE_URL begins with https://")
    path = folder / "secret_key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=folder)  # 0600
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # whole or not at all, and the first of two starts wins
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text()
