"""An article: one guide, in one of four states."""

from dataclasses import dataclass
from itertools import chain

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone

MOST_READ = 6
NEWS = 3
RELATED = 3
MOST_CHOSEN = 20
LISTED = ("title", "slug", "position", "updated_on", "popularity", "category", "section", "status")


@dataclass(frozen=True)
class FrontPage:
    """What the documentation's home shows of its articles."""

    most_read: list["Article"]
    starters: list["Article"]
    news: list["Article"]


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Article.Status.PUBLISHED)

    def in_reading_order(self):
        """As a category's page lists them: those in no section, then by section, as staff ordered them."""
        section = models.F("section__position").asc(nulls_first=True)
        return self.order_by(section, "section__name", "position", "title", "pk")

    def for_lists(self):
        """Without the texts that a list does not show."""
        return self.select_related("category").defer("body", "body_html", "toc", "keywords")

    def for_reading(self):
        """With its topic, and whether any other topic has something to read."""
        elsewhere = Article.objects.published().exclude(category=OuterRef("category"))
        return (
            self.select_related("category")
            .defer("body", "keywords")
            .annotate(has_other_topics=Exists(elsewhere))
        )

    def front_page(self) -> FrontPage:
        """The six articles read most or, until six have been read, the editors' picks; the latest changes."""
        published = self.published()
        most_read, starters, news = self._together(
            published.filter(popularity__gt=0).order_by("-popularity", "pk")[:MOST_READ],
            published.filter(is_featured=True).order_by("position", "title")[:MOST_READ],
            published.order_by("-updated_on", "-pk")[:NEWS],
        )
        if len(most_read) < MOST_READ:
            most_read = []
        most_read.sort(key=lambda article: (-article.popularity, article.pk))
        news.sort(key=lambda article: (article.updated_on, article.pk), reverse=True)
        return FrontPage(most_read, [] if most_read else starters, news)

    def near(self, article: "Article") -> list["Article"]:
        """Three published articles to read next: the editors' choice, closest first, then what follows in
        the section, what follows in the topic, and its first ones."""
        others = self.published().exclude(pk=article.pk).order_by("position", "title")
        beside = others.filter(category=article.category_id)
        following = beside.filter(
            Q(position__gt=article.position) | Q(title__gt=article.title), position__gte=article.position
        )
        # By key alone: asked for the published ones, SQLite would look at all of them for these few.
        links = Article.related.through.objects.filter(from_article=article)
        chosen, *shelves = self._together(
            self.filter(pk__in=links.values("to_article")).order_by("pk")[:MOST_CHOSEN],
            following.filter(section=article.section_id)[:RELATED],
            following[:RELATED],
            beside[:RELATED],
        )
        chosen = [other for other in chosen if other.is_published() and other != article]
        chosen.sort(
            key=lambda one: (one.section_id != article.section_id, one.category_id != article.category_id)
        )
        return list(dict.fromkeys(chain(chosen, *shelves)))[:RELATED]

    def _together(self, *parts: "ArticleQuerySet") -> list[list["Article"]]:
        """Some articles of each part, by position and title, in one query of as many indexed look-ups."""
        every = Article.objects.select_related("category").order_by()
        arms = [
            every.filter(pk__in=part.values("pk"))
            .only(*LISTED, "category__slug", "category__name")
            .annotate(part=Value(number))
            for number, part in enumerate(parts)
        ]
        found = sorted(
            arms[0].union(*arms[1:], all=True), key=lambda article: (article.position, article.title)
        )
        return [[article for article in found if article.part == number] for number in range(len(parts))]


class Article(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Borrador"
        IN_REVIEW = "in_review", "En revisión"
        PUBLISHED = "published", "Publicado"
        ARCHIVED = "archived", "Archivado"

    class Format(models.TextChoices):
        MARKDOWN = "markdown", "Markdown"
        HTML = "html", "HTML"

    class Translation(models.TextChoices):
        ORIGINAL = "original", "Escrito en español"
        HUMAN = "human", "Traducido por personas"
        MACHINE = "machine", "Traducción automática"

    category = models.ForeignKey(
        "docs_kb.Category", models.PROTECT, related_name="articles", verbose_name="tema"
    )
    section = models.ForeignKey(
        "docs_kb.Section",
        models.SET_NULL,
        related_name="articles",
        null=True,
        blank=True,
        verbose_name="apartado",
    )
    title = models.CharField("título", max_length=160)
    slug = models.SlugField("dirección", max_length=100, unique=True)
    summary = models.TextField("resumen", max_length=400, blank=True)
    body = models.TextField("texto", blank=True)
    body_format = models.CharField("formato", max_length=8, choices=Format.choices, default=Format.MARKDOWN)
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list, blank=True)
    keywords = models.TextField("palabras que usaría el cliente", max_length=1000, blank=True)
    related = models.ManyToManyField("self", blank=True, verbose_name="guías relacionadas")
    status = models.CharField("estado", max_length=12, choices=Status.choices, default=Status.DRAFT)
    is_featured = models.BooleanField("en «Para empezar»", default=False)
    publish_at = models.DateTimeField(
        "publicar el", null=True, blank=True, help_text="Se publica sola a esa hora si está en revisión."
    )
    published_at = models.DateTimeField("publicado", null=True, blank=True, editable=False)
    updated_on = models.DateField("actualizado el", default=timezone.localdate)
    review_by = models.DateField("revisar antes de", null=True, blank=True)
    replacement = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name="la sustituye",
        help_text="Adónde se manda a quien llega a una guía archivada.",
    )
    language = models.CharField("idioma", max_length=8, default="es")
    source = models.CharField("fuente", max_length=200, blank=True)
    licence = models.CharField("licencia", max_length=60, blank=True)
    source_path = models.CharField("ruta en la fuente", max_length=300, blank=True)
    translation = models.CharField(
        "traducción", max_length=8, choices=Translation.choices, default=Translation.ORIGINAL
    )
    position = models.PositiveIntegerField("posición", default=0)
    reading_minutes = models.PositiveSmallIntegerField(editable=False, default=1)
    popularity = models.PositiveIntegerField(
        editable=False, default=0, help_text="Visitas útiles de 28 días; las suma el calendario."
    )
    version = models.PositiveIntegerField(
        editable=False,
        default=0,
        help_text="Sube con cada cambio guardado; es el número de su última revisión.",
    )
    created_at = models.DateTimeField(editable=False, default=timezone.now)
    modified_at = models.DateTimeField(editable=False, default=timezone.now)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "artículo"
        verbose_name_plural = "artículos"
        ordering = ["position", "title"]
        indexes = [
            models.Index(fields=["category", "status"]),
            models.Index(fields=["status", "-updated_on"]),
            models.Index(fields=["status", "-popularity"], name="article_most_read"),
            models.Index(fields=["category", "status", "position", "title"], name="article_in_topic"),
            models.Index(fields=["section", "status", "position", "title"], name="article_in_section"),
            models.Index(
                fields=["position", "title"], name="article_featured", condition=Q(is_featured=True)
            ),
            models.Index(
                fields=["publish_at"], name="article_scheduled", condition=Q(publish_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("docs_kb:article", kwargs={"category_slug": self.category.slug, "slug": self.slug})

    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED
