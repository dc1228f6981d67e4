from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from docs_kb.throttle import hit_all
from tickets import access, attachments, conversation, triage
from tickets.access import NoAccess
from tickets.links import revoke_links, signed_token, signed_url, ticket_for_token
from tickets.models import Attachment, OutboxMessage, Ticket
from tickets.tests.factories import BRUNO, LUCIA, make_agent, make_attachment, make_ticket, make_upload

pytestmark = pytest.mark.django_db
KEY = "k" * 32


@pytest.fixture
def lucia():
    return make_request()


@pytest.fixture
def bruno():
    return make_request()


def make_request(user: User | None = None, address: str = "192.0.2.7"):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.session, request.user = SessionStore(), user or AnonymousUser()
    return request


# --- Signed links -------------------------------------------------------------------------------


def test_link_opens_its_ticket_and_tells_no_number():
    ticket = make_ticket()
    token = signed_token(ticket)
    assert ticket_for_token(token) == ticket
    assert signed_url(ticket).endswith(f"/t/{token}/")
    assert token.startswith(ticket.reference.replace("-", "") + ".")


def test_link_that_was_tampered_with_opens_nothing():
    ticket, other = make_ticket(), make_ticket(email=BRUNO)
    token, foreign = signed_token(ticket), signed_token(other)
    forged = [token[:i] + ("A" if c != "A" else "B") + token[i + 1 :] for i, c in enumerate(token)]
    forged += [token[:-1], token + "A", token.lower(), "", ".", foreign[:10] + token[10:], "é" * 20, "\0"]
    forged += [f"{other.reference.replace('-', '')}.{token.rpartition('.')[2]}"]
    assert [text for text in forged if ticket_for_token(text)] == []


def test_link_lives_for_30_days_after_the_last_message():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticket = make_ticket()
        token = signed_token(ticket)
        clock.shift(timedelta(days=29))
        conversation.reply(ticket=ticket, author=None, body="Sigue igual")
        clock.shift(timedelta(days=30, seconds=-1))
        assert ticket_for_token(token)
        clock.shift(timedelta(seconds=1))
        assert ticket_for_token(token) is None


def test_asking_for_a_link_renews_an_old_ticket():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticket = make_ticket()
        clock.shift(timedelta(days=90))
        access.request_link(" LUCIA@example.com ")
        assert ticket_for_token(signed_token(ticket)) == ticket
    assert OutboxMessage.objects.get().secrets == {"link1": signed_url(ticket)}


def test_revoked_link_opens_nothing_and_ends_the_sessions_it_opened(lucia):
    ticket = make_ticket()
    token = signed_token(ticket)
    access.grant_ticket(lucia, ticket)
    assert list(access.opened_tickets(lucia)) == [ticket]
    revoke_links(ticket)
    assert not access.opened_tickets(lucia).exists()
    assert ticket_for_token(token) is None
    assert ticket_for_token(signed_token(ticket)) == ticket
    with pytest.raises(NoAccess):
        access.ticket_for(lucia, ticket.reference)


