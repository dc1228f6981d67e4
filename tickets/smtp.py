"""Hands rows of the outbox to the mail server, each with what it carries, as one mail with its headers."""

import smtplib
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.template.loader import render_to_string

from tickets.links import reply_address
from tickets.models import OutboxMessage
from tickets.outbox import (
    PermanentFailure,
    TemporaryFailure,
    Unbuildable,
    filled,
    is_wiped,
    whole_mail,
)

# Refusals of our server or our settings, whatever their code: no verdict on the mail at hand.
ABOUT_US = (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError)
BETWEEN_TEXTS = "\n\n* * *\n\n"


class EmailBackend:
    """Sends a row as a mail, by whatever `EMAIL_URL` says."""

    def send(self, row: OutboxMessage) -> str:
        """Hand the mail over. Raises TemporaryFailure or PermanentFailure, anything else while building."""
        mail = self.build(row)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _failure(max(code for code, _ in error.recipients.values()), error)
        except ABOUT_US as error:
            raise TemporaryFailure(_reason(error))
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, error)
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryFailure(_reason(error))
        finally:
            with suppress(smtplib.SMTPException, OSError):
                mail.get_connection().close()  # open only after a failure
        return ""

    def build(self, row: OutboxMessage) -> EmailMultiAlternatives:
        """The mail with its threading and loop headers; raises Unbuildable for an impossible header."""
        rows = whole_mail(row)
        text, html = _joined(rows)
        mail = EmailMultiAlternatives(
            subject=rows[0].subject,
            body=text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[row.recipient],
            reply_to=[_reply_to(row)],
            headers=_headers(row, rows),
        )
        if html:
            mail.attach_alternative(html, "text/html")
        try:
            mail.message()
        except BadHeaderError as error:
            raise Unbuildable(_reason(error))
        return mail


def _joined(rows: list[OutboxMessage]) -> tuple[str, str]:
    """Text and HTML of one mail: the greeting of the first notice, what each has to say (once, when several
    say the same), and the end of the last. Raises Unbuildable when what belongs in them was wiped."""
    parts = [_parts(row) for row in rows]
    texts, pages = zip(*parts, strict=True)
    between = render_to_string("emails/_between.html")
    return _one_under_the_other(texts, BETWEEN_TEXTS), _one_under_the_other(pages, between)


def _one_under_the_other(notices: Sequence[tuple[str, str, str]], between: str) -> str:
    heads, news, tails = zip(*notices, strict=True)
    return heads[0] + between.join(dict.fromkeys(news)) + tails[-1]


def _parts(row: OutboxMessage) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Text and HTML of a row with its secrets, each as beginning, news and end."""
    if is_wiped(row):
        raise Unbuildable("its link was wiped when it was sent: a new one has to be asked for")
    return _cut(row, "text", row.body_text), _cut(row, "html", row.body_html)


def _cut(row: OutboxMessage, part: str, whole: str) -> tuple[str, str, str]:
    start, end = row.seams.get(part, (0, len(whole)))
    pieces = whole[:start], whole[start:end], whole[end:]
    return tuple(filled(row, piece, is_html=part == "html") for piece in pieces)


def _headers(row: OutboxMessage, rows: list[OutboxMessage]) -> dict[str, str]:
    """Those of the first notice; one that a person wrote makes the mail a person's (RFC 3834, 5)."""
    headers = {"Message-ID": row.mail_id, "X-Loop": settings.SUPPORT_EMAIL} | rows[0].headers
    if all(one.is_automatic for one in rows):
        return {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"} | headers
    headers.pop("Auto-Submitted", None)
    return headers


def _reply_to(row: OutboxMessage) -> str:
    """Where an answer goes: for a customer, where mail comes in, an address that knows the ticket."""
    if settings.IMAP_URL and row.ticket_id and row.recipient == row.ticket.requester.email:
        return reply_address(row.ticket)
    return settings.SUPPORT_EMAIL


def _failure(code: int, error: Exception) -> Exception:
    """What a reply code means (RFC 5321, 4.2.1); 530 asks for a login that we should have given."""
    is_final = 500 <= code < 600 and code != 530
    return (PermanentFailure if is_final else TemporaryFailure)(_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return f"{code} {_words(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _words(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
