"""What the search reads: a row for each published article and the vocabulary of all of them."""

from django.db import models


class SearchDocument(models.Model):
    """What the search knows of one published article; `search_index` alone writes it.

    `head` holds the stems of title, summary, headings and keywords in order, a bar between the fields;
    `stems` every stem once, `weights` its weight at the same place; `words` the words it is counted under in
    the vocabulary. The database's full-text index lies over `head` and `stems`.
    """

    article = models.OneToOneField(
        "docs_kb.Article", models.CASCADE, primary_key=True, related_name="search_document"
    )
    head = models.TextField()
    stems = models.TextField()
    weights = models.TextField()
    words = models.TextField()
    title_length = models.PositiveSmallIntegerField()


class VocabularyTerm(models.Model):
    """A stem (with the number of articles that have it) or a written word (for spelling mistakes)."""

    class Kind(models.TextChoices):
        TOTAL = "t", "total"
        STEM = "s", "raíz"
        WORD = "w", "palabra"

    kind = models.CharField(max_length=1, choices=Kind.choices)
    term = models.CharField(max_length=40)
    stem = models.CharField(max_length=40, blank=True)
    prefix = models.CharField(max_length=6, blank=True)
    reversed = models.CharField(max_length=40, blank=True)
    written = models.CharField(max_length=60, blank=True)
    articles = models.IntegerField(default=0)
    heads = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "term"], name="vocabulary_term_once")]
        indexes = [
            models.Index(fields=["kind", "prefix"]),
            models.Index(fields=["kind", "reversed"]),
        ]
