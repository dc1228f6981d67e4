"""What readers searched, without saying who: words once, counts by day, and the guides they then opened."""

from django.db import models

from docs_kb.models.article import Article


class SearchQuery(models.Model):
    """One thing that was asked; queries that differ in accents, case, order or plural are the same `key`."""

    key = models.CharField(max_length=200, unique=True, editable=False)
    text = models.CharField("búsqueda", max_length=200, help_text="Como se escribió, sin datos personales.")
    results = models.PositiveIntegerField("resultados", default=0, help_text="Los de la última vez.")
    last_at = models.DateTimeField("última")
    is_ignored = models.BooleanField("ignorada", default=False)
    handled_on = models.DateField(
        "atendida el",
        null=True,
        blank=True,
        editable=False,
        help_text="El último día en que se hizo algo por ella: lo buscado hasta entonces ya no se reprocha.",
    )

    class Meta:
        verbose_name = "búsqueda"
        verbose_name_plural = "búsquedas"
        ordering = ["-last_at"]
        indexes = [models.Index(fields=["-last_at"])]

    def __str__(self):
        return self.text


class SearchQueryDay(models.Model):
    """How often it was asked on one day, and what came of it."""

    query = models.ForeignKey(SearchQuery, models.CASCADE, related_name="days")
    day = models.DateField()
    searches = models.PositiveIntegerField(default=0)
    opens = models.PositiveIntegerField(default=0, help_text="Veces que se abrió un resultado.")
    tickets = models.PositiveIntegerField(default=0, help_text="Tickets que se abrieron desde ella.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "day"], name="search_query_day_once")]
        indexes = [models.Index(fields=["day"])]


class SearchOpening(models.Model):
    """How often a query led to an article."""

    query = models.ForeignKey(SearchQuery, models.CASCADE, related_name="openings")
    article = models.ForeignKey(Article, models.CASCADE, related_name="openings")
    opens = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["query", "article"], name="search_opening_once")]
