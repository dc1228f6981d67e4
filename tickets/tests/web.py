"""The customer's browser, played by Django's test client."""

import re
from datetime import timedelta

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tickets import access
from tickets.models import OutboxMessage, Ticket
from tickets.tests.factories import picture_bytes

WORDS = {
    "name": "Lucía Ferrer",
    "email": "lucia@example.com",
    "description": "No puedo entrar en mi panel desde ayer.\nHe probado con dos navegadores.",
}


def png(name: str = "panel.png", colour: tuple = (11, 85, 96)) -> SimpleUploadedFile:
    """A real picture of one colour; another colour is another picture."""
    return SimpleUploadedFile(name, picture_bytes(color=colour), "image/png")


def text(name: str = "registro.txt", content: bytes = b"una linea\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


class count_queries(CaptureQueriesContext):
    """`with count_queries() as queries`: then `queries.statements`, without what opens or closes a
    transaction, of which a test's own has one more."""

    def __init__(self) -> None:
        super().__init__(connection)

    @property
    def statements(self) -> list[str]:
        control = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        return [query["sql"] for query in self.captured_queries if not query["sql"].startswith(control)]


def page_text(response) -> str:
    """What a page says, without its markup, in single spaces."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    body = re.sub(r'<span class="nowrap">([^<]*)</span>', r"\1", body)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def hidden_fields(response) -> dict[str, str]:
    """The hidden fields of the form on a page, as a browser would send them back."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


def opened_form(client: Client, address: str | None = None) -> dict[str, str]:
    """Open a form and let a minute pass: the hidden fields of someone who has read it."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        return hidden_fields(client.get(address or reverse("tickets:create")))


def send(client: Client, *, hidden: dict | None = None, files: list | tuple = (), **changes):
    """Fill in the ticket form and send it."""
    hidden = opened_form(client) if hidden is None else hidden
    data = WORDS | hidden | changes
    return client.post(reverse("tickets:create"), data | ({"attachments": files} if files else {}))


def open_by_link(client: Client, ticket: Ticket) -> None:
    """Press the button of the mailed link."""
    client.post(reverse("tickets:open_link", args=[access.signed_token(ticket)]))


def answer(client: Client, ticket: Ticket, body: str, *, files: list | tuple = (), **changes):
    """Write an answer on the follow-up page and send it."""
    hidden = opened_form(client, ticket.get_absolute_url())
    data = {"body": body} | hidden | changes | ({"attachments": files} if files else {})
    return client.post(reverse("tickets:reply", args=[ticket.reference]), data)


def ask_for_code(client: Client, email: str = "lucia@example.com", **fields) -> str:
    """Ask for a code on the page of Mi Cuenta; the code as it is mailed, empty when there is no mail."""
    before = set(OutboxMessage.objects.filter(kind="code").values_list("pk", flat=True))
    client.post(reverse("tickets:sign_in"), {"email": email} | fields)
    row = OutboxMessage.objects.filter(kind="code").exclude(pk__in=before).first()
    return row.secrets["code"] if row else ""


def sign_in(client: Client, email: str = "lucia@example.com", **fields) -> None:
    """Enter Mi Cuenta with a mailed code."""
    code = ask_for_code(client, email, **fields)
    client.post(reverse("tickets:sign_in_code"), {"code": code})
