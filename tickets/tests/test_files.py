"""Files over HTTP: who gets them, and how they are served."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client

from tickets import attachments, examination
from tickets.conversation import add_note
from tickets.models import Attachment
from tickets.tests.factories import make_agent, make_attachment, make_ticket, picture_bytes
from tickets.tests.web import open_by_link, opened_form, png, send, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket():
    return make_ticket()


@pytest.fixture
def lucia(ticket) -> Client:
    client = Client()
    open_by_link(client, ticket)
    return client


def fetch(client: Client, address: str, **options) -> HttpResponse:
    """Ask for a file, read it to the end as `body` and close it."""
    response = client.get(address, **options)
    response.body = response.getvalue()
    # Closing ends a request, and with it the connection that the test's transaction is in.
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
    return response


def stored(content: bytes) -> str:
    return default_storage.save("attachments/tests/file", ContentFile(content))


@pytest.fixture
def picture(ticket) -> Attachment:
    name = stored(picture_bytes())
    return make_attachment(ticket.messages.get(), stored_name=name, thumbnail_name=name, name='a"ñ.png')


@pytest.fixture
def document(ticket) -> Attachment:
    content = b"%PDF-1.4 <script>alert(1)</script>"
    return make_attachment(
        ticket.messages.get(),
        stored_name=stored(content),
        name="factura.pdf",
        content_type="application/pdf",
        key="documento",
    )


def test_picture_is_shown_and_can_do_nothing(lucia, picture):
    response = fetch(lucia, picture.get_absolute_url())
    assert response.status_code == 200
    assert response.body == picture_bytes()
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == "inline; filename*=utf-8''a%22%C3%B1.png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].endswith("; sandbox")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_document_is_only_ever_downloaded(lucia, document):
    response = fetch(lucia, document.get_absolute_url())
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="factura.pdf"'


def test_text_is_downloaded_as_the_bytes_that_came(client):
    send(client, files=[text(content=b"espa\xf1ol <script>")])
    response = fetch(client, Attachment.objects.get().get_absolute_url())
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Content-Disposition"] == 'attachment; filename="registro.txt"'
    assert response.body == b"espa\xf1ol <script>"


def test_file_is_kept_by_the_browser_alone_and_asked_for_each_time(lucia, picture):
    first = fetch(lucia, picture.get_absolute_url())
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = fetch(lucia, picture.get_absolute_url(), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in again.headers["Content-Security-Policy"]


def test_304_is_for_readers_only(picture):
    etag = f'"{picture.clean_sha256}"'
    assert fetch(Client(), picture.get_absolute_url(), headers={"If-None-Match": etag}).status_code == 404


def test_thumbnail_is_under_the_same_permission(lucia, picture):
    address = f"{picture.get_absolute_url()}miniatura/"
    assert fetch(lucia, address).status_code == 200
    assert fetch(Client(), address).status_code == 404


def test_thumbnail_of_what_has_none_is_missing(lucia, document):
    assert fetch(lucia, f"{document.get_absolute_url()}miniatura/").status_code == 404


def test_stranger_gets_nothing_with_the_right_key(picture):
    bruno = Client()
    open_by_link(bruno, make_ticket(email="bruno@example.org", name="Bruno"))
    assert fetch(bruno, picture.get_absolute_url()).status_code == 404


def test_sender_sees_the_files_of_the_receipt(client):
    send(client, files=[text()])
    address = Attachment.objects.get().get_absolute_url()
    assert fetch(client, address).status_code == 200
    assert fetch(Client(), address).status_code == 404


def test_draft_is_seen_by_the_session_of_its_form(client):
    send(client, add="1", files=[text()])
    address = Attachment.objects.get().get_absolute_url()
    assert fetch(client, address).status_code == 200
    assert fetch(Client(), address).status_code == 404


def test_original_of_a_picture_is_never_served(client):
    send(client, hidden=opened_form(client), files=[png()])
    assert Attachment.objects.get().state == Attachment.State.ANALYSING
    assert fetch(client, Attachment.objects.get().get_absolute_url()).status_code == 404


def test_picture_is_served_once_it_was_made_safe(client):
    send(client, files=[png()])
    examination.examine(Attachment.objects.get().pk)
    file = Attachment.objects.get()
    assert fetch(client, file.get_absolute_url()).status_code == 200
    thumbnail = fetch(client, f"{file.get_absolute_url()}miniatura/")
    assert thumbnail.headers["Content-Type"] == attachments.THUMBNAIL_TYPE


def test_refused_file_is_gone(lucia, picture):
    Attachment.objects.update(state=Attachment.State.REFUSED)
    assert fetch(lucia, picture.get_absolute_url()).status_code == 404


def test_file_of_a_note_is_not_the_customers(lucia, ticket, document):
    note = add_note(ticket=ticket, author=make_agent(), body="mirad esto")
    Attachment.objects.update(message=note)
    assert fetch(lucia, document.get_absolute_url()).status_code == 404


def test_staff_need_the_permission_to_see_tickets(document):
    client = Client()
    client.force_login(make_agent("eva", group="Documentación"))
    assert fetch(client, document.get_absolute_url()).status_code == 404
    client.force_login(make_agent())
    assert fetch(client, document.get_absolute_url()).status_code == 200


def test_row_without_its_file_is_missing_not_broken(lucia, document):
    default_storage.delete(document.stored_name)
    assert fetch(lucia, document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("key", ["nada", "..%2f..%2fsecret_key", "0" * 64])
def test_invented_key_is_missing(client, key):
    assert client.get(f"/archivos/{key}/").status_code == 404
