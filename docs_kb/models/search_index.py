"""What the search reads: where each stem stands, and the vocabulary of all published articles.

`search_index` alone writes these rows.
"""

from django.db import models


class SearchDocument(models.Model):
    """The words under which a published article is counted, to take it out again; packed by `postings`."""

    article = models.OneToOneField(
        "docs_kb.Article", models.CASCADE, primary_key=True, related_name="search_document"
    )
    words = models.BinaryField()


class Posting(models.Model):
    """Which of a block's articles have a stem, how much, and where in their heads; packed by `postings`."""

    term = models.CharField(max_length=40)
    prefix = models.CharField(max_length=6)
    block = models.PositiveIntegerField()
    offsets = models.BinaryField()
    weights = models.BinaryField()
    heads = models.BinaryField()
    places = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["block", "term"], name="posting_once")]
        indexes = [models.Index(fields=["prefix"], name="posting_prefix")]


class VocabularyTerm(models.Model):
    """A written word with the number of articles that have it; and the number of all articles."""

    class Kind(models.TextChoices):
        TOTAL = "t", "total"
        WORD = "w", "palabra"

    kind = models.CharField(max_length=1, choices=Kind.choices)
    term = models.CharField(max_length=40)
    stem = models.CharField(max_length=40, blank=True)
    reversed = models.CharField(max_length=40, blank=True)
    written = models.CharField(max_length=60, blank=True)
    articles = models.IntegerField(default=0)
    heads = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "term"], name="vocabulary_term_once")]
        indexes = [
            models.Index(fields=["kind", "stem"], name="vocabulary_stem"),
            models.Index(fields=["kind", "reversed"]),
        ]
