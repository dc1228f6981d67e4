"""Who hears of what: renders the mails of an event and hands them to the outbox, in its transaction.

Nothing that a stranger typed (words, names, file names) goes to an address that nobody has proven to
read, so that nobody can make us write to a third person.
"""

from tickets.notifications.customers import (
    address_corrected,
    code,
    file_refused,
    forecast_ended,
    link_requested,
    reminder,
    running_late,
    staff_replied,
    ticket_merged,
    ticket_opened,
    ticket_reopened,
    ticket_resolved,
)
from tickets.notifications.team import (
    customer_replied,
    rated_badly,
    second_factor_changed,
    ticket_assigned,
)

__all__ = [
    "address_corrected",
    "code",
    "customer_replied",
    "file_refused",
    "forecast_ended",
    "link_requested",
    "rated_badly",
    "reminder",
    "running_late",
    "second_factor_changed",
    "staff_replied",
    "ticket_assigned",
    "ticket_merged",
    "ticket_opened",
    "ticket_reopened",
    "ticket_resolved",
]
