"""Articles that may help with what a customer wrote, and which of them a ticket met on its way."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import DatabaseError, transaction

from docs_kb import article_days, search_log
from docs_kb.models import Article
from docs_kb.search import Hit, search
from docs_kb.words import STOP_WORDS, stem, words
from tickets.models import Ticket, TicketGuide

log = logging.getLogger(__name__)
SHORTEST_TEXT = 40
MOST_CHARACTERS = 2000  # of which the search reads no more either
# Of 1, as `docs_kb.ranking` gives it: below that an article shares words with the text, not its matter.
GOOD_SCORE = 0.5
# Who says less than this about the matter («no me funciona nada») says too little to be answered.
FEWEST_WORDS = 3
MOST_REMEMBERED = 12


def guides_about(text: str, *, limit: int = 3) -> list[Article]:
    """The few articles that fit a description well, best first; none rather than weak ones.

    None for a text of less than 40 characters, and none while the search is away: no form waits for it.
    """
    text = text[:MOST_CHARACTERS]
    if not is_long_enough(text) or _matter(text) < FEWEST_WORDS:
        return []
    try:
        hits = search(text, limit=limit).hits
    except DatabaseError:
        log.exception("Guides could not be searched")
        return []
    return [hit.article for hit in hits if _fits(hit)]


def is_long_enough(text: str) -> bool:
    """Whether a description is worth looking for guides."""
    return len(text.strip()) >= SHORTEST_TEXT


def remember(*, ticket: Ticket, suggested: Collection[int], read: Collection[int]) -> None:
    """Keep with a new ticket which articles its form showed and which were opened, in its transaction."""
    ids = published([*read, *suggested])
    TicketGuide.objects.bulk_create(
        TicketGuide(ticket=ticket, article_id=pk, was_read=pk in read) for pk in ids
    )


@dataclass(frozen=True)
class MetGuides:
    """What a ticket's form showed: the articles that were opened, and those that were only suggested."""

    read: list[Article]
    suggested: list[Article]


def met_by(ticket: Ticket) -> MetGuides:
    """What the form of a ticket showed to its customer: one query."""
    rows = list(
        ticket.guides.select_related("article__category").defer("article__body", "article__body_html")
    )
    return MetGuides(
        read=[row.article for row in rows if row.was_read],
        suggested=[row.article for row in rows if not row.was_read],
    )


def count_ticket(ticket: Ticket) -> None:
    """Tell the article and the search that led to a new ticket, once it is committed."""
    if article_id := ticket.article_id:
        transaction.on_commit(lambda: article_days.count(article_ids=[article_id], tickets=1), robust=True)
    if text := ticket.search_query:
        transaction.on_commit(lambda: search_log.ticket_opened(text=text), robust=True)


def published(ids: Iterable[int]) -> list[int]:
    """Those of these ids that are published articles, in their order, twelve at most; no query for none."""
    wanted = list(dict.fromkeys(ids))[:MOST_REMEMBERED]
    if not wanted:
        return []
    known = set(Article.objects.published().filter(pk__in=wanted).values_list("pk", flat=True))
    return [pk for pk in wanted if pk in known]


def _fits(hit: Hit) -> bool:
    """Whether a hit is good and speaks of the matter in its very title."""
    return hit.score >= GOOD_SCORE and "<mark>" in hit.title_html


def _matter(text: str) -> int:
    """How many different words a text has that are no filler."""
    return len({stem(word) for word in words(text) if word not in STOP_WORDS})
