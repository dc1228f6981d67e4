"""What is stored fits what the database says, or the check says where it does not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from tickets import attachments, examination, inventory
from tickets.models import Attachment, Message, Ticket
from tickets.tests.factories import make_attachment, make_ticket, make_upload
from tickets.tests.web import png, text

pytestmark = pytest.mark.django_db
KEY = "k" * 32


@pytest.fixture
def picture():
    attachments.stage(form_key=KEY, upload=png())
    attachments.stage(form_key=KEY, upload=text())
    make_ticket(form_key=KEY)
    examination.examine_due()
    return Attachment.objects.get(name="panel.png")


@pytest.fixture
def change(picture):
    """Change a row behind the product's back."""
    return lambda **fields: Attachment.objects.filter(pk=picture.pk).update(**fields)


def told() -> list[str]:
    return [line.rpartition(": ")[2] for line in inventory.faults()]


def test_sound_store_is_said_to_be_so(picture, change):
    change(created_at=timezone.now() - timedelta(days=3))
    attachments.stage(form_key=KEY, upload=png(colour=(1, 2, 3)))  # not examined yet
    make_attachment(state="refused", stored_name="")
    out = StringIO()
    call_command("check_files", stdout=out)
    assert out.getvalue() == "Los archivos y la base de datos cuadran.\n"


def test_lost_and_changed_files_are_told_one_by_one(picture, change):
    default_storage.delete(picture.thumbnail_name)
    assert told() == ["le falta la miniatura"]
    change(thumbnail_name="")
    assert told() == ["le falta la miniatura"]
    with open(default_storage.path(picture.stored_name), "ab") as file:
        file.write(b"x")
    assert told() == ["lo guardado no es lo que se recibió"]
    default_storage.delete(picture.stored_name)
    err = StringIO()
    with pytest.raises(CommandError, match="No cuadra: 1"):
        call_command("check_files", stderr=err)
    assert err.getvalue() == f"archivo {picture.pk} («panel.png»): no está guardado\n"


def test_rows_that_were_left_behind_are_told(change):
    long_ago = timezone.now() - timedelta(hours=27)
    change(state="analysing", due_at=long_ago)
    assert told() == ["nadie lo ha analizado"]
    change(message=None, created_at=long_ago)
    assert told() == ["es un borrador que debía haberse borrado"]
    change(state="refused")
    assert told() == ["se rechazó y sigue guardado"]


def test_ticket_without_words_and_file_without_row_are_told(picture):
    orphan = attachments._store(make_upload())
    assert told() == []
    tomorrow = timezone.now() + timedelta(hours=27)
    assert f"{orphan}: está guardado y no es de ningún ticket" in list(inventory.faults(at=tomorrow))
    Message.objects.all().delete()
    reference = Ticket.objects.get().reference
    assert next(inventory.faults()) == f"{reference}: no tiene ningún mensaje"


def test_copy_that_is_swapped_while_it_is_compared_is_no_fault(picture, monkeypatch):
    """The examiner commits between our reading of the row and of its file."""
    clean = picture.stored_name, picture.clean_sha256
    original = default_storage.save("attachments/2026-01/original", ContentFile(b"original"))
    change = Attachment.objects.filter(pk=picture.pk).update
    change(stored_name=original, state="analysing", due_at=timezone.now())
    exists = inventory._exists

    def commit(name: str) -> bool:
        if name == original:
            default_storage.delete(original)
            change(stored_name=clean[0], state="clean", due_at=None)
        return exists(name)

    monkeypatch.setattr(inventory, "_exists", commit)
    assert told() == []
