"""The trade's synonyms, kept by staff."""

from django.db import models


class Synonym(models.Model):
    """One group of words or phrases that customers use for the same thing."""

    words = models.TextField(
        "palabras", help_text="Separadas por comas: «correo, buzón, bandeja». Valen también frases cortas."
    )
    stems = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = "grupo de sinónimos"
        verbose_name_plural = "sinónimos"
        ordering = ["words"]

    def __str__(self):
        return self.words


class SynonymWord(models.Model):
    """A word that occurs in a group: a search reads only the groups that may speak of it, and typing mistakes
    are put right towards it too. `publishing` alone writes these rows."""

    synonym = models.ForeignKey(Synonym, models.CASCADE, related_name="occurring_words")
    term = models.CharField(max_length=40)
    stem = models.CharField(max_length=40)
    reversed = models.CharField(max_length=40)
    written = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["stem"], name="synonym_word_stem"),
            models.Index(fields=["term"], name="synonym_word_term"),
            models.Index(fields=["reversed"], name="synonym_word_reversed"),
        ]
