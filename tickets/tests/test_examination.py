"""Pictures decoded in the worker."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from docs_kb import pictures
from tickets import examination
from tickets.models import Attachment, OutboxMessage
from tickets.tests.factories import make_ticket, picture_bytes
from tickets.tests.staged import KEY, content_of, stage, stored

pytestmark = pytest.mark.django_db


def examined(attachment: Attachment) -> Attachment:
    examination.examine(attachment.pk)
    attachment.refresh_from_db()
    return attachment


@pytest.fixture
def cut_jpeg() -> bytes:
    whole = picture_bytes("JPEG", size=(300, 300))
    return whole[: len(whole) // 2]


def test_examine_puts_our_own_copy_in_the_place_of_the_original(django_capture_on_commit_callbacks):
    draft = stage()
    original = draft.stored_name
    with django_capture_on_commit_callbacks(execute=True):
        examined(draft)
    assert draft.is_ready
    assert stored() == {draft.stored_name, draft.thumbnail_name}
    assert original not in stored()
    kept = content_of(draft.stored_name)
    assert draft.clean_sha256 == hashlib.sha256(kept).hexdigest()
    assert draft.sha256 == hashlib.sha256(picture_bytes()).hexdigest()


def test_original_stays_when_the_swap_is_rolled_back(django_capture_on_commit_callbacks):
    draft = stage()
    examined(draft)  # within the test's transaction, which never commits
    assert len(stored()) == 3


def test_examine_turns_a_gif_into_a_png():
    draft = examined(stage("dibujo.gif", picture_bytes("GIF")))
    assert (draft.name, draft.content_type) == ("dibujo.png", "image/png")


def test_examine_refuses_a_cut_picture_of_a_form(cut_jpeg, django_capture_on_commit_callbacks):
    draft = stage("foto.jpg", cut_jpeg)
    with django_capture_on_commit_callbacks(execute=True):
        examined(draft)
    assert (draft.state, draft.stored_name) == ("refused", "")
    assert draft.reason == "«foto.jpg» no se puede abrir y no se ha guardado: envíala otra vez"
    assert stored() == set()


def test_examine_tells_the_customer_of_a_refused_file_that_was_sent(cut_jpeg):
    draft = stage("foto.jpg", cut_jpeg)
    ticket = make_ticket(form_key=KEY)
    examined(draft)
    assert draft.is_refused
    assert ticket.events.filter(kind="file_refused", new="foto.jpg").count() == 1
    assert ticket.outbox.get().kind == "file_refused"


def test_examine_decides_once(monkeypatch):
    draft = examined(stage())
    monkeypatch.setattr(pictures, "make_safe", lambda *args, **kwargs: pytest.fail("again"))
    examined(draft)


def test_examine_tries_again_three_times_when_it_was_not_the_picture(monkeypatch):
    def fail(*args, **kwargs):
        raise pictures.NotNow("no memory for a child")

    monkeypatch.setattr(pictures, "make_safe", fail)
    states = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft = stage()
        for _ in range(3):
            states.append(examined(draft).state)
            clock.shift(timedelta(seconds=61))
    assert states == ["analysing", "analysing", "refused"]


def test_examiner_that_died_leaves_the_picture_to_the_next():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft = stage()
        assert examination._claim(draft.pk)
        assert examination.examine_due() == 0
        clock.shift(timedelta(seconds=61))
        assert examination.examine_due() == 1
    draft.refresh_from_db()
    assert draft.is_ready


def test_late_examiner_does_not_touch_what_another_decided(django_capture_on_commit_callbacks):
    draft = stage()
    late = examination._claim(draft.pk)
    Attachment.objects.filter(pk=draft.pk).update(state="refused", stored_name="", due_at=None)
    made = pictures.SafePicture(b"data", b"thumbnail", "image/png", 1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        examination._accept(late, made)
    draft.refresh_from_db()
    assert draft.is_refused
    assert stored() == {late.stored_name}


def test_late_refusal_takes_nothing_from_whoever_has_the_picture_now(django_capture_on_commit_callbacks):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        draft = stage()
        make_ticket(form_key=KEY)
        late = examination._claim(draft.pk)
        clock.shift(timedelta(seconds=61))
        assert examination._claim(draft.pk)
        with django_capture_on_commit_callbacks(execute=True):
            examination._refuse(late)
    assert stored() == {draft.stored_name}
    assert not OutboxMessage.objects.exists()


def test_pictures_are_decoded_one_at_a_time():
    draft = stage()
    with examination._one_at_a_time():
        assert examined(draft).state == "analysing"
        assert examination.examine_due() == 0
    assert examination.examine_due() == 1


def test_missing_original_is_refused_and_not_tried_for_ever():
    draft = stage()
    default_storage.delete(draft.stored_name)
    assert examined(draft).is_refused


def test_original_of_an_examiner_that_was_killed_goes_before_the_next(settings):
    left = Path(settings.DATA_DIR, "pictures", "picture-killed")
    left.mkdir(parents=True)
    (left / "source").write_bytes(picture_bytes())
    assert examined(stage()).is_ready
    assert list(left.parent.iterdir()) == []
    assert left.parent.stat().st_mode & 0o077 == 0
