from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tickets import outbox, smtp
from tickets.models import OutboxMessage, Requester
from tickets.outbox import PermanentFailure, TemporaryFailure, Unbuildable
from tickets.tests.factories import BRUNO, LUCIA, make_agent, make_ticket, verify

pytestmark = pytest.mark.django_db
START = "2026-11-24T12:00:00Z"


def make_row(event_key: str = "receipt:1:1", **fields) -> OutboxMessage:
    values = {
        "kind": "receipt",
        "recipient": LUCIA,
        "subject": "[MS-4F7K-29Q] Tu ticket",
        "body_text": "Síguelo aquí:\n[[link]]\n",
        "body_html": '<a href="[[link]]">Seguir</a>',
        "secrets": {"link": "https://example.com/t/secreto/?a=1&b=2"},
    }
    return outbox.enqueue(event_key=event_key, **(values | fields))


class Post:
    """A channel that does what the test says, and remembers what left."""

    sent: list = []
    failure: Exception | None = None

    def send(self, row):
        if Post.failure:
            raise Post.failure
        Post.sent.append(smtp._joined(outbox.whole_mail(row)))
        return "provider-1"


@pytest.fixture
def post(settings, woken):
    settings.DELIVERY_BACKENDS = {"email": f"{__name__}.Post"}
    Post.sent, Post.failure = [], None
    return Post


