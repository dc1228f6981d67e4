"""An article: one guide, in one of four states."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone

STARTERS = 6
NEWS = 3
RELATED = 3


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Article.Status.PUBLISHED)

    def in_reading_order(self):
        """As a category's page lists them: by section, then as staff ordered them."""
        return self.order_by("section__position", "section__name", "position", "title", "pk")

    def for_lists(self):
        """Without the texts that a list does not show."""
        return self.select_related("category").defer("body", "body_html", "toc", "keywords")

    def on_the_front_page(self):
        """The editors' picks (six at most) and the three latest changes, in one query."""
        latest = Subquery(self.published().order_by("-updated_on", "-pk").values("pk")[:NEWS])
        chosen = self.published().filter(Q(is_featured=True) | Q(pk__in=latest)).for_lists()[: STARTERS + 24]
        articles = list(chosen)
        starters = [article for article in articles if article.is_featured][:STARTERS]
        news = sorted(articles, key=lambda article: (article.updated_on, article.pk), reverse=True)[:NEWS]
        return starters, news

    def near(self, article: "Article") -> QuerySet:
        """Three published articles to read next: the editors' choice, else neighbours of its section."""
        chosen = Article.related.through.objects.filter(from_article=article, to_article=OuterRef("pk"))
        neighbour = Q(section=article.section_id) if article.section_id else Q(pk__in=[])
        return (
            self.published()
            .filter(Q(category=article.category_id) | Exists(chosen))
            .exclude(pk=article.pk)
            .annotate(is_chosen=Exists(chosen), is_neighbour=Case(When(neighbour, then=1), default=Value(0)))
            .for_lists()
            .order_by("-is_chosen", "-is_neighbour", "position", "title")[:RELATED]
        )


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
