"""A conversation as plain text, to keep: what its customer may read, and nothing else."""

from django.conf import settings

from docs_kb import dates
from tickets.models import Attachment, Message, Ticket
from tickets.standing import Entry, public_thread, standing

RULE = "-" * 40


def as_text(ticket: Ticket) -> str:
    """The whole conversation, oldest first, with what happened in between and the names of its files."""
    head = [
        f"{ticket.reference} · {ticket.subject}",
        f"{settings.SITE_NAME}, {settings.SITE_URL}{ticket.get_absolute_url()}",
        f"Abierto: {dates.date_time(ticket.created_at)}",
        f"Estado: {standing(ticket).label}",
    ]
    parts = [_entry(entry) for entry in public_thread(ticket, whole=True).entries]
    return f"\n\n{RULE}\n\n".join(["\n".join(head), *parts]) + "\n"


def _entry(entry: Entry) -> str:
    when = dates.date_time(entry.at)
    if entry.message is None:
        return f"{entry.happening.rstrip('.')} ({when})"
    message = entry.message
    lines = [f"{_author(message)} · {when}", "", message.body]
    files = [_file(file) for file in message.attachments.all()]
    return "\n".join([*lines, "", *files] if files else lines)


def _author(message: Message) -> str:
    if message.kind == Message.Kind.STAFF:
        return f"{message.author_name}, del equipo de soporte"
    return message.author_name


def _file(file: Attachment) -> str:
    note = f"no se ha guardado: {file.reason}" if file.is_refused else dates.file_size(file.size)
    return f"Archivo: {file.name} ({note})"