def test_enqueue_writes_a_row_and_wakes_the_worker_after_the_commit(
    woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        row = make_row()
    assert woken == []
    for callback in callbacks:
        callback()
    assert woken == [("tickets.tasks.deliver", str(row.pk))]
    assert (row.state, row.attempts) == ("queued", 0)


def test_enqueue_of_the_same_event_makes_one_row():
    first, second = make_row(), make_row(subject="otra vez")
    assert first == second
    assert OutboxMessage.objects.count() == 1


def test_mail_id_is_random_of_our_domain_and_stays(post, settings):
    settings.SUPPORT_EMAIL = "ayuda@soporte.example"
    row, other = make_row(), make_row("receipt:2:1")
    assert row.mail_id.endswith("@soporte.example>")
    assert row.mail_id != other.mail_id
    outbox.deliver(row.pk)
    assert OutboxMessage.objects.get(pk=row.pk).mail_id == row.mail_id


def test_subject_is_one_line():
    assert make_row(subject="Hola\r\nBcc: x@example.com").subject == "Hola Bcc: x@example.com"


def test_deliver_sends_once_and_wipes_the_secrets(post):
    row = make_row()
    assert outbox.deliver(row.pk) is True
    assert outbox.deliver(row.pk) is False
    row.refresh_from_db()
    assert (row.state, row.secrets, row.provider_id) == ("sent", {}, "provider-1")
    assert row.sent_at
    ((text, html),) = post.sent
    assert text == "Síguelo aquí:\nhttps://example.com/t/secreto/?a=1&b=2\n"
    assert html == '<a href="https://example.com/t/secreto/?a=1&amp;b=2">Seguir</a>'


def test_deliver_keeps_the_secrets_of_a_demo(post, settings):
    settings.DEMO = True
    row = make_row()
    outbox.deliver(row.pk)
    row.refresh_from_db()
    assert outbox.rendered(row, whole=True)[0].endswith("/t/secreto/?a=1&b=2\n")


def test_rendered_masks_before_and_after_sending(post):
    row = make_row()
    before = outbox.rendered(row, whole=False)
    outbox.deliver(row.pk)
    row.refresh_from_db()
    assert before == outbox.rendered(row, whole=False) == outbox.rendered(row, whole=True)
    assert before == ("Síguelo aquí:\n••••••\n", '<a href="••••••">Seguir</a>')


def test_row_that_is_not_due_waits(post):
    row = make_row(due_at=timezone.now() + timedelta(minutes=1))
    assert not outbox.deliver(row.pk)
    assert outbox.sweep() == 0
    assert post.sent == []


def test_temporary_failure_is_tried_again_after_growing_pauses_until_72_hours(post):
    post.failure = TemporaryFailure("451 greylisted")
    with time_machine.travel(START, tick=False) as clock:
        row, minutes = make_row(), []
        while True:
            outbox.deliver(row.pk)
            row.refresh_from_db()
            if row.state == "failed":
                break
            assert (row.state, row.last_error) == ("queued", "451 greylisted")
            minutes.append((row.due_at - timezone.now()) // timedelta(minutes=1))
            assert not outbox.deliver(row.pk)
            clock.move_to(row.due_at)
        tried_for = timezone.now() - row.first_tried_at
        clock.shift(timedelta(hours=1))
        outbox.retry(row)
        outbox.deliver(row.pk)
        row.refresh_from_db()
    assert minutes[:6] == [1, 5, 15, 30, 60, 60]
    assert set(minutes[4:]) == {60}
    assert timedelta(hours=71) < tried_for <= timedelta(hours=72)
    assert (row.state, row.attempts) == ("queued", 1)  # and has its 72 hours again


def test_row_that_waited_for_days_without_a_worker_gets_its_72_hours(post):
    post.failure = TemporaryFailure("no route")
    with time_machine.travel(START, tick=False) as clock:
        row = make_row()
        clock.shift(timedelta(days=5))
        outbox.deliver(row.pk)
        row.refresh_from_db()
    assert row.state == "queued"


def test_permanent_failure_is_failed_at_once_and_kept_whole(post):
    post.failure = PermanentFailure("550 no such user")
    row = make_row()
    outbox.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.last_error, row.attempts) == ("failed", "550 no such user", 1)
    assert row.secrets


def test_mail_that_cannot_be_built_is_failed_the_third_time(post):
    post.failure = ValueError("poison")
    states = []
    with time_machine.travel(START, tick=False) as clock:
        row = make_row()
        for _ in range(3):
            outbox.deliver(row.pk)
            row.refresh_from_db()
            states.append(row.state)
            clock.shift(timedelta(hours=1))
    assert states == ["queued", "queued", "failed"]
    assert row.last_error == "ValueError: poison"


def test_retry_starts_a_failed_mail_from_the_beginning(post, woken, django_capture_on_commit_callbacks):
    post.failure = PermanentFailure("550")
    row = make_row()
    outbox.deliver(row.pk)
    post.failure = None
    with django_capture_on_commit_callbacks(execute=True):
        outbox.retry(row)
    assert woken == [("tickets.tasks.deliver", str(row.pk))]
    assert outbox.deliver(row.pk)
    assert len(post.sent) == 1


def test_retry_leaves_a_sent_mail_alone(post):
    row = make_row()
    outbox.deliver(row.pk)
    outbox.retry(row)
    row.refresh_from_db()
    assert row.state == "sent"


def test_bounced_mail_whose_link_was_wiped_is_not_sent_without_it(post):
    row = make_row()
    outbox.deliver(row.pk)
    OutboxMessage.objects.update(state="bounced")
    outbox.retry(row)
    outbox.deliver(row.pk)
    row.refresh_from_db()
    assert row.state == "failed"
    assert len(post.sent) == 1


def test_words_that_look_like_a_mark_hold_no_mail_back(post):
    """A customer's «[[link]]» in the subject of a ticket, which the notices to the team repeat."""
    row = make_row(body_text="Hay un ticket nuevo: [[link]] no funciona", secrets={})
    assert outbox.deliver(row.pk)
    assert len(post.sent) == 1


def test_claim_lasts_for_a_minute_and_then_belongs_to_whoever_comes(post):
    with time_machine.travel(START, tick=False) as clock:
        row = make_row()
        assert outbox.claim(row.pk)
        assert outbox.claim(row.pk) is None
        clock.shift(timedelta(seconds=59))
        assert outbox.sweep() == 0
        clock.shift(timedelta(seconds=1))
        assert outbox.sweep() == 1
        row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 2)


def test_of_two_senders_who_read_the_same_row_one_gets_it(woken):
    row, now = make_row(), timezone.now()
    one, other = (OutboxMessage.objects.get(pk=row.pk) for _ in range(2))
    assert outbox._take(one, now)
    assert not outbox._take(other, now)


