"""Plain makers of what tests talk about. The cast: Lucía (customer), Ana (agent), Bruno (stranger)."""

from datetime import datetime

from django.contrib.auth.models import Group, User
from django.utils import timezone

from docs_kb.tests.factories import make_upload as make_upload
from docs_kb.tests.factories import picture_bytes as picture_bytes
from tickets import conversation
from tickets.models import Attachment, Message, Requester, Ticket

LUCIA = "lucia@example.com"
BRUNO = "bruno@example.org"
PROBLEM = "No puedo entrar en mi panel. Desde ayer sale un error 403."


def make_ticket(
    *,
    name: str = "Lucía Ferrer",
    email: str = LUCIA,
    description: str = PROBLEM,
    notify: bool = False,
    **fields,
) -> Ticket:
    """A ticket as the form makes it, without mails unless asked for."""
    return conversation.open_ticket(name=name, email=email, description=description, notify=notify, **fields)


def make_agent(username: str = "ana", *, group: str = "Agente", **fields) -> User:
    """Someone of the team, in a group with that name."""
    fields = {"first_name": username.capitalize(), "email": f"{username}@example.com"} | fields
    user = User.objects.create_user(username, password="secreto", is_staff=True, **fields)
    if group:
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def verify(ticket: Ticket, at: datetime | None = None) -> None:
    """As if the customer had opened the mailed link."""
    Requester.objects.filter(pk=ticket.requester_id).update(verified_at=at or timezone.now())
    ticket.refresh_from_db()


def make_attachment(message: Message | None = None, **fields) -> Attachment:
    """A row without a file, ready to be seen."""
    values = {
        "name": "panel.png",
        "content_type": "image/png",
        "size": 1200,
        "state": Attachment.State.CLEAN,
        "stored_name": "attachments/none",
        "sha256": "0" * 64,
        "clean_sha256": "1" * 64,
    }
    return Attachment.objects.create(message=message, **(values | fields))
