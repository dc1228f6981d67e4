"""Who hears of what: renders the mails of an event and hands them to the outbox, in its transaction.

Nothing that a stranger typed (words, names, file names) goes to an address that nobody has proven to
read, so that nobody can make us write to a third person.
"""

import re

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from docs_kb import dates
from tickets import outbox
from tickets.calendars import Calendars
from tickets.links import signed_url
from tickets.models import Attachment, Message, OutboxMessage, Requester, Ticket

STAFF_GROUPS = ("Agente", "Supervisión")
LONGEST_REFERENCES = 10
LINK = "[[link]]"
# «Buenas noticias: …» greets nobody.
_GREETING = re.compile(
    r"""\W* (?: hola | hello | kaixo | buen(?:os)?\s+d[ií]as? | (?:estimad|querid|apreciad)[oa]s?
    | (?:muy\s+)?buenas (?= \s+(?:tardes|noches)\b | \s*(?:[,.:;!]|$) | \s+(?-i:[A-ZÁÉÍÓÚÑ]) ) ) \b""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


def ticket_opened(ticket: Ticket, message: Message, *, files: list[Attachment], calendars: Calendars) -> None:
    """The receipt for the customer, and a line for everyone of the team who takes tickets."""
    requester = ticket.requester
    receipt = _receipt(ticket, message, files, calendars, event_key=f"receipt:{ticket.pk}:{requester.pk}")
    team = _team()
    proven = [user.email for user in team] + _proven(requester)
    outbox.post([receipt, *_to_staff("staff_new", ticket, message, team)], proven=proven)


def address_corrected(
    ticket: Ticket, message: Message, *, files: list[Attachment], calendars: Calendars
) -> None:
    """The receipt and the link for the address that the customer meant; whatever was sent before is another
    mail, also when they come back to their first address."""
    requester = ticket.requester
    event_key = f"receipt:{ticket.pk}:{requester.pk}:{ticket.link_counter}"
    receipt = _receipt(ticket, message, files, calendars, event_key=event_key)
    outbox.post([receipt], proven=_proven(requester))


def _receipt(
    ticket: Ticket, message: Message, files: list[Attachment], calendars: Calendars, *, event_key: str
) -> OutboxMessage:
    return _to_customer(
        "receipt",
        ticket,
        event_key=event_key,
        message=message,
        headers={"Auto-Submitted": "auto-replied"},
        context={"message": message, "files": files, "calendars": calendars},
    )


def customer_replied(message: Message) -> None:
    """A line for whoever has the ticket, or for the team while nobody has it."""
    assignee = message.ticket.assignee
    has_it = assignee and assignee.is_active and assignee.email
    team = [assignee] if has_it else _team()
    outbox.post(
        _to_staff("staff_answer", message.ticket, message, team), proven=[user.email for user in team]
    )


def staff_replied(message: Message, *, files: list[Attachment]) -> None:
    """The team's answer for the customer. It is a person's mail, not an automatic one."""
    ticket = message.ticket
    reply = _to_customer(
        "reply",
        ticket,
        event_key=f"reply:{message.pk}:{ticket.requester_id}",
        message=message,
        is_automatic=False,
        context={"message": message, "files": files, "greets": _greets(message.body)},
    )
    outbox.post([reply])


def file_refused(attachment: Attachment) -> None:
    """Tell the customer that a file of a message already sent could not be kept."""
    message = attachment.message
    if message is None or message.kind != Message.Kind.CUSTOMER:
        return
    ticket = message.ticket
    refused = _to_customer(
        "file_refused",
        ticket,
        event_key=f"file_refused:{attachment.pk}:{ticket.requester_id}",
        message=message,
        context={"sentence": _sentence(attachment)},
    )
    outbox.post([refused], proven=_proven(ticket.requester))


def link_requested(requester: Requester, tickets: list[Ticket]) -> None:
    """New links to these tickets; without tickets the same work is done and nothing is sent."""
    marks = {f"link{number}": signed_url(ticket) for number, ticket in enumerate(tickets, start=1)}
    context = {
        "is_proven": requester.is_verified,
        "requester": requester,
        "tickets": [(ticket, f"[[{name}]]") for ticket, name in zip(tickets, marks, strict=True)],
    }
    now = timezone.now()
    row = outbox.compose(
        kind="link",
        recipient=requester.email,
        event_key=f"link:{requester.pk}:{now.timestamp()}",
        secrets=marks,
        **_rendered("link", context),
    )
    if tickets:
        outbox.post([row], proven=_proven(requester))


def _to_customer(
    kind: str,
    ticket: Ticket,
    *,
    event_key: str,
    context: dict,
    message: Message,
    headers: dict[str, str] | None = None,
    is_automatic: bool = True,
) -> OutboxMessage:
    """A mail of a ticket's thread, under the subject that the first one had."""
    requester = ticket.requester
    earlier = list(OutboxMessage.objects.to_recipient(ticket, requester.email)) if kind != "receipt" else []
    subject = earlier[0].subject if earlier else _first_subject(ticket)
    context |= {
        "ticket": ticket,
        "requester": requester,
        "is_proven": requester.is_verified,
        "thread_subject": subject.removeprefix("Re: "),
        "link": LINK,
        "rows": _facts(kind, ticket, context.get("files", [])),
    }
    return outbox.compose(
        kind=kind,
        recipient=requester.email,
        event_key=event_key,
        ticket=ticket,
        message=message,
        secrets={"link": signed_url(ticket)},
        headers=_thread(earlier) | (headers or {}),
        is_automatic=is_automatic,
        **_rendered(kind, context),
    )


def _greets(text: str) -> bool:
    """Whether a text begins with a greeting of its own: then the mail needs none."""
    return _GREETING.match(text) is not None


def _facts(kind: str, ticket: Ticket, files: list[Attachment]) -> list[tuple[str, str]]:
    """What stands on the stub of a mail, below the reference."""
    if kind != "receipt":
        return [("Estado", ticket.public_status)]
    zone = " (hora\u00a0peninsular)" if settings.TIME_ZONE == "Europe/Madrid" else ""
    facts = [("Recibido", dates.date_time(ticket.created_at) + zone)]
    if ticket.due_at:
        facts.append(("Primera respuesta", dates.before(ticket.due_at, ticket.created_at)))
    if files and ticket.requester.is_verified:
        named = ", ".join(f"{file.name} ({dates.file_size(file.size)})" for file in files)
        facts.append(("Archivos", named))
    elif files:
        facts.append(("Archivos", str(len(files))))
    return facts


def _sentence(attachment: Attachment) -> str:
    if attachment.message.ticket.requester.is_verified:
        return attachment.reason
    return "Uno de tus archivos no se puede abrir y no se ha guardado: envíalo otra vez"


def _to_staff(kind: str, ticket: Ticket, message: Message, team: list[User]) -> list[OutboxMessage]:
    """A line and a link for each; what the customer wrote is read in the admin."""
    admin_url = settings.SITE_URL + reverse("admin:tickets_ticket_change", args=[ticket.pk])
    texts = _rendered(kind, {"ticket": ticket, "admin_url": admin_url})
    return [
        outbox.compose(
            kind=kind,
            recipient=user.email,
            event_key=f"{kind}:{message.pk}:{user.pk}",
            ticket=ticket,
            message=message,
            **texts,
        )
        for user in team
    ]


def _team() -> list[User]:
    """Everyone who hears of what nobody has yet."""
    members = User.objects.filter(is_active=True, is_staff=True, groups__name__in=STAFF_GROUPS)
    return list(members.filter(~Q(email="")).order_by("pk").distinct())


def _proven(requester: Requester) -> list[str]:
    """The address of a customer who is known to read it."""
    return [requester.email] if requester.is_verified else []


def _first_subject(ticket: Ticket) -> str:
    """The subject that all mails of a ticket share."""
    name = ticket.subject if ticket.requester.is_verified else "Tu ticket"
    return f"[{ticket.reference}] {name}"


def _thread(earlier: list[OutboxMessage]) -> dict[str, str]:
    """The headers that put a mail under the earlier ones of its ticket (RFC 5322, 3.6.4)."""
    ids = [row.mail_id for row in earlier]
    if not ids:
        return {}
    root, latest = ids[:1], ids[1:][-(LONGEST_REFERENCES - 1) :]
    return {"In-Reply-To": ids[-1], "References": " ".join(root + latest)}


def _rendered(kind: str, context: dict) -> dict[str, str]:
    """Subject, text and HTML of a mail, from its three templates."""
    context |= {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
    }
    if not kind.startswith("staff_"):
        context["help_text"] = render_to_string("emails/_help.txt", context).strip()
    context["subject"] = " ".join(render_to_string(f"emails/{kind}/subject.txt", context).split())
    return {
        "subject": context["subject"],
        "body_text": render_to_string(f"emails/{kind}/body.txt", context).strip() + "\n",
        "body_html": render_to_string(f"emails/{kind}/body.html", context),
    }
