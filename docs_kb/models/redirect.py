"""Addresses that an article or a topic had before."""

from django.db import models
from django.db.models import Q

from docs_kb.models.article import Article
from docs_kb.models.category import Category


class Redirect(models.Model):
    """One former slug; exactly one of `article` and `category` says whose. Live slugs win over it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "Guía"
        CATEGORY = "category", "Tema"

    kind = models.CharField("de", max_length=8, choices=Kind.choices)
    slug = models.SlugField("dirección antigua", max_length=100)
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="former_slugs")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="former_slugs")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "redirección"
        verbose_name_plural = "redirecciones"
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once"),
            models.CheckConstraint(
                condition=Q(article__isnull=False, category__isnull=True)
                | Q(article__isnull=True, category__isnull=False),
                name="redirect_leads_to_one_thing",
            ),
        ]

    def __str__(self):
        return self.slug
