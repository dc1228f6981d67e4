"""Files from the outside: accepted as drafts in the request, decoded later, served only as what we made.

In the request only what is cheap: size, type by content, header, dimensions. Everything that a picture
can make expensive happens in the worker: `examination`.
"""

import hashlib
import logging
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from docs_kb import file_types, pictures, stored_files
from docs_kb.dates import file_size
from docs_kb.file_types import Refused
from tickets import wake
from tickets.models import Attachment, Event, Message, Ticket

log = logging.getLogger(__name__)
FOLDER = "attachments"
DRAFT_LIFE = timedelta(hours=24)
THUMBNAIL_TYPE = pictures.THUMBNAIL_TYPE
_FORM_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


def new_form_key() -> str:
    """What ties drafts to a form that has not been sent yet; unguessable (192 bits)."""
    return secrets.token_urlsafe(24)


def clean_form_key(text: str | None) -> str:
    """The form key a browser sent back, or a new one when that cannot be ours."""
    return text if text and _FORM_KEY.fullmatch(text) else new_form_key()


@dataclass(frozen=True)
class Accepted:
    """An upload that may become a draft: what its content is, and its fingerprint."""

    upload: UploadedFile
    found: file_types.FileType
    sha256: str


def stage(*, form_key: str, upload: UploadedFile) -> Attachment:
    """Accept a file as a draft of a form, after the checks that are cheap.

    The same content under the same key is kept once. Raises Refused with the sentence for the customer
    and a code: many, total, empty, large, type, mismatch, heic, dimensions, animation, broken, protected.
    """
    return stage_alone(form_key=form_key, upload=upload)[0]


def stage_alone(*, form_key: str, upload: UploadedFile) -> tuple[Attachment, bool]:
    """As `stage`, and whether the file is new to its form, for one of several requests of the same form.

    They may come at once, each before it can see the others' files: so the room is looked at again when
    the file is stored, and the one that finds the form too full takes its own file out.
    """
    accepted, refusals = judge(form_key=form_key, uploads=[upload])
    if refusals:
        raise refusals[0]
    if not accepted:
        return _kept(form_key).filter(sha256=_sha256(upload)).first(), False
    draft = keep(form_key=form_key, accepted=accepted)[0]
    try:
        others = _kept(form_key).filter(message=None).exclude(pk=draft.pk)
        _check_room(list(others.values_list("size", flat=True)), draft.size)
    except Refused:
        remove_draft(form_key=form_key, key=draft.key)
        raise
    return draft, True


def stage_all(*, form_key: str, uploads: list[UploadedFile]) -> list[str]:
    """Accept the good ones; the sentences about the others, each once, in the order of the files."""
    accepted, refusals = judge(form_key=form_key, uploads=uploads)
    keep(form_key=form_key, accepted=accepted)
    return sentences(refusals)


def judge(*, form_key: str, uploads: list[UploadedFile]) -> tuple[list[Accepted], list[Refused]]:
    """Which uploads are good, new to the form and within its room, and what is wrong with the others.

    Stores nothing. One query for any number of files.
    """
    if not uploads:
        return [], []
    kept = list(_kept(form_key).values_list("sha256", "size", "message_id"))
    known = {sha256 for sha256, _size, _sent in kept}
    sizes = [size for _sha256, size, sent in kept if not sent]
    accepted, refusals = [], []
    for upload in uploads:
        try:
            found = file_types.examine(upload)
            sha256 = _sha256(upload)
            if sha256 in known:
                continue
            _check_room(sizes, upload.size)
        except Refused as refused:
            refusals.append(refused)
        else:
            accepted.append(Accepted(upload, found, sha256))
            known.add(sha256)
            sizes.append(upload.size)
    return accepted, refusals


def sentences(refusals: list[Refused]) -> list[str]:
    """What to say about files that were refused, each sentence once."""
    return list(dict.fromkeys(refused.sentence for refused in refusals))


def keep(*, form_key: str, accepted: list[Accepted]) -> list[Attachment]:
    """Store judged files as drafts of a form: first the files, whole and on disk, then the rows."""
    rows = Attachment.objects.bulk_create([_draft(form_key, one) for one in accepted])
    for row in rows:
        if not row.is_ready:
            wake.after_commit("tickets.tasks.examine", row.pk)
    return rows


def _draft(form_key: str, accepted: Accepted) -> Attachment:
    """A row for a file that is stored now; the row itself is not."""
    found, ready = accepted.found, not accepted.found.is_picture
    return Attachment(
        form_key=form_key,
        name=found.name,
        content_type=found.content_type,
        size=accepted.upload.size,
        width=found.width,
        height=found.height,
        state=Attachment.State.CLEAN if ready else Attachment.State.ANALYSING,
        stored_name=_store(accepted.upload),
        sha256=accepted.sha256,
        clean_sha256=accepted.sha256 if ready else "",
        due_at=None if ready else timezone.now(),
    )


