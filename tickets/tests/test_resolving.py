"""A ticket that its customer calls resolved, thanks for, or takes up again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets import attachments, conversation
from tickets.conversation import reply
from tickets.models import OutboxMessage, Ticket
from tickets.tests.factories import make_agent, make_ticket, make_upload

pytestmark = pytest.mark.django_db
KEY = "k" * 32


def resolve(ticket: Ticket) -> None:
    conversation.solve(ticket=ticket, notify=False)


@pytest.mark.parametrize(
    ("words", "status"),
    [("¡Muchas gracias!", "resolved"), ("Gracias, Ana", "resolved"), ("Gracias, pero no", "open")],
)
def test_thanks_leave_a_resolved_ticket_resolved(words, status):
    """Thanks to whoever answered, too, who need not have it."""
    ticket = make_ticket()
    reply(ticket=ticket, author=make_agent(), body="Hecho.", notify=False)
    resolve(ticket)
    reply(ticket=ticket, author=None, body=words)
    ticket.refresh_from_db()
    assert ticket.status == status
    assert ticket.messages.last().body == words
    kinds = set(OutboxMessage.objects.values_list("kind", flat=True))
    assert kinds == (set() if status == "resolved" else {"staff_answer", "reopened"})


def test_thanks_with_a_file_open_the_ticket_again():
    ticket = make_ticket()
    resolve(ticket)
    attachments.stage_all(form_key=KEY, uploads=[make_upload()])
    reply(ticket=ticket, author=None, body="Gracias", form_key=KEY)
    assert ticket.status == "open"


def test_thanks_do_not_stop_the_clock_of_an_open_ticket():
    ticket = make_ticket()
    reply(ticket=ticket, author=make_agent(), body="¿Qué navegador usas?", notify=False)
    reply(ticket=ticket, author=None, body="Gracias", notify=False)
    assert (ticket.status, ticket.waiting_since is not None) == ("open", True)


def test_customer_solves_their_ticket_with_last_words():
    ticket, _ana = make_ticket(), make_agent()
    conversation.solve(ticket=ticket, body="Era el router.", form_key=KEY)
    ticket.refresh_from_db()
    assert ticket.outbox.get().kind == "staff_answer"
    assert (ticket.status, ticket.waiting_since) == ("resolved", None)
    assert ticket.messages.last().body == "Era el router."
    assert ticket.surveys.count() == 1
    joined = make_ticket()
    Ticket.objects.filter(pk=joined.pk).update(merged_into=make_ticket())
    for over in (ticket, joined):
        with pytest.raises(conversation.TicketClosed):
            conversation.solve(ticket=over)


def test_file_sent_with_the_button_is_kept_without_words():
    ticket = make_ticket()
    attachments.stage_all(form_key=KEY, uploads=[make_upload()])
    conversation.solve(ticket=ticket, form_key=KEY)
    assert ticket.messages.last().attachments.count() == 1


def test_customer_opens_a_resolved_ticket_again_for_fourteen_days():
    ticket, now = make_ticket(), timezone.now()
    conversation.solve(ticket=ticket, at=now)
    with pytest.raises(conversation.TicketClosed):
        conversation.reopen(ticket=ticket, by=None, at=now + timedelta(days=14))
    conversation.reopen(ticket=ticket, by=None, at=now + timedelta(days=13))
    conversation.reopen(ticket=ticket, by=None, at=now + timedelta(days=13))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_since) == ("open", now + timedelta(days=13))
    assert OutboxMessage.objects.filter(kind="reopened").count() == 1


def test_second_answer_to_a_resolved_ticket_is_mailed_too():
    ana, ticket = make_agent(), make_ticket()
    for words in ("Ya funciona.", "Un detalle más."):
        reply(ticket=ticket, author=ana, body=words, next_status=Ticket.Status.RESOLVED)
    texts = OutboxMessage.objects.filter(kind="resolved").values_list("body_text", flat=True)
    assert len(texts) == 2
    assert not OutboxMessage.objects.filter(is_automatic=True).exists()  # a person wrote them
    assert any("Un detalle más." in text for text in texts)
