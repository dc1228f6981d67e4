"""Tickets that are one case: what a ticket continues, and what continues it."""

from dataclasses import dataclass

from django.http import HttpRequest

from tickets import access
from tickets.models import Ticket

MOST_SHOWN = 10


@dataclass(frozen=True)
class Case:
    """What a ticket continues, and the latest of those that continue it, oldest first."""

    continues: Ticket | None
    continued_in: list[Ticket]


@dataclass(frozen=True)
class Relative:
    """A ticket of the same case as its customer may know it: by name, and open where they may read it."""

    ticket: Ticket
    is_readable: bool


@dataclass(frozen=True)
class PublicCase:
    continues: list[Relative]
    continued_in: list[Relative]

    @property
    def needs_links(self) -> bool:
        """Whether one of them opens only with the link of its own mail."""
        return not all(relative.is_readable for relative in self.continues + self.continued_in)


def of(ticket: Ticket) -> Case:
    """The case as the team sees it. Two queries, however many tickets it has."""
    known = Ticket.objects.select_related("requester", "merged_into")
    continues = known.filter(pk=ticket.related_to_id).first() if ticket.related_to_id else None
    latest = known.filter(related_to=ticket).order_by("-created_at", "-pk")[:MOST_SHOWN]
    return Case(continues, list(latest)[::-1])


def public(request: HttpRequest, ticket: Ticket) -> PublicCase:
    """The case as the reader of a ticket may know it: their own tickets and those that this session may
    read, each where it goes on now. Whatever was joined to this one is already part of it."""
    case = of(ticket)
    continues = [_now(one) for one in [case.continues] if one]
    continued_in = [_now(one) for one in case.continued_in]
    readable = access.readable(request, continues + continued_in)
    seen = {ticket.pk, ticket.merged_into_id}

    def relatives(tickets: list[Ticket]) -> list[Relative]:
        found = []
        for one in tickets:
            is_known = one in readable or (one.requester_id == ticket.requester_id and not one.is_spam)
            if is_known and one.pk not in seen:
                seen.add(one.pk)
                found.append(Relative(one, one in readable))
        return found

    return PublicCase(relatives(continues), relatives(continued_in))


def claimed(ticket: Ticket) -> Ticket | None:
    """The ticket that a customer only said to continue, if there is one: whose it is, the team has to see."""
    if not ticket.claimed_reference:
        return None
    return Ticket.objects.select_related("requester").filter(reference=ticket.claimed_reference).first()


def _now(ticket: Ticket) -> Ticket:
    """Where the conversation of a ticket goes on; `triage.merge` keeps it one step away."""
    return ticket.merged_into if ticket.merged_into_id else ticket
