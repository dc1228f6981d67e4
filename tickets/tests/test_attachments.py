import fcntl
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from docs_kb import pictures
from docs_kb.file_types import Refused
from tickets import attachments, conversation
from tickets.models import Attachment
from tickets.tests.factories import make_agent, make_ticket, make_upload, picture_bytes

pytestmark = pytest.mark.django_db
KEY = "k" * 32


def stored() -> set[str]:
    root = Path(default_storage.location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def content_of(name: str) -> bytes:
    with default_storage.open(name) as file:
        return file.read()


def stage(name: str = "panel.png", content: bytes | None = None, key: str = KEY) -> Attachment:
    return attachments.stage(form_key=key, upload=make_upload(name, content))


def examined(attachment: Attachment) -> Attachment:
    attachments.examine(attachment.pk)
    attachment.refresh_from_db()
    return attachment


@pytest.fixture
def cut_jpeg() -> bytes:
    whole = picture_bytes("JPEG", size=(300, 300))
    return whole[: len(whole) // 2]


def test_stage_keeps_a_picture_for_examination(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        draft = stage()
    assert woken == [("tickets.tasks.examine", draft.pk)]
    assert (draft.state, draft.width, draft.height) == ("analysing", 40, 30)
    assert draft.sha256 == hashlib.sha256(picture_bytes()).hexdigest()
    assert stored() == {draft.stored_name}
    assert "panel" not in draft.stored_name
    assert list(attachments.drafts(KEY)) == [draft]


@pytest.mark.parametrize(
    ("name", "content"), [("notas.txt", "Acción".encode()), ("factura.pdf", b"%PDF-1.7\n1 0 obj\n")]
)
def test_stage_keeps_documents_as_they_came(woken, name, content):
    draft = stage(name, content)
    assert draft.is_ready
    assert draft.clean_sha256 == draft.sha256
    assert content_of(draft.stored_name) == content
    assert woken == []


def test_stage_keeps_the_same_file_once():
    assert stage() == stage("otra-vez.png")
    assert stage(key="n" * 32) != stage()
    assert Attachment.objects.count() == 2


def test_stage_refuses_the_sixth_file():
    for number in range(5):
        stage(f"{number}.txt", str(number).encode())
    with pytest.raises(Refused) as refused:
        stage("6.txt", b"6")
    assert refused.value.code == "many"
    assert refused.value.sentence == (
        "Puedes adjuntar hasta 5 archivos. "
        "Quita alguno o envía el resto en otro ticket o a soporte@example.com"
    )


def test_stage_refuses_what_is_too_heavy_together(settings):
    settings.MAX_TOTAL_BYTES = 25
    stage("1.txt", b"a" * 20)
    with pytest.raises(Refused) as refused:
        stage("2.txt", b"b" * 11)
    assert refused.value.code == "total"
    assert "Entre todos pesan 1\u00a0KB y el máximo es 1\u00a0KB." in refused.value.sentence


def test_refused_drafts_take_no_place():
    for number in range(5):
        draft = stage(f"{number}.txt", str(number).encode())
    Attachment.objects.filter(pk=draft.pk).update(state="refused")
    assert stage("6.txt", b"6")


def test_stage_all_keeps_the_good_ones_and_names_the_others():
    uploads = [
        make_upload("virus.png", b"MZ\x90\x00" * 20),
        make_upload("panel.png"),
        make_upload("vacío.png", b""),
        *(make_upload(f"{number}.txt", str(number).encode()) for number in range(6)),
    ]
    sentences = attachments.stage_all(form_key=KEY, uploads=uploads)
    assert [draft.name for draft in attachments.drafts(KEY)] == [
        "panel.png",
        "0.txt",
        "1.txt",
        "2.txt",
        "3.txt",
    ]
    assert sentences[0] == "«virus.png» no parece una imagen: vuelve a guardarla y súbela otra vez"
    assert sentences[1] == "«vacío.png» está vacío: vuelve a guardar la captura"
    assert sentences[2].startswith("Puedes adjuntar hasta 5 archivos.")
    assert len(sentences) == 3


def test_remove_draft_takes_row_and_file(django_capture_on_commit_callbacks):
    draft = stage()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove_draft(form_key="n" * 32, key=draft.key)
        assert attachments.drafts(KEY).exists()
        attachments.remove_draft(form_key=KEY, key=draft.key)
    assert not Attachment.objects.exists()
    assert stored() == set()


def test_remove_draft_leaves_what_was_sent():
    draft = stage()
    make_ticket(form_key=KEY)
    attachments.remove_draft(form_key=KEY, key=draft.key)
    assert Attachment.objects.exists()


def test_form_keys_are_ours_or_new():
    key = attachments.new_form_key()
    assert attachments.clean_form_key(key) == key
    for bad in (None, "", "corta", "a" * 65, "' OR 1=1 --" * 3, "ñ" * 30):
        assert attachments.clean_form_key(bad) != bad


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
        assert attachments._claim(draft.pk)
        assert attachments.examine_due() == 0
        clock.shift(timedelta(seconds=61))
        assert attachments.examine_due() == 1
    draft.refresh_from_db()
    assert draft.is_ready


def test_late_examiner_does_not_touch_what_another_decided(django_capture_on_commit_callbacks):
    draft = stage()
    late = attachments._claim(draft.pk)
    Attachment.objects.filter(pk=draft.pk).update(state="refused", stored_name="", due_at=None)
    made = pictures.SafePicture(b"data", b"thumbnail", "image/png", 1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        attachments._accept(late, made)
    draft.refresh_from_db()
    assert draft.is_refused
    assert stored() == {late.stored_name}


def test_pictures_are_decoded_one_at_a_time(settings):
    draft = stage()
    with Path(settings.DATA_DIR, "pictures.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert examined(draft).state == "analysing"
        assert attachments.examine_due() == 0
    assert attachments.examine_due() == 1


def test_missing_original_is_refused_and_not_tried_for_ever():
    draft = stage()
    default_storage.delete(draft.stored_name)
    assert examined(draft).is_refused


def test_orphans_and_old_drafts_go_after_a_day_and_nothing_else(django_capture_on_commit_callbacks):
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        old, sent = stage(key="o" * 32), stage(key="s" * 32)
        make_ticket(form_key="s" * 32)
    Attachment.objects.filter(pk__in=[old.pk, sent.pk]).update(
        created_at=timezone.now() - timedelta(hours=25)
    )
    fresh = stage()
    orphan = attachments._store(make_upload())
    later = timezone.now() + timedelta(hours=23)
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.remove_orphans(at=later - timedelta(hours=23)) == 1
    assert set(Attachment.objects.all()) == {sent, fresh}
    assert stored() == {sent.stored_name, fresh.stored_name, orphan}
    Attachment.objects.filter(pk=fresh.pk).update(created_at=timezone.now() + timedelta(days=9))
    attachments.remove_orphans(at=timezone.now() + timedelta(hours=25))
    assert stored() == {sent.stored_name, fresh.stored_name}


def test_notes_and_answers_take_their_files_along():
    ana, ticket = make_agent(), make_ticket()
    stage()
    note = conversation.add_note(ticket=ticket, author=ana, body="Mira", form_key=KEY)
    assert note.attachments.count() == 1
    assert not Attachment.objects.public().exists()
