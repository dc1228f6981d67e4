"""What somebody sends while the database or the disk cannot take it comes back to be sent again."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError

from tickets.models import Attachment, Message, Ticket
from tickets.tests.factories import make_ticket
from tickets.tests.web import WORDS, answer, hidden_fields, open_by_link, opened_form, page_text, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def lock(monkeypatch):
    """Let one of the views' doors into the domain find the database locked."""

    def fail(**kwargs):
        raise OperationalError("database is locked")

    return lambda door: monkeypatch.setattr(door, fail)


def test_ticket_that_cannot_be_stored_comes_back_and_is_sent_under_the_same_key(client, monkeypatch, lock):
    hidden = opened_form(client)
    lock("tickets.views.public.open_ticket")
    response = send(client, hidden=hidden)
    assert response.status_code == 503
    assert "pulsa «Enviar ticket» otra vez" in page_text(response)
    assert WORDS["description"] in response.content.decode()
    assert hidden_fields(response)["form_key"] == hidden["form_key"]
    assert not Ticket.objects.exists()
    monkeypatch.undo()
    assert send(client, hidden=hidden).status_code == 302
    assert Ticket.objects.count() == 1


def test_ticket_keeps_its_words_when_a_file_cannot_be_written(client, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    response = send(client, files=[text()])
    assert response.status_code == 503
    assert WORDS["description"] in response.content.decode()
    assert not Ticket.objects.exists()
    assert not Attachment.objects.exists()


def test_answer_that_cannot_be_stored_comes_back(client, lock):
    ticket = make_ticket()
    open_by_link(client, ticket)
    before = Message.objects.count()
    lock("tickets.views.follow_up.add_reply")
    response = answer(client, ticket, "Sigue igual después de reiniciar.")
    assert response.status_code == 503
    assert "pulsa «Enviar respuesta» otra vez" in page_text(response)
    assert "Sigue igual después de reiniciar." in response.content.decode()
    assert Message.objects.count() == before
