"""The mails to customers, one function for each event."""

import re
from contextlib import nullcontext
from datetime import datetime
from secrets import token_hex

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import Truncator

from docs_kb import dates
from docs_kb.models import Article
from tickets import guides, outbox, sla, surveys
from tickets.calendars import Calendars
from tickets.links import signed_url, survey_url
from tickets.models import Attachment, Message, OutboxMessage, Requester, Survey, Ticket
from tickets.notifications import letters
from tickets.notifications.team import new_ticket_rows, proven_team, team

MOST_GUIDES = 3
LONGEST_QUOTE = 600
RATINGS = [Survey.Rating.GOOD, Survey.Rating.FAIR, Survey.Rating.BAD]
# «Buenas noticias: …» greets nobody.
_GREETING = re.compile(
    r"""\W* (?: hola | hello | kaixo | buen(?:os)?\s+d[ií]as? | (?:estimad|querid|apreciad)[oa]s?
    | (?:muy\s+)?buenas (?= \s+(?:tardes|noches)\b | \s*(?:[,.:;!]|$) | \s+(?-i:[A-ZÁÉÍÓÚÑ]) ) ) \b""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def ticket_opened(
    ticket: Ticket,
    message: Message,
    *,
    files: list[Attachment],
    calendars: Calendars,
    has_guides: bool = False,
) -> None:
    """The receipt for the customer, and a line for everyone of the team who takes tickets.

    `has_guides` says whether its form may have suggested some.
    """
    receipt = _receipt(ticket, message, files, calendars, has_guides=has_guides)
    everyone = team()
    rows = [receipt, *new_ticket_rows(ticket, message, everyone)]
    outbox.post(rows, proven=proven_team(everyone) | _proven(ticket.requester))


def address_corrected(
    ticket: Ticket, message: Message, *, files: list[Attachment], calendars: Calendars
) -> None:
    """The receipt and the link for the address that the customer meant; whatever was sent before is another
    mail, also when they come back to their first address."""
    receipt = _receipt(ticket, message, files, calendars, has_guides=True, version=f":{ticket.link_counter}")
    outbox.post([receipt], proven=_proven(ticket.requester))


def staff_replied(message: Message, *, files: list[Attachment]) -> None:
    """The team's answer. It is a person's mail, not an automatic one.

    One that resolves the ticket says so and asks how it went; one that waits for the customer, until when.
    """
    ticket = message.ticket
    if ticket.status == Ticket.Status.RESOLVED:
        _resolved(ticket, message=message, files=files)
        return
    is_question = ticket.status == Ticket.Status.WAITING_CUSTOMER
    reply = _about(
        "reply",
        ticket,
        event_key=f"reply:{message.pk}:{ticket.requester_id}",
        message=message,
        is_automatic=False,
        context={
            "message": message,
            "files": files,
            "greets": greets(message.body),
            "answer_by": message.created_at + sla.RESOLVE_AFTER if is_question else None,
        },
    )
    outbox.post([reply])


def reminder(ticket: Ticket) -> None:
    """After a week without an answer: what was asked, and until when we wait for it."""
    asked = ticket.messages.filter(kind=Message.Kind.STAFF).order_by("-created_at", "-id").first()
    since = sla.silent_since(ticket)
    answer_by = max(since + sla.RESOLVE_AFTER, timezone.now() + sla.TIME_AFTER_REMINDER)
    _post(
        "reminder",
        ticket,
        event_key=f"reminder:{ticket.pk}:{since.isoformat()}",
        context={
            "asked": Truncator(asked.body).chars(LONGEST_QUOTE) if asked else "",
            "answer_by": answer_by,
        },
    )


def ticket_resolved(ticket: Ticket, by: User | None = None, summary: str = "") -> None:
    """The ticket is resolved by someone of the team, with what they did, or by us (None) for lack of news.

    Nobody is told of spam; a customer who calls it resolved reads so on the page.
    """
    if not ticket.is_spam:
        _resolved(ticket, by=by, summary=summary)


def ticket_reopened(ticket: Ticket, by: User | None = None) -> None:
    """The ticket is open again, for the customer said so or someone of the team did."""
    _post("reopened", ticket, event_key=f"reopened:{ticket.pk}:{_now()}", context={"by": by})


def ticket_merged(ticket: Ticket, into: Ticket) -> None:
    """Two tickets of a customer go on as one: the link leads there."""
    _post(
        "merged",
        ticket,
        event_key=f"merged:{ticket.pk}:{into.pk}",
        link=signed_url(into),
        context={"into": into, "facts": [_state(ticket), ("Seguimos en", into.reference)]},
    )


def running_late(ticket: Ticket, forecast: datetime) -> None:
    """The promised answer has not come, or will not: by when we think now that it will. Once for each
    forecast."""
    missed = ticket.forecast_at or ticket.due_at
    _post(
        "late",
        ticket,
        event_key=f"late:{ticket.pk}:{missed.isoformat()}:{forecast.isoformat()}",
        context={
            "missed": missed,
            "is_over": missed <= timezone.now(),
            "forecast": forecast,
            "facts": [_state(ticket), ("Nueva previsión", dates.moment(forecast))],
        },
    )


def forecast_ended(ticket: Ticket) -> None:
    """The answer is there, or the forecast taken back: what has not left about a delay is no longer true."""
    for row in ticket.outbox.filter(kind="late").untouched().select_for_update():
        row.delete()


def file_refused(attachment: Attachment) -> None:
    """Tell the customer that a file of a message already sent could not be kept."""
    message = attachment.message
    if message is None or message.kind != Message.Kind.CUSTOMER:
        return
    _post(
        "file_refused",
        message.ticket,
        event_key=f"file_refused:{attachment.pk}:{message.ticket.requester_id}",
        message=message,
        context={"sentence": _sentence(attachment)},
    )


def link_requested(requester: Requester, tickets: list[Ticket]) -> None:
    """New links to these tickets; without tickets the same work is done for nothing."""
    marks = {f"link{number}": signed_url(ticket) for number, ticket in enumerate(tickets, start=1)}
    context = {
        "is_proven": requester.is_verified,
        "requester": requester,
        "tickets": [(ticket, f"[[{name}]]") for ticket, name in zip(tickets, marks, strict=True)],
    }
    row = outbox.compose(
        kind="link",
        recipient=requester.email,
        event_key=f"link:{requester.pk}:{_now()}",
        secrets=marks,
        **letters.rendered("link", context),
    )
    with nullcontext() if tickets else outbox.rehearsal():
        outbox.post([row])


def code(to: User | str, code: str, expires_at: datetime) -> None:
    """A code to sign in with, for an address or for the user who has it. It never waits, for it would be
    over: one that an unproven address may not have at once is not sent.
    """
    address = to if isinstance(to, str) else to.email
    row = outbox.compose(
        kind="code",
        recipient=address,
        event_key=f"code:{token_hex(16)}",
        secrets={"code": code},
        **letters.rendered("code", {"code": "[[code]]", "expires_at": expires_at, "zone": _zone()}),
    )
    outbox.post([row], can_wait=False)


def greets(text: str) -> bool:
    """Whether a text begins with a greeting of its own: then the mail needs none."""
    return _GREETING.match(text) is not None


def _receipt(
    ticket: Ticket,
    message: Message,
    files: list[Attachment],
    calendars: Calendars,
    *,
    has_guides: bool,
    version: str = "",
) -> OutboxMessage:
    return _about(
        "receipt",
        ticket,
        event_key=f"receipt:{ticket.pk}:{ticket.requester_id}{version}",
        message=message,
        headers={"Auto-Submitted": "auto-replied"},
        context={
            "message": message,
            "facts": _receipt_facts(ticket, files),
            "guides": _unread_guides(ticket) if has_guides else [],
            "calendars": calendars,
        },
    )


def _resolved(
    ticket: Ticket,
    *,
    message: Message | None = None,
    files: list[Attachment] | None = None,
    by: User | None = None,
    summary: str = "",
) -> None:
    """One mail for each resolution, with the question how it went where it may be asked."""
    survey = surveys.to_be_mailed(ticket, ticket.resolved_at)
    marks = {}
    if survey:
        marks = {f"link{number}": survey_url(survey, name) for number, name in enumerate(RATINGS, start=1)}
    _post(
        "resolved",
        ticket,
        event_key=f"resolved:{ticket.pk}:{message.pk if message else ticket.resolved_at.isoformat()}",
        message=message,
        is_automatic=message is None,
        secrets=marks,
        context={
            "message": message,
            "files": files or [],
            "greets": message is not None and greets(message.body),
            "by": by,
            "summary": summary,
            "reopen_by": ticket.resolved_at + sla.REOPEN_WINDOW,
            "ratings": [(name.label, f"[[{mark}]]") for name, mark in zip(RATINGS, marks, strict=False)],
        },
    )


def _post(kind: str, ticket: Ticket, **how) -> None:
    outbox.post([_about(kind, ticket, **how)], proven=_proven(ticket.requester))


def _about(
    kind: str,
    ticket: Ticket,
    *,
    event_key: str,
    context: dict,
    message: Message | None = None,
    link: str = "",
    secrets: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    is_automatic: bool = True,
) -> OutboxMessage:
    """A mail of a ticket's thread, under the subject that the first one had."""
    requester = ticket.requester
    earlier = list(_earlier(ticket)) if kind != "receipt" else []
    subject = earlier[0].subject if earlier else letters.first_subject(ticket)
    context = {"facts": [_state(ticket)]} | context
    context |= {
        "ticket": ticket,
        "requester": requester,
        "is_proven": requester.is_verified,
        "thread_subject": subject.removeprefix("Re: "),
        "link": letters.LINK,
    }
    return outbox.compose(
        kind=kind,
        recipient=requester.email,
        event_key=event_key,
        ticket=ticket,
        message=message,
        secrets={"link": link or signed_url(ticket)} | (secrets or {}),
        headers=letters.thread(letters.mail_ids(earlier)) | (headers or {}),
        is_automatic=is_automatic,
        **letters.rendered(kind, context),
    )


def _earlier(ticket: Ticket):
    """The ticket's mails to its customer, oldest first, as far as threading needs them."""
    rows = OutboxMessage.objects.to_recipient(ticket, ticket.requester.email)
    return rows.select_related("carried_by").only("subject", "mail_id", "carried_by__mail_id")


def _state(ticket: Ticket) -> tuple[str, str]:
    """What stands on the stub of a mail, below the reference."""
    return "Estado", ticket.public_status


def _receipt_facts(ticket: Ticket, files: list[Attachment]) -> list[tuple[str, str]]:
    facts = [("Recibido", dates.date_time(ticket.created_at) + _zone())]
    if ticket.due_at:
        facts.append(("Primera respuesta", dates.before(ticket.due_at, ticket.created_at)))
    if files and ticket.requester.is_verified:
        facts.append(("Archivos", ", ".join(file.described for file in files)))
    elif kept := [file for file in files if not file.is_refused]:
        facts.append(("Archivos", str(len(kept))))
    return facts


def _unread_guides(ticket: Ticket) -> list[tuple[Article, str]]:
    """What the form suggested and nobody opened, with whole addresses: our titles, nobody else's words."""
    unread = guides.met_by(ticket).suggested[:MOST_GUIDES]
    return [(article, settings.SITE_URL + article.get_absolute_url()) for article in unread]


def _sentence(attachment: Attachment) -> str:
    if attachment.message.ticket.requester.is_verified:
        return attachment.reason
    return "Uno de tus archivos no se puede abrir y no se ha guardado: envíalo otra vez"


def _proven(requester: Requester) -> set[str]:
    """The address of a customer who is known to read it."""
    return {requester.email} if requester.is_verified else set()


def _zone() -> str:
    return " (hora\u00a0peninsular)" if settings.TIME_ZONE == "Europe/Madrid" else ""


def _now() -> float:
    return timezone.now().timestamp()
