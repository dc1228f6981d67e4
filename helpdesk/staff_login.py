"""The first staff login of a copy: made once, kept in a file that only its owner can read."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password


@dataclass(frozen=True)
class Login:
    username: str
    password: str
    hashed: str  # as stored when it was made: a password changed since then is not ours to print


def ensure(username: str) -> Login:
    """The login of this DATA_DIR: a random password made once, for a superuser made if missing."""
    login = _read() or _write(username)
    get_user_model().objects.get_or_create(
        username=login.username,
        defaults={
            "password": login.hashed,
            "is_staff": True,
            "is_superuser": True,
            "email": settings.SUPPORT_EMAIL,
        },
    )
    return login


def still_valid() -> Login | None:
    """The login, unless there is none or somebody changed its password."""
    login = _read()
    users = get_user_model().objects
    if login and users.filter(username=login.username, password=login.hashed, is_active=True).exists():
        return login
    return None


def _path() -> Path:
    return settings.DATA_DIR / "staff_login"


def _read() -> Login | None:
    path = _path()
    return Login(**json.loads(path.read_text())) if path.exists() else None


def _write(username: str) -> Login:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    login = Login(username=username, password=password, hashed=make_password(password))
    with open(os.open(_path(), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(login), file)
    return login
