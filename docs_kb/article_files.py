"""Pictures and documents of articles: taken from staff, kept as what we made of them, claimed by an article.

A picture is decoded and encoded anew while its author waits, in the limited child of `docs_kb.pictures`; PDF
and plain text stay as they came and are only ever downloaded. What a key leads to never changes.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.models import AbstractUser
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from docs_kb import file_types, markup, pictures, stored_files
from docs_kb.file_types import FileType, Refused
from docs_kb.models import Article, ArticleFile

__all__ = ["Refused", "claim", "delete", "markdown_for", "note_shown", "pass_on", "remove_orphans", "store"]

FOLDER = "articles"
ORPHAN_LIFE = timedelta(hours=24)
LONGEST_ALT_TEXT = 300
KEY = re.compile(r"[0-9a-f]{32}")
Shown = ArticleFile.shown_in.through
DESCRIBE = "Describe la imagen para quien no la ve, o marca que es decorativa"


def store(
    *,
    upload: UploadedFile,
    article: Article | None,
    alt_text: str,
    is_decorative: bool,
    by: AbstractUser | None,
    key: str = "",
) -> ArticleFile:
    """Keep a file of an article, or of one that is not saved yet (`claim` gives it to that one).

    At most 10 MB; what it is says its content. A picture needs a description unless it is decorative.
    `key` gives back the address that an exported file had. Raises Refused with the sentence for its author
    and a code: empty, large, type, mismatch, heic, dimensions, animation, broken, protected, alt, later.
    """
    found = file_types.examine(upload)
    alt_text = clean_alt_text(alt_text)
    if found.is_picture and not (alt_text or is_decorative):
        raise Refused(DESCRIBE, "alt")
    upload.seek(0)
    data = upload.read()
    original = hashlib.sha256(data).hexdigest()
    if found.is_picture:
        found, data = _encoded_anew(found, data)
    named = {"key": key} if key else {}
    # The file first, whole and on disk, then the row that refers to it.
    return ArticleFile.objects.create(
        article=article,
        name=found.name,
        alt_text=alt_text if found.is_picture and not is_decorative else "",
        is_decorative=found.is_picture and is_decorative,
        content_type=found.content_type,
        size=len(data),
        width=found.width,
        height=found.height,
        stored_name=stored_files.write(ContentFile(data), folder=FOLDER),
        sha256=hashlib.sha256(data).hexdigest(),
        original_sha256=original,
        uploaded_by=by,
        **named,
    )


def clean_alt_text(text: str) -> str:
    """A description in one line. Raises Refused for one that is too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(text) > LONGEST_ALT_TEXT:
        raise Refused(f"La descripción debe tener {LONGEST_ALT_TEXT} caracteres o menos", "alt")
    return text


def claim(*, article: Article, keys: Iterable[str]) -> int:
    """Give an article the files that were uploaded for it before it was first saved; how many.

    Files of other articles stay theirs.
    """
    return ArticleFile.objects.filter(article=None, key__in=list(keys)).update(article=article)


@transaction.atomic
def note_shown(*, articles: Iterable[Article]) -> None:
    """Remember which files the texts of stored articles show."""
    named = {article: markup.file_keys(article.body) for article in articles}
    Shown.objects.filter(article__in=named).delete()
    if not (keys := set().union(*named.values())):
        return
    files = {file.key: file for file in _lock(ArticleFile.objects.filter(key__in=keys))}
    Shown.objects.bulk_create(
        Shown(article=article, articlefile=files[key])
        for article, theirs in named.items()
        for key in sorted(theirs & files.keys())
    )


@transaction.atomic
def pass_on(*, articles: Iterable[int]) -> None:
    """Give the files of articles that will be deleted to another article whose text shows them."""
    leaving = list(articles)
    files = _lock(ArticleFile.objects.filter(article__in=leaving))
    shown = Shown.objects.filter(articlefile__in=files).exclude(article__in=leaving).order_by("-article")
    for file_id, heir_id in dict(shown.values_list("articlefile", "article")).items():
        ArticleFile.objects.filter(pk=file_id).update(article=heir_id)


@transaction.atomic
def delete(*, file: ArticleFile) -> None:
    """Take a file away: the row now, the bytes after the commit. Raises Refused while a text shows it."""
    _lock(ArticleFile.objects.filter(pk=file.pk))
    if article := file.shown_in.first():
        raise Refused(
            f"«{file.name}» sigue en el texto de «{article}». Quítalo de ahí, guarda y bórralo después",
            "shown",
        )
    stored_name = file.stored_name
    file.delete()
    transaction.on_commit(partial(stored_files.remove, [stored_name]), robust=True)


def remove_orphans(*, at: datetime | None = None, limit: int = 1000) -> int:
    """Remove files that no article has and bytes without a row, both older than 24 hours; how many."""
    before = (at or timezone.now()) - ORPHAN_LIFE
    count = 0
    for pk in list(_unclaimed(before).values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            for file in _unclaimed(before).filter(pk=pk).select_for_update():
                delete(file=file)
                count += 1
    old_files = stored_files.old_files(folder=FOLDER, before=before)
    for batch in stored_files.batches(old_files, size=200):
        known = ArticleFile.objects.filter(stored_name__in=batch).values_list("stored_name", flat=True)
        orphans = set(batch) - set(known)
        stored_files.remove(orphans)
        count += len(orphans)
    return count


def markdown_for(file: ArticleFile) -> str:
    """What an author writes to show a picture, or to offer a document for download."""
    address = file.get_absolute_url().replace("(", "%28").replace(")", "%29")
    if file.is_picture:
        return f"![{_escaped(file.alt_text)}]({address})"
    return f"[{_escaped(file.name)}]({address})"


def _lock(files: QuerySet) -> list[ArticleFile]:
    """The files, by key, so that two who want the same ones never wait for each other."""
    return list(files.order_by("pk").select_for_update(no_key=True, of=("self",)))


def _unclaimed(before: datetime):
    shown = Shown.objects.filter(articlefile=OuterRef("pk"))
    return ArticleFile.objects.filter(~Exists(shown), article=None, created_at__lt=before)


def _encoded_anew(found: FileType, data: bytes) -> tuple[FileType, bytes]:
    try:
        made = pictures.make_safe(data, content_type=found.content_type)
    except pictures.Hostile:
        raise Refused(file_types.broken(found.name), "broken")
    except pictures.NotNow:
        raise Refused(f"No hemos podido preparar «{found.name}». Súbela otra vez", "later")
    name = file_types.fitting_name(found.name, made.content_type)
    found = replace(found, name=name, content_type=made.content_type, width=made.width, height=made.height)
    return found, made.data


def _escaped(text: str) -> str:
    """Text that stays text between the brackets of a link."""
    return re.sub(r"([\\\[\]*_`~<>&!])", r"\\\1", text)
