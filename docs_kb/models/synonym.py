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


class SynonymStem(models.Model):
    """A stem that occurs in a group, so that a search reads only the groups that may speak of it."""

    synonym = models.ForeignKey(Synonym, models.CASCADE, related_name="occurring_stems")
    stem = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["stem"], name="synonym_stem")]
