"""The knowledge base as rows: topics, articles, the trade's synonyms, and the search index beside them."""

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

STARTERS = 6
NEWS = 3
RELATED = 3


class CategoryQuerySet(models.QuerySet):
    def with_counts(self):
        """Each category with `published_count`, the number of its published articles."""
        own = Article.objects.published().filter(category=OuterRef("pk")).order_by().values("category")
        count = Subquery(own.annotate(count=Count("pk")).values("count"))
        return self.annotate(published_count=Coalesce(count, 0))

    def not_empty(self):
        """Those that a reader finds something in, with their counts."""
        return self.with_counts().filter(published_count__gt=0)


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

    class Translation(models.TextChoices):
        ORIGINAL = "original", "Escrito en español"
        HUMAN = "human", "Traducido por personas"
        MACHINE = "machine", "Traducción automática"

    category = models.ForeignKey(Category, models.PROTECT, related_name="articles", verbose_name="tema")
    section = models.ForeignKey(
        Section, models.SET_NULL, related_name="articles", null=True, blank=True, verbose_name="apartado"
    )
    title = models.CharField("título", max_length=160)
    slug = models.SlugField("dirección", max_length=100, unique=True)
    summary = models.TextField("resumen", max_length=400, blank=True)
    body = models.TextField("texto", blank=True)
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list, blank=True)
    keywords = models.TextField("palabras que usaría el cliente", max_length=1000, blank=True)
    related = models.ManyToManyField("self", blank=True, verbose_name="guías relacionadas")
    status = models.CharField("estado", max_length=12, choices=Status.choices, default=Status.DRAFT)
    is_featured = models.BooleanField("en «Para empezar»", default=False)
    published_at = models.DateTimeField("publicado", null=True, blank=True, editable=False)
    updated_on = models.DateField("actualizado el", default=timezone.localdate)
    language = models.CharField("idioma", max_length=8, default="es")
    source = models.CharField("fuente", max_length=200, blank=True)
    licence = models.CharField("licencia", max_length=60, blank=True)
    source_path = models.CharField("ruta en la fuente", max_length=300, blank=True)
    translation = models.CharField(
        "traducción", max_length=8, choices=Translation.choices, default=Translation.ORIGINAL
    )
    position = models.PositiveIntegerField("posición", default=0)
    reading_minutes = models.PositiveSmallIntegerField(editable=False, default=1)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "artículo"
        verbose_name_plural = "artículos"
        ordering = ["position", "title"]
        indexes = [
            models.Index(fields=["category", "status"]),
            models.Index(fields=["status", "-updated_on"]),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("docs_kb:article", kwargs={"category_slug": self.category.slug, "slug": self.slug})

    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED


class Synonym(models.Model):
    """One group of words or phrases that customers use for the same thing."""

    words = models.TextField(
        "palabras", help_text="Separadas por comas: «correo, email, mail». Valen también frases cortas."
    )
    stems = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = "grupo de sinónimos"
        verbose_name_plural = "sinónimos"
        ordering = ["words"]

    def __str__(self):
        return self.words


class SearchDocument(models.Model):
    """What the search knows of one published article; `search_index` alone writes it.

    `head` holds the stems of title, summary, headings and keywords in order, a bar between the fields;
    `stems` every stem once, `weights` its weight at the same place; `words` the words it is counted under in
    the vocabulary. The database's full-text index lies over `head` and `stems`.
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="search_document")
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


class ThrottleCount(models.Model):
    """How many times something happened in one window; of no use once `expires_at` has passed."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    expires_at = models.BigIntegerField(db_index=True, help_text="Seconds since 1970.")
