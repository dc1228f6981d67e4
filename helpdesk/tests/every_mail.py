"""Every mail of the product once, as it leaves: what the tests of their words and their looks go through."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern_policy
from zoneinfo import ZoneInfo

import time_machine

from contact.setup import create_default_channels
from docs_kb.tests.factories import make_article
from tickets import attachments, conversation, notifications, smtp, surveys
from tickets.models import OpeningHours, OutboxMessage, Requester, Schedule, Survey, Ticket
from tickets.tests.factories import LUCIA, PROBLEM, make_agent, make_attachment, make_upload

# A Tuesday.
MORNING = datetime(2026, 11, 24, 9, 14, tzinfo=ZoneInfo("Europe/Madrid"))
KEY = "k" * 32
CUSTOMER_KINDS = (
    "receipt",
    "reply",
    "reminder",
    "resolved",
    "reopened",
    "merged",
    "late",
    "file_refused",
    "link",
    "code",
)
STAFF_KINDS = ("staff_new", "staff_answer", "staff_assigned", "staff_rated", "staff_factor")
ANSWER = "¿Qué navegador usas?\n\nMira mientras tanto https://example.com/guia y dinos qué sale."


def every_mail(*, is_proven: bool) -> dict[str, OutboxMessage]:
    """One row of each kind, from a story that starts on a Tuesday morning."""
    with time_machine.travel(MORNING, tick=False) as clock:
        schedule = Schedule.objects.create(name="Equipo", is_desk=True)
        OpeningHours.objects.bulk_create(
            OpeningHours(schedule=schedule, weekday=day, opens_at="09:00", closes_at="18:00")
            for day in range(5)
        )
        create_default_channels()
        ana, pilar = make_agent(), make_agent("pilar", group="Supervisión")
        guide = make_article(title="No recibo el código para entrar")
        if is_proven:
            Requester.objects.create(email=LUCIA, name="Lucía Ferrer", verified_at=MORNING)
        attachments.stage(form_key=KEY, upload=make_upload("panel.png"))
        ticket = conversation.open_ticket(
            name="Lucía Ferrer", email=LUCIA, description=PROBLEM, form_key=KEY, suggested=[guide.pk]
        )
        refused = make_attachment(
            ticket.messages.get(),
            state="refused",
            reason="«foto.jpg» no se puede abrir y no se ha guardado: envíala otra vez",
        )
        clock.shift(timedelta(seconds=1))
        notifications.file_refused(refused)
        clock.shift(timedelta(hours=4, minutes=16))
        notifications.running_late(ticket, MORNING + timedelta(hours=8))
        notifications.ticket_assigned(ticket, ana, pilar)
        notifications.second_factor_changed(ana, "app_added")
        conversation.reply(ticket=ticket, author=ana, body=ANSWER)
        clock.shift(timedelta(days=7))
        notifications.code(LUCIA, "K7PM-4TQX", datetime(2026, 12, 1, 14, 24, tzinfo=MORNING.tzinfo))
        notifications.reminder(ticket)
        conversation.reply(ticket=ticket, author=None, body="Uso Firefox")
        _close_and_open(ticket, ana)
        other = conversation.open_ticket(
            name="Lucía Ferrer", email=LUCIA, description="Otra vez lo mismo", notify=False
        )
        notifications.ticket_merged(ticket, other)
        notifications.link_requested(ticket.requester, [ticket])
    rows = {row.kind: row for row in OutboxMessage.objects.order_by("-created_at")}
    assert set(rows) == {*CUSTOMER_KINDS, *STAFF_KINDS}
    return rows


def _close_and_open(ticket: Ticket, ana) -> None:
    conversation.set_status(ticket, Ticket.Status.RESOLVED, ana, datetime.now(tz=MORNING.tzinfo))
    notifications.ticket_resolved(ticket, ana, "Hemos renovado tu acceso: ya no sale el error 403.")
    survey = surveys.survey_of(ticket)
    survey.rating = Survey.Rating.BAD
    survey.save()
    notifications.rated_badly(survey)
    conversation.set_status(ticket, Ticket.Status.OPEN, None, datetime.now(tz=MORNING.tzinfo))
    notifications.ticket_reopened(ticket)


def built(row: OutboxMessage) -> EmailMessage:
    """The mail as a server gets it."""
    raw = smtp.EmailBackend().build(row).message().as_bytes()
    return BytesParser(policy=modern_policy).parsebytes(raw)
