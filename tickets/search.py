"""What a customer types -> their tickets: by reference or by words, whatever the accents and the case."""

from functools import cached_property
from urllib.parse import quote

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from docs_kb.words import fold
from tickets.models import Message, Ticket
from tickets.models.ticket import normalise_reference
from tickets.plain_text import clean_line

LONGEST_QUERY = 100
OPEN, SOLVED, ALL = "abiertos", "resueltos", "todos"
LABELS = {OPEN: "Abiertos", SOLVED: "Resueltos", ALL: "Todos"}
_KINDS = {
    OPEN: Q(status__in=Ticket.OPEN_STATUSES),
    SOLVED: Q(status__in=[Ticket.Status.RESOLVED, Ticket.Status.CLOSED]),
    ALL: Q(),
}


class Search:
    """Some tickets looked through for a query, of one kind: open, solved or all.

    Words are looked for everywhere unless a kind is asked for; without a query it is the open ones.
    """

    def __init__(self, tickets: QuerySet[Ticket], query: str = "", kind: str = "") -> None:
        self.query = clean_line(query)[:LONGEST_QUERY]
        self.kind = kind if kind in _KINDS else (ALL if self.query else OPEN)
        self._matching = matching(tickets, self.query)

    @property
    def encoded_query(self) -> str:
        """As it stands in an address."""
        return quote(self.query)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many match, of each kind. One query."""
        return self._matching.aggregate(
            **{kind: Count("pk", filter=condition) for kind, condition in _KINDS.items()}
        )

    @property
    def kinds(self) -> list[dict]:
        """The kinds to choose from, each with its count."""
        return [
            {"name": kind, "label": label, "number": self.counts[kind], "is_current": kind == self.kind}
            for kind, label in LABELS.items()
        ]

    @property
    def found(self) -> QuerySet[Ticket]:
        """Those that wait for the customer first, then whatever moved last."""
        waits = Case(
            When(status=Ticket.Status.WAITING_CUSTOMER, then=0), default=1, output_field=IntegerField()
        )
        return self._matching.filter(_KINDS[self.kind]).order_by(waits, "-last_message_at", "-pk")


def matching(tickets: QuerySet[Ticket], query: str) -> QuerySet[Ticket]:
    """Those with that reference, or with every word in subject, reference or what was said in public.

    Folded here and not by the database: SQLite knows no accents, and a customer's tickets are few. Two
    queries, besides the one that whoever asks for these tickets makes.
    """
    if reference := normalise_reference(query):
        return tickets.filter(reference=reference)
    words = fold(query).split()
    if not words:
        return tickets
    headings = tickets.order_by().values_list("pk", "reference", "subject")
    texts = {pk: [reference, subject] for pk, reference, subject in headings}
    said = Message.objects.public().filter(ticket__in=tickets.order_by())
    for ticket_id, body in said.order_by().values_list("ticket_id", "body").iterator():
        texts.setdefault(ticket_id, []).append(body)
    return tickets.filter(pk__in=[pk for pk, parts in texts.items() if _has_all(words, parts)])


def _has_all(words: list[str], parts: list[str]) -> bool:
    text = fold("\n".join(parts))
    return all(word in text for word in words)
