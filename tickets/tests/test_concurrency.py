"""What happens at the same moment in several requests or workers, on the real database."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from docs_kb import patience, throttle
from tickets import attachments, conversation, examination, outbox
from tickets.conversation import AlreadySent
from tickets.models import Attachment, Message, OutboxMessage, Requester, Ticket
from tickets.tests.factories import LUCIA, make_ticket, make_upload
from tickets.tests.test_outbox import make_row, notice

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "k" * 32
PEOPLE = 6


def at_once(act: Callable[[int], object]) -> list:
    """Run it in several threads that start together; what each returned or raised."""
    gate, results = threading.Barrier(PEOPLE), [None] * PEOPLE

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = act(number)
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture(autouse=True)
def _no_broker(woken):
    """None of these waits for a queue."""


def test_form_sent_twice_at_once_makes_one_ticket():
    attachments.stage(form_key=KEY, upload=make_upload())
    results = at_once(lambda number: make_ticket(form_key=KEY, notify=True))
    ticket = Ticket.objects.get()
    refused = [result for result in results if isinstance(result, AlreadySent)]
    assert len(refused) == PEOPLE - 1
    assert {(sent.ticket, sent.same_content) for sent in refused} == {(ticket, True)}
    assert (Message.objects.count(), Attachment.objects.count(), Requester.objects.count()) == (1, 1, 1)
    assert OutboxMessage.objects.count() == 1


def test_answer_sent_twice_at_once_is_stored_once():
    ticket = make_ticket()
    results = at_once(
        lambda number: conversation.reply(ticket=Ticket.objects.get(), author=None, body="Hola", form_key=KEY)
    )
    assert sum(isinstance(result, Message) for result in results) == 1
    assert sum(isinstance(result, AlreadySent) for result in results) == PEOPLE - 1
    assert ticket.messages.count() == 2


def test_row_is_claimed_by_one_sender():
    row = make_row()
    claims = at_once(lambda number: outbox.claim(row.pk))
    assert sum(isinstance(claim, OutboxMessage) for claim in claims) == 1
    assert claims.count(None) == PEOPLE - 1


def test_picture_is_claimed_by_one_examiner():
    draft = attachments.stage(form_key=KEY, upload=make_upload())
    claims = at_once(lambda number: examination._claim(draft.pk))
    assert sum(isinstance(claim, Attachment) for claim in claims) == 1


def test_unproven_address_gets_three_mails_also_from_tickets_sent_at_once():
    tickets = at_once(lambda number: make_ticket(notify=True))
    assert [type(ticket) for ticket in tickets] == [Ticket] * PEOPLE
    rows = OutboxMessage.objects.filter(recipient=LUCIA).order_by("due_at")
    waits = [row.due_at > row.created_at for row in rows]
    assert waits.count(True) == PEOPLE - 3


def test_every_one_of_many_at_once_is_counted(monkeypatch):
    # Those whose turn does not come in a fifth of a second are let through uncounted, as on a busy machine.
    monkeypatch.setattr(patience, "MILLISECONDS", 20_000)
    over = at_once(lambda number: throttle.hit("test", key="x", limit=4))
    assert over.count(None) == 4
    assert sum(isinstance(result, throttle.Throttled) for result in over) == PEOPLE - 4


def test_senders_who_want_each_others_notices_send_each_of_them_once(settings):
    Counting.sent = []
    settings.DELIVERY_BACKENDS = {"email": f"{__name__}.Counting"}
    ticket = make_ticket()
    rows = [notice(ticket, number) for number in range(PEOPLE)]
    OutboxMessage.objects.update(due_at=timezone.now())
    results = at_once(lambda number: outbox.deliver(rows[number].pk))
    outbox.sweep()
    assert [result for result in results if not isinstance(result, bool)] == []
    assert sorted(Counting.sent) == sorted(row.pk for row in rows)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}


class Counting:
    """A channel that takes note of every notice that left."""

    sent: list = []

    def send(self, row: OutboxMessage) -> str:
        Counting.sent += [one.pk for one in outbox.whole_mail(row)]
        return ""