def test_link_dies_when_the_ticket_gets_another_owner():
    ticket = make_ticket()
    token = signed_token(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(requester=make_ticket(email=BRUNO).requester)
    assert ticket_for_token(token) is None


def test_request_link_mails_only_the_owner_and_only_real_tickets(monkeypatch):
    monkeypatch.setattr(access, "LINKS_PER_MAIL", 1)
    make_ticket(at=timezone.now() - timedelta(days=9))
    mine, spam = make_ticket(), make_ticket()
    make_ticket(email=BRUNO)
    triage.mark_spam(ticket=spam, by=None)
    access.request_link(LUCIA)
    access.request_link("nadie@example.net")
    row = OutboxMessage.objects.get()
    assert row.recipient == LUCIA
    assert list(row.secrets.values()) == [signed_url(mine)]


# --- Sessions -----------------------------------------------------------------------------------


def test_receipt_is_for_the_session_that_sent_the_form(lucia, bruno):
    ticket = make_ticket()
    access.grant_receipt(lucia, ticket)
    assert access.receipt_for(lucia, ticket.reference.lower().replace("-", " ")) == ticket
    for request, reference in [(bruno, ticket.reference), (lucia, "MS-2222-222"), (lucia, "nada")]:
        with pytest.raises(NoAccess):
            access.receipt_for(request, reference)


def test_receipt_does_not_open_the_conversation(lucia):
    ticket = make_ticket()
    access.grant_receipt(lucia, ticket)
    with pytest.raises(NoAccess):
        access.ticket_for(lucia, ticket.reference)
    assert not access.can_read(lucia, ticket)


def test_session_knows_what_it_sent_lately_but_spam(lucia):
    long_ago = timezone.now() - timedelta(hours=1)
    ticket, spam = make_ticket(), make_ticket()
    for one in (ticket, spam):
        access.grant_receipt(lucia, one)
    triage.mark_spam(ticket=spam, by=None)
    assert access.sent_tickets(lucia, since=long_ago) == [ticket]
    assert access.sent_tickets(lucia, since=timezone.now() + timedelta(seconds=1)) == []


def test_opened_link_opens_one_ticket_and_proves_the_address(lucia):
    ticket, other = make_ticket(), make_ticket()
    access.grant_ticket(lucia, ticket)
    assert access.ticket_for(lucia, ticket.reference) == ticket
    assert access.receipt_for(lucia, ticket.reference) == ticket
    with pytest.raises(NoAccess):
        access.ticket_for(lucia, other.reference)
    ticket.requester.refresh_from_db()
    assert ticket.requester.is_verified
    assert ticket.events.filter(kind="link_opened").count() == 1


def test_address_is_proven_once(lucia):
    ticket = make_ticket()
    access.grant_ticket(lucia, ticket)
    first = type(ticket.requester).objects.get().verified_at
    access.grant_ticket(lucia, ticket)
    assert type(ticket.requester).objects.get().verified_at == first


@pytest.mark.parametrize("grant", [access.grant_receipt, access.grant_ticket])
def test_session_gets_a_new_key_with_new_rights(lucia, grant):
    lucia.session["before"] = 1
    lucia.session.save()
    planted = lucia.session.session_key
    grant(lucia, make_ticket())
    assert lucia.session.session_key != planted
    assert lucia.session["before"] == 1


def test_session_forgets_after_eight_hours(lucia):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ticket = make_ticket()
        access.grant_ticket(lucia, ticket)
        clock.shift(timedelta(hours=8, seconds=-1))
        assert access.ticket_for(lucia, ticket.reference)
        clock.shift(timedelta(seconds=2))
        with pytest.raises(NoAccess):
            access.ticket_for(lucia, ticket.reference)


def test_session_remembers_a_bounded_number(lucia):
    for number in range(60):
        access.remember_form(lucia, f"{number}" * 20)
    assert len(lucia.session["forms"]) == 50


def test_access_can_be_given_up_on_this_computer(lucia):
    ticket, other = make_ticket(), make_ticket()
    for one in (ticket, other):
        access.grant_ticket(lucia, one)
    access.revoke(lucia, ticket.reference)
    with pytest.raises(NoAccess):
        access.receipt_for(lucia, ticket.reference)
    assert access.ticket_for(lucia, other.reference)


# --- Files --------------------------------------------------------------------------------------


def can_get(request, attachment: Attachment) -> bool:
    try:
        return access.attachment_for(request, attachment.key) == attachment
    except Http404:
        return False


def test_file_is_for_the_readers_of_its_ticket(lucia, bruno):
    ticket = make_ticket()
    file = make_attachment(ticket.messages.get())
    access.grant_ticket(lucia, ticket)
    access.grant_ticket(bruno, make_ticket(email=BRUNO))
    assert can_get(lucia, file)
    assert not can_get(bruno, file)
    assert not can_get(make_request(), file)


def test_file_of_a_note_is_for_nobody_outside(lucia):
    ana, ticket = make_agent(), make_ticket()
    file = make_attachment(conversation.add_note(ticket=ticket, author=ana, body="Mira"))
    access.grant_ticket(lucia, ticket)
    access.grant_receipt(lucia, ticket)
    assert not can_get(lucia, file)


def test_receipt_shows_the_files_sent_with_it_and_no_others(lucia):
    draft = attachments.stage(form_key=KEY, upload=make_upload())
    ticket = make_ticket(form_key=KEY)
    answer = conversation.reply(ticket=ticket, author=make_agent(), body="Mira", notify=False)
    access.grant_receipt(lucia, ticket)
    assert can_get(lucia, draft)
    assert not can_get(lucia, make_attachment(answer))


def test_draft_is_for_the_session_that_has_its_form(lucia, bruno):
    draft = attachments.stage(form_key=KEY, upload=make_upload())
    access.remember_form(lucia, KEY)
    access.remember_form(bruno, "b" * 32)
    assert can_get(lucia, draft)
    assert not can_get(bruno, draft)


def test_file_is_for_staff_who_may_see_tickets():
    file = make_attachment(make_ticket().messages.get())
    ana, eva = make_agent(), make_agent("eva", group="Documentación")
    customer = User.objects.create_user("lucia")
    customer.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    assert can_get(make_request(ana), file)
    assert not can_get(make_request(eva), file)
    assert not can_get(make_request(User.objects.get(pk=customer.pk)), file)


def test_unknown_file_is_not_found(lucia):
    with pytest.raises(Http404):
        access.attachment_for(lucia, "nada")


# --- How often ----------------------------------------------------------------------------------


def test_five_tickets_an_hour_for_an_address_wherever_they_come_from():
    tries = [
        hit_all(access.ticket_limits(make_request(address=f"192.0.{number}.7"), LUCIA)) for number in range(6)
    ]
    assert tries[:5] == [None] * 5
    assert 0 < tries[5].retry_after <= 3600


def test_thirty_tickets_an_hour_for_a_network_whatever_they_say():
    tries = [
        hit_all(access.ticket_limits(make_request(address=f"192.0.2.{number}"), f"c{number}@example.com"))
        for number in range(31)
    ]
    assert [number for number, throttled in enumerate(tries) if throttled] == [30]


def test_answers_and_links_an_hour_have_their_limits():
    ticket = make_ticket()
    of_ticket = (
        hit_all(access.reply_limits(make_request(address=f"198.51.{n}.7"), ticket)) for n in range(99)
    )
    of_network = (hit_all(access.reply_limits(make_request(), Ticket(pk=n))) for n in range(1000, 1099))
    links = (access.may_request_link(make_request(), f"c{n}@example.com") for n in range(99))
    allowed = [
        next(n for n, throttled in enumerate(tries) if throttled) for tries in (of_ticket, of_network, links)
    ]
    assert allowed == [30, 60, 20]


def test_five_links_an_hour_for_an_address():
    tries = [
        access.may_request_link(make_request(address=f"192.0.{n}.7"), " LUCIA@Example.com") for n in range(6)
    ]
    assert [bool(throttled) for throttled in tries] == [False] * 5 + [True]
