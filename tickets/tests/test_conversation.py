from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from tickets import attachments, conversation, notifications, triage
from tickets.conversation import AlreadySent, TicketClosed, add_note, reply
from tickets.models import Attachment, Event, Message, OutboxMessage, Requester, Ticket
from tickets.tests.factories import BRUNO, LUCIA, PROBLEM, make_agent, make_ticket, make_upload, verify

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = "k" * 32


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.values_list("kind", flat=True))


@pytest.mark.django_db
def test_open_ticket_stores_words_files_event_and_mails():
    make_agent()
    attachments.stage(form_key=KEY, upload=make_upload())
    ticket = make_ticket(form_key=KEY, notify=True, at=NOON)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.subject) == ("new", "No puedo entrar en mi panel")
    assert ticket.created_at == ticket.waiting_since == ticket.last_message_at == NOON
    message = ticket.messages.get()
    assert (message.kind, message.body, message.author_name) == ("customer", PROBLEM, "Lucía Ferrer")
    assert [file.name for file in message.attachments.all()] == ["panel.png"]
    assert kinds(ticket) == ["opened"]
    assert set(ticket.outbox.values_list("kind", "recipient")) == {
        ("receipt", LUCIA),
        ("staff_new", "ana@example.com"),
    }


@pytest.fixture
def drawn(monkeypatch):
    """What the next references are drawn from, instead of chance."""

    def draw(*references: str) -> None:
        monkeypatch.setattr(conversation, "new_reference", iter(references).__next__)

    return draw


@pytest.mark.django_db
def test_open_ticket_draws_another_reference_when_one_is_taken(drawn):
    taken = make_ticket().reference
    attachments.stage(form_key=KEY, upload=make_upload())
    drawn(taken, taken, "MS-2222-222")
    ticket = make_ticket(form_key=KEY, notify=True)
    assert ticket.reference == "MS-2222-222"
    assert Ticket.objects.count() == Message.objects.count() == 2
    assert Attachment.objects.get().message == ticket.messages.get()
    assert OutboxMessage.objects.get().subject.startswith("[MS-2222-222]")


@pytest.mark.django_db
def test_open_ticket_gives_up_when_every_reference_is_taken(drawn):
    taken = make_ticket().reference
    drawn(*[taken] * 9)
    with pytest.raises(IntegrityError):
        make_ticket()
    assert Ticket.objects.count() == 1


@pytest.mark.django_db
def test_open_ticket_leaves_nothing_when_its_mails_cannot_be_written(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no template")

    monkeypatch.setattr(notifications, "ticket_opened", fail)
    attachments.stage(form_key=KEY, upload=make_upload())
    with pytest.raises(RuntimeError):
        make_ticket(form_key=KEY, notify=True)
    assert [Model.objects.count() for Model in (Ticket, Message, Event, OutboxMessage, Requester)] == [0] * 5
    assert attachments.drafts(KEY).count() == 1


@pytest.mark.django_db
def test_open_ticket_writes_no_mail_when_told_so():
    make_agent()
    assert not make_ticket(notify=False).outbox.exists()


@pytest.mark.django_db
def test_open_ticket_again_with_the_same_content_points_to_the_first():
    attachments.stage(form_key=KEY, upload=make_upload())
    first = make_ticket(form_key=KEY)
    attachments.stage(form_key=KEY, upload=make_upload())  # the browser sends the file again
    with pytest.raises(AlreadySent) as sent:
        make_ticket(form_key=KEY, name="  Lucía   Ferrer ", email="LUCIA@example.com ")
    assert (sent.value.ticket, sent.value.same_content) == (first, True)
    assert (Ticket.objects.count(), Attachment.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_open_ticket_again_with_other_words_says_so():
    first = make_ticket(form_key=KEY)
    with pytest.raises(AlreadySent) as sent:
        make_ticket(form_key=KEY, description="Otra cosa distinta")
    assert (sent.value.ticket, sent.value.same_content) == (first, False)


@pytest.mark.django_db
def test_open_ticket_again_with_one_more_file_says_so_and_keeps_the_file():
    make_ticket(form_key=KEY)
    attachments.stage(form_key=KEY, upload=make_upload())
    with pytest.raises(AlreadySent) as sent:
        make_ticket(form_key=KEY)
    assert not sent.value.same_content
    attachments.move_drafts(form_key=KEY, to="n" * 32)
    assert attachments.drafts("n" * 32).count() == 1


@pytest.mark.django_db
def test_open_ticket_without_a_form_key_is_never_taken_for_another():
    assert make_ticket() != make_ticket()


@pytest.mark.django_db
def test_open_ticket_knows_a_customer_by_the_address_in_any_case():
    first, second = make_ticket(), make_ticket(email=" Lucia@Example.COM")
    assert first.requester_id == second.requester_id
    assert second.requester.email == LUCIA


@pytest.mark.django_db
def test_open_ticket_renames_only_a_customer_whom_nobody_has_proven():
    ticket = make_ticket(name="Lucia")
    make_ticket(name="Lucía Ferrer")
    ticket.requester.refresh_from_db()
    assert ticket.requester.name == "Lucía Ferrer"
    verify(ticket)
    stranger = make_ticket(name="Tonta")
    assert stranger.requester.name == "Lucía Ferrer"
    assert stranger.messages.get().author_name == "Tonta"


@pytest.mark.django_db
def test_open_ticket_keeps_out_what_no_database_holds():
    ticket = make_ticket(
        name="Lu\x00cía\r\nBcc: x@example.com\u202e", description="Hola\x00\r\n\r\n\tmundo\ud800"
    )
    message = ticket.messages.get()
    assert message.author_name == "Lu cía Bcc: x@example.com"
    assert message.body == "Hola\n\n\tmundo"


@pytest.mark.django_db
def test_staff_reply_answers_and_waits_for_the_customer():
    ana, ticket = make_agent(), make_ticket(at=NOON)
    message = reply(ticket=ticket, author=ana, body="¿Qué navegador usas?", at=NOON + timedelta(hours=1))
    ticket.refresh_from_db()
    assert (message.kind, message.author_name) == ("staff", "Ana")
    assert (ticket.status, ticket.waiting_since) == ("waiting_customer", None)
    assert ticket.first_answered_at == ticket.last_message_at == NOON + timedelta(hours=1)
    status = ticket.events.get(kind="status")
    assert (status.old, status.new, status.actor) == ("new", "waiting_customer", ana)
    assert kinds(ticket) == ["opened", "replied", "status"]
    reply(ticket=ticket, author=ana, body="¿Y ahora?", at=NOON + timedelta(hours=2))
    ticket.refresh_from_db()
    assert ticket.first_answered_at == NOON + timedelta(hours=1)


@pytest.mark.django_db
def test_staff_reply_leaves_the_ticket_as_its_author_chose():
    ana, ticket = make_agent(), make_ticket()
    reply(ticket=ticket, author=ana, body="Hecho.", next_status="resolved", at=NOON)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolved_at) == ("resolved", NOON)
    late = NOON + timedelta(days=30)
    assert reply(ticket=ticket, author=ana, body="Un detalle más.", at=late)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("new", "new"),
        ("open", "open"),
        ("waiting_customer", "open"),
        ("waiting_third_party", "waiting_third_party"),
        ("resolved", "open"),
    ],
)
def test_customer_reply_brings_the_ticket_back_to_the_team(before, after):
    ticket = make_ticket(at=NOON)
    triage.change_status(ticket=ticket, to=before, by=None, at=NOON)
    Ticket.objects.update(waiting_since=None)
    later = NOON + timedelta(days=2)
    reply(ticket=ticket, author=None, body="Sigue fallando", at=later)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.waiting_since, ticket.last_message_at) == (after, later, later)
    assert ticket.resolved_at is None