def test_late_failure_of_a_lost_lease_does_not_undo_the_other_sender(post):
    with time_machine.travel(START, tick=False) as clock:
        row = make_row()
        late = outbox.claim(row.pk)
        clock.shift(timedelta(seconds=61))
        outbox.deliver(row.pk)
        outbox._put_back(late, "timed out")
        row.refresh_from_db()
    assert row.state == "sent"


def test_mail_that_left_late_is_not_sent_again(post):
    """Its lease ran out while it was being sent, and whoever took it then has put it back."""
    with time_machine.travel(START, tick=False) as clock:
        row = make_row()
        late = outbox.claim(row.pk)
        clock.shift(timedelta(seconds=61))
        post.failure = TemporaryFailure("451 later")
        outbox.deliver(row.pk)
        outbox._mark_sent(late, "provider-1")
        row.refresh_from_db()
    assert (row.state, row.secrets) == ("sent", {})


def test_sweep_takes_the_oldest_first_and_no_more_than_its_limit(post):
    now = timezone.now()
    for number in (1, 2, 3):
        make_row(
            f"receipt:{number}:1", recipient=f"c{number}@example.com", due_at=now - timedelta(minutes=number)
        )
    assert outbox.sweep(limit=2) == 2
    assert OutboxMessage.objects.get(state="queued").event_key == "receipt:1:1"


def test_sweep_goes_on_after_a_mail_that_fails(post, monkeypatch):
    def send(self, row):
        if row.event_key == "bad":
            raise ValueError("poison")
        return ""

    monkeypatch.setattr(Post, "send", send)
    make_row("bad", due_at=timezone.now() - timedelta(minutes=1))
    make_row("good", recipient=BRUNO)
    assert outbox.sweep() == 1


def test_oldest_due_age_counts_only_what_could_have_left():
    now = timezone.now()
    assert outbox.oldest_due_age(now) is None
    make_row("a", due_at=now + timedelta(hours=1))
    assert outbox.oldest_due_age(now) is None
    make_row("b", recipient=BRUNO, due_at=now - timedelta(minutes=7))
    assert outbox.oldest_due_age(now) == timedelta(minutes=7)


def due_minutes(rows) -> list[int]:
    now = timezone.now()
    return [round((row.due_at - now) / timedelta(minutes=1)) for row in rows]


def test_unproven_address_gets_three_automatic_mails_an_hour_and_the_rest_later():
    with time_machine.travel(START, tick=False):
        rows = [make_row(f"receipt:{number}:1") for number in range(7)]
        assert due_minutes(rows) == [0, 0, 0, 60, 60, 60, 120]


def test_what_was_not_sent_or_joined_another_does_not_keep_the_next_mails_waiting():
    with time_machine.travel(START, tick=False):
        *_, sent, joined = (make_row(f"code:{number}") for number in range(4))
        OutboxMessage.objects.filter(pk=joined.pk).update(carried_by=sent)
        OutboxMessage.objects.filter(event_key="code:0").update(state="failed")
        OutboxMessage.objects.filter(event_key="code:1").update(state="suppressed")
        rows = [make_row(f"receipt:{number}:1") for number in range(3)]
        assert due_minutes(rows) == [0, 0, 60]


