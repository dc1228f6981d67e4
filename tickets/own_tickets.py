"""What a customer sees of their tickets in Mi Cuenta: who has to act, what happened last, what is open."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from docs_kb.dates import moment
from tickets.models import Message, Requester, Ticket

PAGE_SIZE = 20
OPEN_SHOWN = 3


@dataclass(frozen=True)
class Row:
    """A ticket and its last word: «Marta respondió hoy, 10:05 h»."""

    ticket: Ticket
    activity: str

    @property
    def is_customers_turn(self) -> bool:
        return self.ticket.status == Ticket.Status.WAITING_CUSTOMER


@dataclass(frozen=True)
class Summary:
    """The tickets of Mi Cuenta: those that wait for the customer, up to three more open ones, the rest."""

    waiting: list[Row]
    open: list[Row]
    open_count: int
    other_count: int

    @property
    def total(self) -> int:
        return self.open_count + self.other_count


def of(requester: Requester) -> QuerySet[Ticket]:
    """All that a customer may list: those joined to another are shown by that one."""
    return Ticket.objects.visible_to(requester).filter(merged_into=None)


def page(tickets: QuerySet[Ticket], number: str) -> Page:
    """A page of rows, the nearest there is. Three queries."""
    found = Paginator(tickets, PAGE_SIZE).get_page(number)
    found.object_list = rows(found.object_list)
    return found


def rows(tickets: QuerySet[Ticket]) -> list[Row]:
    """Tickets with what was said last in each. Two queries."""
    latest = Message.objects.public().filter(ticket=OuterRef("pk")).order_by("-created_at", "-pk")
    tickets = list(tickets.annotate(latest_message=Subquery(latest.values("pk")[:1])))
    said = Message.objects.defer("body").in_bulk([ticket.latest_message for ticket in tickets])
    return [Row(ticket, _activity(ticket, said.get(ticket.latest_message))) for ticket in tickets]


def summary(requester: Requester) -> Summary:
    """What Mi Cuenta says about a customer's tickets. Three queries."""
    mine = of(requester)
    open_rows = rows(mine.filter(status__in=Ticket.OPEN_STATUSES).order_by("-last_message_at", "-pk"))
    waiting = [row for row in open_rows if row.is_customers_turn]
    others = [row for row in open_rows if not row.is_customers_turn]
    other_count = mine.exclude(status__in=Ticket.OPEN_STATUSES).count()
    return Summary(waiting, others[:OPEN_SHOWN], len(open_rows), other_count)


def _activity(ticket: Ticket, message: Message | None) -> str:
    if message is None or message.created_at <= ticket.created_at:
        return _("Enviado %s") % moment(ticket.created_at)
    if message.kind == Message.Kind.STAFF:
        return _("%(name)s respondió %(at)s") % {
            "name": message.author_name,
            "at": moment(message.created_at),
        }
    return _("Respondiste %s") % moment(message.created_at)
