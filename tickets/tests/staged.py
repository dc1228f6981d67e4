"""Drafts of a form, and the files that are stored."""

from pathlib import Path

from django.core.files.storage import default_storage

from tickets import attachments
from tickets.models import Attachment
from tickets.tests.factories import make_upload

KEY = "k" * 32


def stored() -> set[str]:
    root = Path(default_storage.location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def content_of(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def stage(name: str = "panel.png", content: bytes | None = None, key: str = KEY) -> Attachment:
    return attachments.stage(form_key=key, upload=make_upload(name, content))