def _kept(form_key: str) -> QuerySet[Attachment]:
    """What counts as there already: drafts and files of that form that were sent, but no refused ones."""
    return Attachment.objects.filter(form_key=form_key).exclude(state=Attachment.State.REFUSED)


def drafts(form_key: str) -> QuerySet[Attachment]:
    """What was accepted for a form, refused ones (with their reason) among it."""
    return Attachment.objects.drafts(form_key) if form_key else Attachment.objects.none()


def has_new_drafts(form_key: str) -> bool:
    """Whether a form holds a file that is not yet in the message it became."""
    rows = Attachment.objects.filter(form_key=form_key).values_list("sha256", "message_id")
    return bool({digest for digest, sent in rows if not sent} - {digest for digest, sent in rows if sent})


def move_drafts(*, form_key: str, to: str) -> None:
    """Give the drafts of a form to another one: the old key made a ticket, and these were not in it."""
    drafts(form_key).update(form_key=to)


def remove_draft(*, form_key: str, key: str) -> None:
    """Take a draft out of its form, row and files; nothing when it is not there."""
    with transaction.atomic():
        for attachment in drafts(form_key).filter(key=key).select_for_update():
            _delete(attachment)


def take_drafts(*, form_key: str, message: Message) -> list[Attachment]:
    """Attach the drafts of a form to its message (in its transaction), in one statement; all of them."""
    if not form_key:
        return []
    table = connection.ops.quote_name(Attachment._meta.db_table)
    taken = Attachment.objects.raw(
        f"UPDATE {table} SET message_id = %s WHERE form_key = %s AND message_id IS NULL RETURNING *",
        [message.pk, form_key],
    )
    return sorted(taken, key=lambda attachment: attachment.pk)


def refusal(attachment: Attachment, ticket: Ticket, at: datetime) -> Event:
    """The event of a file that could not be kept, not yet stored."""
    return Event(
        ticket=ticket,
        kind=Event.Kind.FILE_REFUSED,
        message_id=attachment.message_id,
        new=attachment.name,
        created_at=at,
    )


def remove_orphans(*, at: datetime | None = None, limit: int = 1000) -> int:
    """Remove drafts of forms never sent and files without a row, both older than 24 hours.

    Returns how many rows and files went.
    """
    before = (at or timezone.now()) - DRAFT_LIFE
    count = 0
    old = Attachment.objects.filter(message=None, created_at__lt=before)
    for pk in list(old.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            for draft in Attachment.objects.filter(pk=pk, message=None).select_for_update():
                _delete(draft)
                count += 1
    for name in orphans(before=before):
        default_storage.delete(name)
        count += 1
    return count


def orphans(*, before: datetime) -> Iterator[str]:
    """Names of stored files that were last written before then and that no row knows."""
    old_files = stored_files.old_files(folder=FOLDER, before=before)
    for batch in stored_files.batches(old_files, size=200):
        known = Attachment.objects.filter(stored_name__in=batch).values_list("stored_name", flat=True)
        thumbs = Attachment.objects.filter(thumbnail_name__in=batch).values_list("thumbnail_name", flat=True)
        yield from sorted(set(batch) - set(known) - set(thumbs))


def _check_room(sizes: list[int], size: int) -> None:
    """Raises Refused when one more file of that size does not fit beside drafts of these sizes."""
    if len(sizes) >= settings.MAX_FILES:
        raise Refused(too_many(), "many")
    total = sum(sizes) + size
    if total > settings.MAX_TOTAL_BYTES:
        raise Refused(
            f"Entre todos pesan {file_size(total)} y el máximo es "
            f"{file_size(settings.MAX_TOTAL_BYTES)}. Envía parte en otro ticket o por correo electrónico",
            "total",
        )


def too_many() -> str:
    """The sentence about one file more than a form takes."""
    return (
        f"Puedes adjuntar hasta {settings.MAX_FILES} archivos. Quita alguno o envía el resto en otro "
        f"ticket o a {settings.SUPPORT_EMAIL}"
    )


def _store(content: File) -> str:
    return stored_files.write(content, folder=FOLDER)


def _delete(attachment: Attachment) -> None:
    """Delete a row now and its files after the commit."""
    names = [attachment.stored_name, attachment.thumbnail_name]
    attachment.delete()
    transaction.on_commit(lambda: stored_files.remove(names), robust=True)


def _sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
