"""The nouns of the help desk, one file each."""

from tickets.models.attachment import Attachment
from tickets.models.event import Event
from tickets.models.guide import Deflection, TicketGuide
from tickets.models.hours import OpeningHours, Schedule, SpecialDay
from tickets.models.incident import ServiceNotice
from tickets.models.message import Message
from tickets.models.outbox import OutboxMessage
from tickets.models.requester import Requester
from tickets.models.survey import Survey
from tickets.models.ticket import Ticket

__all__ = [
    "Attachment",
    "Deflection",
    "Event",
    "Message",
    "OpeningHours",
    "OutboxMessage",
    "Requester",
    "Schedule",
    "ServiceNotice",
    "SpecialDay",
    "Survey",
    "Ticket",
    "TicketGuide",
]
