import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from docs_kb.file_types import Refused
from tickets import attachments, conversation, examination
from tickets.models import Attachment
from tickets.tests.factories import make_agent, make_ticket, make_upload, picture_bytes
from tickets.tests.staged import KEY, content_of, stage, stored

pytestmark = pytest.mark.django_db


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
    make_ticket(form_key=KEY)
    assert stage("6.txt", b"6")  # the five have gone with the ticket


def test_stage_refuses_what_is_too_heavy_together(settings):
    settings.MAX_TOTAL_BYTES = 25
    stage("1.txt", b"a" * 20)
    with pytest.raises(Refused) as refused:
        stage("2.txt", b"b" * 11)
    assert refused.value.code == "total"
    assert "Entre todos pesan 1\u00a0KB y el máximo es 1\u00a0KB." in refused.value.sentence
    assert stage("3.txt", b"c" * 5)


def test_refused_drafts_take_no_place():
    for number in range(5):
        draft = stage(f"{number}.txt", str(number).encode())
    Attachment.objects.filter(pk=draft.pk).update(state="refused")
    assert stage("6.txt", b"6")


def test_stage_all_keeps_the_good_ones_and_names_the_others():
    uploads = [
        make_upload("virus.png", b"MZ\x90\x00" * 20),
        make_upload("panel.png"),
        make_upload("el-mismo.png"),
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
        assert stored() == {draft.stored_name}  # until that is committed
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


def test_orphans_and_old_drafts_go_after_a_day_and_nothing_else(django_capture_on_commit_callbacks):
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        old, sent = stage(key="o" * 32), stage(key="s" * 32)
        make_ticket(form_key="s" * 32)
    Attachment.objects.filter(pk__in=[old.pk, sent.pk]).update(
        created_at=timezone.now() - timedelta(hours=25)
    )
    with django_capture_on_commit_callbacks(execute=True):
        examination.examine(sent.pk)
    sent.refresh_from_db()
    sent_files = {sent.stored_name, sent.thumbnail_name}
    fresh = stage()
    orphan = attachments._store(make_upload())
    later = timezone.now() + timedelta(hours=23)
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.remove_orphans(at=later - timedelta(hours=23)) == 1
    assert set(Attachment.objects.all()) == {sent, fresh}
    assert stored() == {*sent_files, fresh.stored_name, orphan}
    Attachment.objects.filter(pk=fresh.pk).update(created_at=timezone.now() + timedelta(days=9))
    attachments.remove_orphans(at=timezone.now() + timedelta(hours=25))
    assert stored() == {*sent_files, fresh.stored_name}


def test_draft_that_is_sent_while_the_old_ones_go_stays():
    draft = stage()
    sent = []

    def send(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not sent and "message_id" in sql:  # the old ones have been looked for, none has gone
            sent.append(True)
            make_ticket(form_key=KEY)
        return answer

    with connection.execute_wrapper(send):
        attachments.remove_orphans(at=timezone.now() + timedelta(hours=25))
    assert Attachment.objects.get().message
    assert draft.stored_name in stored()


def test_notes_and_answers_take_their_files_along():
    ana, first = make_agent(), stage()
    ticket = make_ticket(form_key=KEY)
    stage("registro.txt", b"una linea")
    note = conversation.add_note(ticket=ticket, author=ana, body="Mira", form_key=KEY)
    assert note.attachments.get() != first  # that stays where the customer sent it
    first.delete()
    assert not Attachment.objects.public().exists()