@pytest.mark.django_db
def test_customer_reply_does_not_shorten_how_long_they_have_waited():
    ticket = make_ticket(at=NOON)
    reply(ticket=ticket, author=None, body="¿Hay novedades?", at=NOON + timedelta(hours=3))
    ticket.refresh_from_db()
    assert ticket.waiting_since == NOON


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["closed", "long resolved", "merged"])
def test_customer_reply_to_a_ticket_that_is_over_is_refused(state):
    ticket = make_ticket(at=NOON)
    if state == "merged":
        Ticket.objects.filter(pk=ticket.pk).update(merged_into=make_ticket(email=BRUNO))
    else:
        triage.change_status(
            ticket=ticket, to="closed" if state == "closed" else "resolved", by=None, at=NOON
        )
    with pytest.raises(TicketClosed):
        reply(ticket=ticket, author=None, body="Hola", at=NOON + timedelta(days=14))
    assert ticket.messages.count() == 1


@pytest.mark.django_db
def test_reply_again_with_the_same_form_is_stored_once():
    ticket = make_ticket()
    first = reply(ticket=ticket, author=None, body="Uso Firefox", form_key=KEY)
    with pytest.raises(AlreadySent) as sent:
        reply(ticket=ticket, author=None, body="Uso Firefox", form_key=KEY)
    assert (sent.value.message, sent.value.same_content) == (first, True)
    with pytest.raises(AlreadySent) as sent:
        reply(ticket=ticket, author=None, body="Uso Chrome", form_key=KEY)
    assert not sent.value.same_content
    with pytest.raises(AlreadySent) as sent:
        reply(ticket=make_ticket(), author=None, body="Uso Firefox", form_key=KEY)
    assert not sent.value.same_content
    attachments.stage(form_key=KEY, upload=make_upload())
    with pytest.raises(AlreadySent) as sent:
        reply(ticket=ticket, author=None, body="Uso Firefox", form_key=KEY)
    assert not sent.value.same_content
    assert ticket.messages.count() == 2


@pytest.mark.django_db
def test_note_stays_inside_and_opens_a_new_ticket():
    ana, ticket = make_agent(), make_ticket(at=NOON)
    note = add_note(ticket=ticket, author=ana, body="Mirar los registros", at=NOON + timedelta(hours=1))
    ticket.refresh_from_db()
    assert note.is_internal
    assert list(ticket.messages.public()) == [ticket.messages.first()]
    assert (ticket.status, ticket.waiting_since, ticket.last_message_at) == ("open", NOON, NOON)
    assert not ticket.outbox.exists()


@pytest.mark.django_db
def test_file_refused_before_it_was_sent_is_told_in_the_conversation():
    draft = attachments.stage(form_key=KEY, upload=make_upload())
    Attachment.objects.filter(pk=draft.pk).update(state="refused", reason="«panel.png» …")
    ticket = make_ticket(form_key=KEY)
    assert kinds(ticket) == ["opened", "file_refused"]
    assert ticket.messages.get().attachments.get().is_refused


def test_staff_name_is_the_first_name():
    assert conversation.staff_name(type("User", (), {"first_name": "Ana"})()) == "Ana"
