"""What someone wrote in a ticket: the customer, the team, or the team to itself."""

from django.conf import settings
from django.db import models


class MessageQuerySet(models.QuerySet):
    def public(self) -> "MessageQuerySet":
        """What the customer may read: everything but internal notes."""
        return self.exclude(kind=Message.Kind.NOTE)


class Message(models.Model):
    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Cliente"
        STAFF = "staff", "Respuesta"
        NOTE = "note", "Nota interna"

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, related_name="messages", verbose_name="ticket"
    )
    kind = models.CharField("tipo", max_length=10, choices=Kind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="autor",
    )
    author_name = models.CharField("nombre", max_length=120, help_text="Tal como firmó entonces.")
    body = models.TextField("texto")
    form_key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    created_at = models.DateTimeField("fecha")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "mensaje"
        verbose_name_plural = "mensajes"
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["ticket", "created_at"], name="message_ticket_date")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.author_name}"

    @property
    def is_internal(self) -> bool:
        return self.kind == self.Kind.NOTE