def test_mail_that_must_wait_wakes_nobody(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(4):
            make_row(f"receipt:{number}:1")
    assert len(woken) == 3


def test_limit_is_for_automatic_mails_to_unproven_addresses_only(settings):
    ticket = make_ticket()
    verify(ticket)
    make_agent()
    addresses = [LUCIA, "ana@example.com"]
    with time_machine.travel(START, tick=False):
        for address in addresses:
            rows = [make_row(f"receipt:{number}:{address}", recipient=address) for number in range(5)]
            assert due_minutes(rows) == [0] * 5
        rows = [make_row(f"reply:{n}:x", recipient=BRUNO, is_automatic=False) for n in range(5)]
        assert due_minutes(rows) == [0] * 5
        settings.RATE_LIMITS = False
        rows = [make_row(f"receipt:{n}:y", recipient="otra@example.org") for n in range(5)]
        assert due_minutes(rows) == [0] * 5


def test_answers_of_the_team_do_not_use_up_the_automatic_mails():
    Requester.objects.create(email=BRUNO, name="Bruno")
    with time_machine.travel(START, tick=False):
        for number in range(5):
            make_row(f"reply:{number}:x", recipient=BRUNO, is_automatic=False)
        assert due_minutes([make_row("receipt:1:x", recipient=BRUNO)]) == [0]


# --- Several notices in one mail ------------------------------------------------------------------


def notice(ticket, number: int, **fields) -> OutboxMessage:
    """One of several notices to Lucía on her ticket, with the seams that its templates give."""
    row = outbox.compose(
        kind=fields.pop("kind", "reply"),
        recipient=fields.pop("recipient", LUCIA),
        subject=f"Re: {number}",
        body_text=f"Hola:\n\nAviso {number}: [[link]]\n\nFin {number}\n",
        body_html=f"<p>Hola:</p><p>Aviso {number}</p><p>Fin {number}</p>",
        seams={"text": [7, 24], "html": [12, 26]},
        event_key=f"notice:{ticket.pk}:{number}",
        ticket=ticket,
        secrets={"link": f"https://example.com/t/{number}"},
        is_automatic=fields.pop("is_automatic", False),
        **fields,
    )
    outbox.post([row])
    return row


def states() -> list[str]:
    return list(OutboxMessage.objects.order_by("created_at").values_list("state", flat=True))


def test_what_follows_a_mail_within_two_minutes_leaves_as_one(post):
    ticket = make_ticket()
    with time_machine.travel(START, tick=False) as clock:
        first = notice(ticket, 1)
        assert outbox.deliver(first.pk)
        clock.shift(timedelta(seconds=30))
        second = notice(ticket, 2)
        clock.shift(timedelta(seconds=60))
        third = notice(ticket, 3)
        assert outbox.sweep() == 0
        clock.shift(timedelta(seconds=30))
        assert outbox.sweep() == 1
    assert [text for text, _ in post.sent] == [
        "Hola:\n\nAviso 1: https://example.com/t/1\n\nFin 1\n",
        "Hola:\n\nAviso 2: https://example.com/t/2\n\n* * *\n\nAviso 3: https://example.com/t/3\n\nFin 3\n",
    ]
    html = post.sent[1][1]
    assert html.startswith("<p>Hola:</p><p>Aviso 2</p><table role=")
    assert html.endswith("<p>Aviso 3</p><p>Fin 3</p>")
    third.refresh_from_db()
    assert (third.carried_by, states()) == (second, ["sent"] * 3)
    assert third.sent_at
    assert not OutboxMessage.objects.exclude(secrets={}).exists()


def test_notices_to_others_of_other_tickets_and_codes_never_wait(post):
    ticket, other = make_ticket(), make_ticket()
    with time_machine.travel(START, tick=False):
        for row in (notice(ticket, 1), notice(ticket, 2, recipient=BRUNO), notice(other, 3)):
            assert outbox.deliver(row.pk)
        assert outbox.deliver(make_row("code:1", kind="code", ticket=None).pk)


def test_notice_after_two_minutes_leaves_at_once(post):
    ticket = make_ticket()
    with time_machine.travel(START, tick=False) as clock:
        outbox.deliver(notice(ticket, 1).pk)
        clock.shift(timedelta(minutes=2))
        second = notice(ticket, 2)
        assert outbox.deliver(second.pk)
        for state in ("failed", "suppressed"):
            OutboxMessage.objects.filter(pk=second.pk).update(state=state)
            assert due_minutes([notice(ticket, state)]) == [0]
            OutboxMessage.objects.exclude(pk=second.pk).delete()


def test_joined_mail_says_once_what_several_notices_say(post):
    ticket = make_ticket()
    rows = [notice(ticket, number) for number in (1, 2)]
    OutboxMessage.objects.update(due_at=timezone.now(), secrets={"link": "x"}, body_text=rows[0].body_text)
    outbox.deliver(rows[0].pk)
    assert post.sent[0][0] == "Hola:\n\nAviso 1: x\n\nFin 1\n"


def test_killed_sender_of_a_joined_mail_is_repeated_with_the_same_notices(post):
    ticket = make_ticket()
    with time_machine.travel(START, tick=False) as clock:
        rows = [notice(ticket, number) for number in (1, 2)]
        OutboxMessage.objects.update(due_at=timezone.now())
        assert outbox.claim(rows[0].pk)  # and dies
        assert outbox.claim(rows[1].pk) is None
        late = notice(ticket, 3)
        clock.shift(timedelta(seconds=61))
        OutboxMessage.objects.filter(pk=late.pk).update(due_at=timezone.now())
        assert outbox.sweep() == 2
    texts = [text for text, _ in post.sent]
    assert [("Aviso 1" in t, "Aviso 2" in t, "Aviso 3" in t) for t in texts] == [
        (True, True, False),
        (False, False, True),
    ]
    assert states() == ["sent"] * 3


def test_second_try_takes_along_nothing_new(post):
    """The first may have left: another mail under its Message-ID would be taken for the same and dropped."""
    ticket = make_ticket()
    with time_machine.travel(START, tick=False) as clock:
        assert outbox.claim(notice(ticket, 1).pk)  # and dies
        late = notice(ticket, 2)
        clock.shift(timedelta(seconds=61))
        OutboxMessage.objects.filter(pk=late.pk).update(due_at=timezone.now())
        assert outbox.sweep() == 2
    assert [text.count("Aviso") for text, _ in post.sent] == [1, 1]


def test_joined_mail_that_fails_takes_its_notices_with_it_and_back(post):
    ticket = make_ticket()
    rows = [notice(ticket, number) for number in (1, 2)]
    OutboxMessage.objects.update(due_at=timezone.now())
    post.failure = TemporaryFailure("451 later")
    outbox.deliver(rows[0].pk)
    assert states() == ["queued", "queued"]
    post.failure = PermanentFailure("550 nobody")
    OutboxMessage.objects.update(due_at=timezone.now())
    outbox.deliver(rows[0].pk)
    assert states() == ["failed", "failed"]
    post.failure = None
    outbox.retry(OutboxMessage.objects.get(pk=rows[1].pk))
    assert outbox.sweep() == 1
    assert (states(), len(post.sent)) == (["sent", "sent"], 1)


@pytest.mark.parametrize("error", [ValueError("poison"), Unbuildable("poison")])
def test_notice_that_cannot_be_built_does_not_hold_back_the_others(post, monkeypatch, error):
    ticket = make_ticket()
    poison, good = notice(ticket, 1), notice(ticket, 2)
    real = smtp._parts

    def parts(row):
        if row.pk == poison.pk:
            raise error
        return real(row)

    monkeypatch.setattr(smtp, "_parts", parts)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False) as clock:
        for _ in range(4):
            outbox.sweep()
            clock.shift(timedelta(hours=1))
    good.refresh_from_db()
    poison.refresh_from_db()
    assert (good.state, poison.state) == ("sent", "failed")
    assert poison.last_error.endswith("poison")


def test_persons_answer_does_not_wait_for_the_hour_of_an_unproven_address(post):
    ticket = make_ticket()
    with time_machine.travel(START, tick=False) as clock:
        for number in range(3):
            make_row(f"receipt:{number}:1")
        waiting = notice(ticket, 1, is_automatic=True)
        joined = notice(ticket, 2, is_automatic=True)
        answer = notice(ticket, 3)
        assert due_minutes([waiting, joined, answer]) == [60, 60, 0]
        assert outbox.sweep() == 4
        clock.shift(timedelta(minutes=60))
        assert outbox.sweep() == 1
    assert waiting.carried.get() == joined


def test_waiting_is_lifted_with_the_limits(post, settings):
    settings.RATE_LIMITS = False
    ticket = make_ticket()
    rows = [notice(ticket, number) for number in (1, 2)]
    assert due_minutes(rows) == [0, 0]
