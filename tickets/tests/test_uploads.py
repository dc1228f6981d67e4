"""Files that go up one by one before their form is sent, over HTTP."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from tickets import access, attachments
from tickets.models import Attachment, Ticket
from tickets.tests.factories import make_ticket
from tickets.tests.web import (
    answer,
    count_queries,
    hidden_fields,
    open_by_link,
    opened_form,
    page_text,
    png,
    send,
    text,
)

pytestmark = pytest.mark.django_db
UPLOADS = "/tickets/nuevo/archivos/"
OURS = {"Sec-Fetch-Site": "same-origin"}


def up(client, hidden: dict, file=None, *, headers: dict = OURS, **values):
    """Send one file, or ask something, as the script of the form does."""
    data = {name: hidden[name] for name in ("form_key", "opened") if name in hidden} | values
    return client.post(UPLOADS, data | ({"attachments": file} if file else {}), headers=headers)


@pytest.fixture
def hidden(client):
    return opened_form(client)


def test_file_goes_up_alone_and_reaches_the_ticket(client, hidden):
    response = up(client, hidden, png())
    assert response.status_code == 201
    assert "panel.png" in page_text(response)
    assert "Quitar panel.png" in page_text(response)
    assert response.headers["Cache-Control"] == "no-store"
    up(client, hidden, text())
    send(client, hidden=hidden)
    files = Ticket.objects.get().messages.get().attachments.all()
    assert [file.name for file in files] == ["panel.png", "registro.txt"]


def test_same_content_is_kept_once_and_said_by_the_status(client, hidden):
    up(client, hidden, png())
    assert up(client, hidden, png("otra-vez.png")).status_code == 200
    assert Attachment.objects.count() == 1


def test_file_is_taken_out_only_of_its_own_form(client, hidden):
    up(client, hidden, png())
    key = Attachment.objects.get().key
    other = opened_form(Client())
    assert up(Client(), other, remove=key).status_code == 204
    assert up(Client(), other, look=key).status_code == 404
    assert Attachment.objects.exists()
    assert up(client, hidden, remove=key).status_code == 204
    assert not Attachment.objects.exists()


def test_list_of_a_form_comes_back_to_a_page_that_was_reloaded(client, hidden):
    assert page_text(up(client, hidden)) == ""
    up(client, hidden, png())
    elsewhere = Client()  # the session is gone, the form is not
    assert "Quitar panel.png" in page_text(up(elsewhere, hidden))
    assert Attachment.objects.get().form_key in elsewhere.session[access.FORMS]


def test_draft_is_seen_only_by_the_session_of_its_form(client, hidden):
    up(client, hidden, text())
    address = Attachment.objects.get().get_absolute_url()
    seen = client.get(address)
    assert seen.getvalue() == b"una linea\n"
    assert Client().get(address).status_code == 404


def test_picture_says_what_came_of_it(client, hidden):
    up(client, hidden, png())
    draft = Attachment.objects.get()
    assert "data-analysing" in up(client, hidden, look=draft.key).content.decode()
    Attachment.objects.update(state=Attachment.State.REFUSED, reason="«panel.png» no se puede abrir")
    response = up(client, hidden, look=draft.key)
    assert "data-analysing" not in response.content.decode()
    assert "«panel.png» no se puede abrir" in page_text(response)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (text("programa.png", b"MZ no es una imagen"), "«programa.png» no parece una imagen"),
        (text("captura.tiff", b"II*"), "«captura.tiff» no se admite"),
    ],
)
def test_refused_file_is_answered_with_its_sentence(client, hidden, file, sentence):
    response = up(client, hidden, file)
    assert response.status_code == 422
    assert sentence in page_text(response)
    assert not Attachment.objects.exists()


def test_sixth_file_is_answered_with_two_ways_out(client, hidden):
    for number in range(5):
        assert up(client, hidden, text(f"{number}.txt", b"%d" % number)).status_code == 201
    response = up(client, hidden, text("6.txt", b"6"))
    assert response.headers["X-Refused"] == "many"
    assert "envía el resto en otro ticket o a soporte@example.com" in page_text(response)


def test_files_that_come_at_once_never_fill_a_form_beyond_its_room(client, hidden, monkeypatch):
    for number in range(5):
        up(client, hidden, text(f"{number}.txt", b"%d" % number))
    first, second = Attachment.objects.order_by("pk")[:2]
    judge = attachments.judge

    def judge_too_early(**kwargs):
        """As a request does that looks at the form before the others' files are in it."""
        Attachment.objects.filter(pk__in=[first.pk, second.pk]).update(form_key="")
        try:
            return judge(**kwargs)
        finally:
            Attachment.objects.filter(pk__in=[first.pk, second.pk]).update(form_key=hidden["form_key"])

    monkeypatch.setattr(attachments, "judge", judge_too_early)
    assert up(client, hidden, text("6.txt", b"6")).headers["X-Refused"] == "many"
    assert Attachment.objects.count() == 5


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_sends_no_file(client, hidden, headers):
    assert up(client, hidden, png(), headers=headers).status_code == 403


@pytest.mark.parametrize("change", [{"form_key": ""}, {"opened": ""}, {"opened": "form:1abcde:forged"}])
def test_file_without_a_form_of_ours_is_refused(client, hidden, change):
    assert up(client, hidden | change, png()).status_code == 403
    assert not Attachment.objects.exists()


def test_page_that_was_open_for_hours_needs_no_token(hidden):
    assert up(Client(enforce_csrf_checks=True), hidden, png()).status_code == 201


def test_network_that_sends_too_many_files_waits(client, hidden, monkeypatch):
    limit = access.upload_limit
    monkeypatch.setattr(access, "upload_limit", lambda request: access.Limit(limit(request).scope, "here", 1))
    assert up(client, hidden, png()).status_code == 201
    response = up(client, hidden, text())
    assert response.status_code == 429
    assert "Han llegado demasiados archivos seguidos." in page_text(response)


def test_file_that_cannot_be_written_is_ours_to_answer_for(client, hidden, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    assert up(client, hidden, text()).status_code == 503
    assert not Attachment.objects.exists()


def test_upload_costs_few_queries_however_many_files_are_there(client, hidden):
    counts = []
    for number in range(4):
        with count_queries() as queries:
            up(client, hidden, text(f"{number}.txt", b"%d" % number))
        counts.append(len(queries.statements))
    assert counts[1] == counts[2] == counts[3] <= 7


def test_reply_form_takes_files_one_by_one_too(client):
    ticket = make_ticket()
    open_by_link(client, ticket)
    response = client.get(ticket.get_absolute_url())
    assert f'data-uploads="{reverse("tickets:uploads")}"' in response.content.decode()
    hidden = hidden_fields(response)
    up(client, hidden, png())
    answer(client, ticket, "Aquí está la captura.", form_key=hidden["form_key"])
    assert ticket.messages.last().attachments.get().name == "panel.png"
