"""Articles that may help with what a customer wrote."""

from docs_kb.models import Article
from docs_kb.search import search

# Of 1: below that an article shares words with the text, not its matter.
GOOD_SCORE = 0.55


def guides_about(text: str, *, limit: int = 3) -> list[Article]:
    """The few articles that fit a description well, best first; none rather than weak ones."""
    return [hit.article for hit in search(text, limit=limit).hits if hit.score >= GOOD_SCORE]
