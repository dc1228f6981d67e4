"""Topics and the sections that group their articles."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from docs_kb.models.article import Article

# Addresses below /documentacion/ that are no topics.
RESERVED_SLUGS = frozenset({"archivos", "buscar", "senales"})


class CategoryQuerySet(models.QuerySet):
    def with_counts(self):
        """Each category with `published_count`, the number of its published articles."""
        own = Article.objects.published().filter(category=OuterRef("pk")).order_by().values("category")
        count = Subquery(own.annotate(count=Count("pk")).values("count"))
        return self.annotate(published_count=Coalesce(count, 0))

    def not_empty(self):
        """Those that a reader finds something in."""
        return self.filter(Exists(Article.objects.published().filter(category=OuterRef("pk"))))


class Category(models.Model):
    name = models.CharField("nombre", max_length=80)
    slug = models.SlugField("dirección", max_length=80, unique=True)
    description = models.CharField("descripción", max_length=200, blank=True)
    position = models.PositiveIntegerField("posición", default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = "tema"
        verbose_name_plural = "temas"
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("docs_kb:category", kwargs={"category_slug": self.slug})


class Section(models.Model):
    """A group of articles under one heading of its category's page."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="sections", verbose_name="tema")
    name = models.CharField("nombre", max_length=80)
    slug = models.SlugField("dirección", max_length=80)
    position = models.PositiveIntegerField("posición", default=0)

    class Meta:
        verbose_name = "apartado"
        verbose_name_plural = "apartados"
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["category", "slug"], name="section_slug_in_category")]

    def __str__(self):
        return self.name
