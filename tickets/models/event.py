"""One change of a ticket: who, what, from what to what."""

from django.conf import settings
from django.db import models


class Event(models.Model):
    class Kind(models.TextChoices):
        OPENED = "opened", "Ticket abierto"
        REPLIED = "replied", "Respuesta"
        NOTED = "noted", "Nota interna"
        STATUS = "status", "Cambio de estado"
        ASSIGNED = "assigned", "Asignación"
        PRIORITY = "priority", "Prioridad"
        SUBJECT = "subject", "Asunto"
        FILE_REFUSED = "file_refused", "Archivo rechazado"
        LINK_OPENED = "link_opened", "Enlace abierto"
        SPAM = "spam", "Spam"
        MERGED = "merged", "Tickets unidos"
        RATED = "rated", "Valoración"
        FORECAST = "forecast", "Nueva previsión"
        REMINDED = "reminded", "Recordatorio"
        ADDRESS = "address", "El cliente corrigió su correo"

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="events", verbose_name="ticket")
    kind = models.CharField("qué", max_length=20, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="quién",
        help_text="Vacío: el cliente o el sistema.",
    )
    message = models.ForeignKey(
        "tickets.Message",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="events",
        verbose_name="mensaje",
    )
    old = models.CharField("antes", max_length=300, blank=True)
    new = models.CharField("después", max_length=300, blank=True)
    created_at = models.DateTimeField("cuándo")

    class Meta:
        verbose_name = "suceso"
        verbose_name_plural = "sucesos"
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["ticket", "created_at"], name="event_ticket_date")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.old} → {self.new}" if self.new else self.get_kind_display()
