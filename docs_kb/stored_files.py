"""Bytes in the private storage: on the disk, whole, under a random name before any row refers to them.

A transaction that fails leaves a file without a row, never a row without its file; `old_files` finds those.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone


def write(content: File, *, folder: str) -> str:
    """Store a file under a new random name (128 bits) in this month's part of a folder; that name."""
    content.seek(0)
    name = default_storage.save(f"{folder}/{timezone.now():%Y-%m}/{secrets.token_hex(16)}", content)
    try:
        path = default_storage.path(name)
    except NotImplementedError:  # object storage: written when `save` returns
        return name
    for target in (path, os.path.dirname(path)):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return name


def remove(names: Iterable[str]) -> None:
    """Delete stored files, for after a commit; one that is gone already is no error."""
    for name in filter(None, names):
        default_storage.delete(name)


def old_files(*, folder: str, before: datetime) -> Iterator[str]:
    """Names in a folder that were last written before then."""
    if not default_storage.exists(folder):
        return
    for month in default_storage.listdir(folder)[0]:
        for name in default_storage.listdir(f"{folder}/{month}")[1]:
            path = f"{folder}/{month}/{name}"
            if default_storage.get_modified_time(path) < before:
                yield path


def batches(names: Iterable[str], *, size: int) -> Iterator[list[str]]:
    """The names in lists of so many, for one query each."""
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
