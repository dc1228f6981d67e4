"""What is stored, beside what the database says of it: tickets, rows, files and hashes."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from tickets import attachments
from tickets.models import Attachment, Ticket

# How long a picture may wait to be examined, and what is old enough to go for the sweep that takes it.
OVERDUE = timedelta(hours=2)


def faults(*, at: datetime | None = None) -> Iterator[str]:
    """A line for whatever does not fit together; reads every file once.

    Drafts and files of the last day may belong to forms on their way and are left to `remove_orphans`.
    """
    at = at or timezone.now()
    for reference in Ticket.objects.filter(messages=None).values_list("reference", flat=True):
        yield f"{reference}: no tiene ningún mensaje"
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=500):
        if fault := _fault(attachment, at) and _lasting_fault(attachment.pk, at):
            yield f"archivo {attachment.pk} («{attachment.name}»): {fault}"
    for name in attachments.orphans(before=at - attachments.DRAFT_LIFE - OVERDUE):
        yield f"{name}: está guardado y no es de ningún ticket"


def _fault(attachment: Attachment, at: datetime) -> str:
    """What is wrong with a row and its files, empty when all is well."""
    if attachment.is_refused:
        return "se rechazó y sigue guardado" if attachment.stored_name else ""
    if attachment.message_id is None and attachment.created_at < at - attachments.DRAFT_LIFE - OVERDUE:
        return "es un borrador que debía haberse borrado"
    if not attachment.is_ready and attachment.due_at < at - OVERDUE:
        return "nadie lo ha analizado"
    expected = attachment.clean_sha256 if attachment.is_ready else attachment.sha256
    found = _sha256(attachment.stored_name)
    if found != expected:
        return "no está guardado" if found is None else "lo guardado no es lo que se recibió"
    if attachment.is_ready and attachment.is_picture and not _exists(attachment.thumbnail_name):
        return "le falta la miniatura"
    return ""


def _lasting_fault(pk: int, at: datetime) -> str:
    """What is wrong with a row as it is now: its clean copy may have come meanwhile, or it may be gone."""
    latest = Attachment.objects.filter(pk=pk).first()
    return _fault(latest, at) if latest else ""


def _exists(name: str) -> bool:
    return bool(name) and default_storage.exists(name)


def _sha256(name: str) -> str | None:
    """The hash of a stored file, None when it is not there."""
    if not _exists(name):
        return None
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
