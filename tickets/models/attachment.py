"""A file someone sent: first a draft tied to a form, then part of a message."""

import secrets
from datetime import datetime

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from docs_kb.dates import file_size


def new_key() -> str:
    """An unguessable public name for a file (192 bits)."""
    return secrets.token_urlsafe(24)


class AttachmentQuerySet(models.QuerySet):
    def drafts(self, form_key: str) -> "AttachmentQuerySet":
        """What was accepted for a form that has not been sent yet."""
        return self.filter(form_key=form_key, message=None)

    def public(self) -> "AttachmentQuerySet":
        """What the customer may see: everything but the files of internal notes."""
        return self.exclude(message__kind="note")

    def due(self, at: datetime) -> "AttachmentQuerySet":
        """Pictures to examine now: new ones, and those whose examiner died."""
        return self.filter(state=Attachment.State.ANALYSING, due_at__lte=at)


class Attachment(models.Model):
    class State(models.TextChoices):
        ANALYSING = "analysing", "Analizando"
        CLEAN = "clean", "Disponible"
        REFUSED = "refused", "Rechazado"

    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    form_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    message = models.ForeignKey(
        "tickets.Message",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name="mensaje",
    )
    name = models.CharField(
        "nombre", max_length=200, help_text="El nombre original, limpio; solo se muestra."
    )
    content_type = models.CharField("tipo", max_length=50)
    size = models.PositiveIntegerField("tamaño", help_text="En bytes, tal como llegó.")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField("estado", max_length=10, choices=State, default=State.ANALYSING)
    reason = models.CharField("motivo", max_length=300, blank=True, help_text="Por qué se rechazó.")
    stored_name = models.CharField(
        max_length=200, blank=True, help_text="Nombre aleatorio en el almacén privado; vacío si se rechazó."
    )
    thumbnail_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, help_text="Huella de lo que llegó.")
    clean_sha256 = models.CharField(max_length=64, blank=True, help_text="Huella de lo que se sirve.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField("próximo intento", null=True, blank=True)
    created_at = models.DateTimeField("recibido", auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "archivo"
        verbose_name_plural = "archivos"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], name="attachment_due", condition=models.Q(state="analysing")),
            models.Index(
                fields=["created_at"], name="attachment_draft", condition=models.Q(message__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tickets:file", args=[self.key])

    @property
    def described(self) -> str:
        """Its name in a list, with its size or that it was not kept."""
        return f"{self.name} ({_('no se ha guardado') if self.is_refused else file_size(self.size)})"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.CLEAN
