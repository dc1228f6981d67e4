"""Subject, text and HTML of a mail from its three templates, and the headers that put it into its thread."""

import logging
import re
from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.utils.html import format_html

from tickets.models import OutboxMessage, Ticket

log = logging.getLogger(__name__)
LINK = "[[link]]"
LONGEST_REFERENCES = 10
# Stands in the templates where a notice's own part begins and ends; no text of anybody holds it.
SEAM = "\f"
_SEVERAL_LINES = re.compile(r"\n{3,}")
TO_ANSWER = "Para contestar, entra aquí:"
TO_ANSWER_MAIL = "Para contestar, responde a este correo o entra aquí:"


def rendered(kind: str, context: dict, *, has_help: bool = True) -> dict:
    """What a row of the outbox keeps of a mail; `has_help` adds the lines that close those to customers.

    A mail about a ticket whose templates are broken is written in one line: what it tells must not fail.
    """
    context |= {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "can_answer": bool(settings.IMAP_URL),
        "to_answer": TO_ANSWER_MAIL if settings.IMAP_URL else TO_ANSWER,
        "has_help": has_help,
        "once": {},
        "seam": SEAM,
    }
    try:
        return _from_templates(kind, context)
    except DatabaseError:
        raise
    except Exception:  # whatever somebody wrote into a template
        if "ticket" not in context:
            raise
        log.exception("The templates of the mail «%s» are broken", kind)
        return _in_one_line(kind, context)


def _from_templates(kind: str, context: dict) -> dict:
    context["subject"] = " ".join(render_to_string(f"emails/{kind}/subject.txt", context).split())
    parts = render_to_string(f"emails/{kind}/body.txt", context).split(SEAM, 2)
    text, text_seams = _sewn([part.strip("\n") for part in parts], between="\n\n")
    html, html_seams = _sewn(render_to_string(f"emails/{kind}/body.html", context).split(SEAM, 2))
    return {
        "subject": context["subject"],
        "body_text": text.strip() + "\n",
        "body_html": html,
        "seams": {"text": text_seams, "html": html_seams},
    }


def _in_one_line(kind: str, context: dict) -> dict:
    """The least that a mail about a ticket must say, and its link."""
    ticket, link = context["ticket"], context.get("admin_url", LINK)
    if "admin_url" in context:
        news = f"Hay novedades en el ticket {ticket.reference}. Entra aquí:"
    elif kind == "receipt":
        news = f"Tu ticket {ticket.reference} ya está en manos del equipo de soporte. Síguelo aquí:"
    else:
        news = f"Hay novedades en tu ticket {ticket.reference}. Entra aquí:"
    text = f"{news}\n{link}\n"
    html = format_html('<p>{}<br><a href="{}">{}</a></p>', news, link, link)
    return {
        "subject": context.get("thread_subject", f"[{ticket.reference}]"),
        "body_text": text,
        "body_html": html,
        "seams": {"text": [0, len(text)], "html": [0, len(html)]},
    }


def thread(earlier: Iterable[str]) -> dict[str, str]:
    """The headers that put a mail under the earlier ones of its ticket, oldest first (RFC 5322, 3.6.4)."""
    ids = list(dict.fromkeys(earlier))
    if not ids:
        return {}
    root, latest = ids[:1], ids[1:][-(LONGEST_REFERENCES - 1) :]
    return {"In-Reply-To": ids[-1], "References": " ".join(root + latest)}


def mail_ids(rows: Iterable[OutboxMessage]) -> list[str]:
    """The Message-IDs under which these rows left or will leave."""
    return [row.carried_by.mail_id if row.carried_by else row.mail_id for row in rows]


def first_subject(ticket: Ticket) -> str:
    """The subject that all mails of a ticket share."""
    name = ticket.subject if ticket.requester.is_verified else "Tu ticket"
    return f"[{ticket.reference}] {name}"


def _sewn(parts: list[str], *, between: str = "") -> tuple[str, list[int]]:
    """The parts as one text, and where the second of them begins and ends."""
    head, news, tail = parts[0], parts[1], _SEVERAL_LINES.sub("\n\n", parts[2])
    head = head + between if head else ""
    tail = between + tail if tail else ""
    return head + news + tail, [len(head), len(head) + len(news)]
