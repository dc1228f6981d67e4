"""The views of the triage list that everyone of the team has, and how many tickets are in each."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Count, Min, Q

from tickets.models import Ticket

OPEN = Q(status__in=Ticket.OPEN_STATUSES, is_spam=False, merged_into=None)
UNANSWERED = OPEN & Q(waiting_since__isnull=False)
DONE = ~Q(status__in=Ticket.OPEN_STATUSES) & Q(is_spam=False)
# In the order in which they stand above the list; the first one opens by itself.
VIEWS = {
    "sin-responder": ("Sin responder", UNANSWERED),
    "sin-asignar": ("Sin asignar", OPEN & Q(assignee=None)),
    "mios": ("Míos", OPEN),
    "abiertos": ("Abiertos", OPEN),
    "esperando": ("Esperando al cliente", OPEN & Q(status=Ticket.Status.WAITING_CUSTOMER)),
    "resueltos": ("Resueltos y cerrados", DONE),
    "spam": ("Spam", Q(is_spam=True)),
    "todos": ("Todos", Q()),
}
DEFAULT = "sin-responder"
ALL = "todos"
# Only views of open tickets are counted: those are few, however many tickets there have ever been.
COUNTED = ("sin-responder", "sin-asignar", "mios", "abiertos", "esperando")


def condition(name: str, user: User) -> Q:
    """The tickets of a view for this member of the team."""
    tickets = VIEWS[name][1]
    return tickets & Q(assignee=user) if name == "mios" else tickets


def counts(user: User) -> dict[str, int]:
    """How many tickets there are in each counted view, in one query."""
    wanted = {_alias(name): Count("pk", filter=condition(name, user)) for name in COUNTED}
    found = Ticket.objects.filter(OPEN).aggregate(**wanted)
    return {name: found[_alias(name)] for name in COUNTED}


def longest_wait_since() -> datetime | None:
    """Since when the customer who has waited longest has been waiting; None when nobody is."""
    return Ticket.objects.awaiting_staff().aggregate(since=Min("waiting_since"))["since"]


def _alias(name: str) -> str:
    return name.replace("-", "_")
