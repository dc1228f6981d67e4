"""What came of an article on one day, as counts: nobody is followed."""

from django.db import models

from docs_kb.models.article import Article


class ArticleDay(models.Model):
    article = models.ForeignKey(Article, models.CASCADE, related_name="days", verbose_name="artículo")
    day = models.DateField("día")
    views = models.PositiveIntegerField("visitas", default=0)
    opens = models.PositiveIntegerField("abierta desde una búsqueda", default=0)
    tickets = models.PositiveIntegerField("tickets abiertos desde aquí", default=0)
    solved = models.PositiveIntegerField("resuelto sin ticket", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="article_day_once")]
        indexes = [models.Index(fields=["day"])]
