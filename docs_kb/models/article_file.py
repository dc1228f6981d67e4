"""A picture or a document that staff put into an article."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from docs_kb.models.article import Article


def new_file_key() -> str:
    """An unguessable public name for a file (128 bits), lower case so that it reads as an address."""
    return secrets.token_hex(16)


class ArticleFileQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ArticleFileQuerySet":
        """Files that the text of a published article shows, and the documents listed below it; whoever may
        read drafts in the admin sees all."""
        if user.has_perm("docs_kb.view_article"):
            return self
        shown = Article.objects.published().filter(shown_files=OuterRef("pk"))
        listed = Q(article__status=Article.Status.PUBLISHED) & ~Q(content_type__startswith="image/")
        return self.filter(Exists(shown) | listed)


class ArticleFile(models.Model):
    article = models.ForeignKey(
        Article,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="files",
        verbose_name="artículo",
        help_text="Vacío mientras el artículo no se ha guardado por primera vez.",
    )
    # As `publishing` finds them in their texts; a picture may be in more than its own article's.
    shown_in = models.ManyToManyField(Article, related_name="shown_files", editable=False)
    key = models.CharField(max_length=32, unique=True, default=new_file_key, editable=False)
    name = models.CharField("nombre", max_length=120, help_text="El original, limpio; va en la dirección.")
    alt_text = models.CharField(
        "texto alternativo", max_length=300, blank=True, help_text="Qué se ve, para quien no la ve."
    )
    is_decorative = models.BooleanField("decorativa", default=False)
    content_type = models.CharField("tipo", max_length=50)
    size = models.PositiveIntegerField("tamaño", help_text="En bytes, tal como se sirve.")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    stored_name = models.CharField(max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # Of what came, before it was encoded anew: by it an import knows a file again.
    original_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("subido", auto_now_add=True)

    objects = ArticleFileQuerySet.as_manager()

    class Meta:
        verbose_name = "archivo"
        verbose_name_plural = "archivos"
        ordering = ["created_at", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("docs_kb:file", kwargs={"key": self.key, "name": self.name})

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def kind_name(self) -> str:
        """«PDF», «TXT»: what people call its type. A stored name always has the ending of its content."""
        return self.name.rpartition(".")[2].upper()
