"""A real SMTP server that keeps what it is given."""

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default as modern_policy


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """Every mail handed over, with the addresses it was really for in `rcpt_tos`."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        mail = email.message_from_bytes(envelope.content, policy=modern_policy)
        mail.rcpt_tos = list(envelope.rcpt_tos)
        self.mails.append(mail)
        await asyncio.sleep(self.delay)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in mail.rcpt_tos]


@contextmanager
def listening(delay: float = 0) -> Iterator[tuple[Mailbox, int]]:
    """Listen on a free port of loopback until the block ends; a mail is accepted after `delay` seconds."""
    from aiosmtpd.controller import Controller

    box = Mailbox(delay)
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()
