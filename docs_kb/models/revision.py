"""What an article said before: one row for each time that it was saved."""

from django.conf import settings
from django.db import models

from docs_kb.models.article import Article


class ArticleRevision(models.Model):
    """An article's words and state after one save; never changed, only added."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions", verbose_name="artículo")
    number = models.PositiveIntegerField("versión")
    title = models.CharField("título", max_length=160)
    slug = models.SlugField("dirección", max_length=100)
    summary = models.TextField("resumen", blank=True)
    body = models.TextField("texto", blank=True)
    body_format = models.CharField("formato", max_length=8, choices=Article.Format.choices)
    keywords = models.TextField("palabras que usaría el cliente", blank=True)
    status = models.CharField("estado", max_length=12, choices=Article.Status.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="quién"
    )
    author_name = models.CharField(max_length=150, blank=True, help_text="Su nombre de entonces.")
    note = models.CharField("por qué", max_length=200, blank=True)
    created_at = models.DateTimeField("cuándo")

    class Meta:
        verbose_name = "versión"
        verbose_name_plural = "versiones"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number_once")]

    def __str__(self):
        return f"{self.title}, versión {self.number}"
