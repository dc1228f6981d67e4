"""Pictures waiting to be decoded, one at a time, in the worker: each becomes a clean copy or is refused."""

import fcntl
import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from docs_kb import file_types, pictures, stored_files
from tickets import attachments, notifications
from tickets.models import Attachment

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


def examine(attachment_id: int) -> None:
    """Decode one picture and put its clean copy in its place, or refuse it with the reason.

    Does nothing while another picture is being decoded on this machine: `examine_due` comes to it.
    """
    with _one_at_a_time() as scratch:
        if scratch and (attachment := _claim(attachment_id)):
            _examine(attachment, scratch)


def examine_due(*, seconds: float = 15) -> int:
    """Examine what waits, oldest first, for so long at most; returns how many were decided."""
    ends_at, count = time.monotonic() + seconds, 0
    with _one_at_a_time() as scratch:
        while scratch and time.monotonic() < ends_at:
            due = Attachment.objects.due(timezone.now()).order_by("due_at").values_list("pk", flat=True)
            attachment_id = due.first()
            if attachment_id is None:
                break
            if attachment := _claim(attachment_id):
                _examine(attachment, scratch)
                count += 1
    return count


def _examine(attachment: Attachment, scratch: Path) -> None:
    try:
        with default_storage.open(attachment.stored_name) as original:
            made = pictures.make_safe(original.read(), content_type=attachment.content_type, scratch=scratch)
    except pictures.Hostile as hostile:
        log.warning("picture %s refused: %s", attachment.pk, hostile)
        _refuse(attachment)
    except FileNotFoundError:
        _refuse(attachment)
    except pictures.NotNow as error:
        log.warning("picture %s could not be examined: %s", attachment.pk, error)
        if attachment.attempts >= MOST_ATTEMPTS:
            _refuse(attachment)
    else:
        _accept(attachment, made)


def _accept(attachment: Attachment, made: pictures.SafePicture) -> None:
    """Swap the original for the copy we made; the original goes once that is committed."""
    stored_name = stored_files.write(ContentFile(made.data), folder=attachments.FOLDER)
    thumbnail_name = stored_files.write(ContentFile(made.thumbnail), folder=attachments.FOLDER)
    with transaction.atomic():
        swapped = _still_mine(attachment).update(
            state=Attachment.State.CLEAN,
            name=file_types.fitting_name(attachment.name, made.content_type),
            content_type=made.content_type,
            width=made.width,
            height=made.height,
            stored_name=stored_name,
            thumbnail_name=thumbnail_name,
            clean_sha256=hashlib.sha256(made.data).hexdigest(),
            due_at=None,
        )
        gone = [attachment.stored_name] if swapped else [stored_name, thumbnail_name]
        transaction.on_commit(lambda: stored_files.remove(gone), robust=True)


def _refuse(attachment: Attachment) -> None:
    original = attachment.stored_name
    with transaction.atomic():
        reason = file_types.broken(attachment.name)
        refused = _still_mine(attachment).update(
            state=Attachment.State.REFUSED, reason=reason, stored_name="", due_at=None
        )
        if not refused:
            return
        transaction.on_commit(lambda: stored_files.remove([original]), robust=True)
        attachment.refresh_from_db()
        if attachment.message:
            attachments.refusal(attachment, attachment.message.ticket, timezone.now()).save()
            notifications.file_refused(attachment)


def _claim(attachment_id: int) -> Attachment | None:
    """Take a waiting picture for the length of the lease; None when somebody else has it."""
    now = timezone.now()
    lease = now + LEASE
    claimed = Attachment.objects.due(now).filter(pk=attachment_id)
    if not claimed.update(due_at=lease, attempts=F("attempts") + 1):
        return None
    return Attachment.objects.filter(pk=attachment_id, due_at=lease).first()


def _still_mine(attachment: Attachment) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        pk=attachment.pk, state=Attachment.State.ANALYSING, due_at=attachment.due_at
    )


@contextmanager
def _one_at_a_time() -> Iterator[Path | None]:
    """A folder to work in while no other process or thread of this machine decodes a picture, else None.

    Whoever was killed at it left a customer's original there: it goes before the next one begins.
    """
    with Path(settings.DATA_DIR, "pictures.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            scratch = Path(settings.DATA_DIR, "pictures")
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(mode=0o700)
            yield scratch
