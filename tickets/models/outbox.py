"""A message that must leave: written with what caused it, sent by the worker, kept as proof."""

import uuid
from datetime import datetime

from django.db import models


class OutboxQuerySet(models.QuerySet):
    def unsent(self) -> "OutboxQuerySet":
        return self.filter(state__in=[OutboxMessage.State.QUEUED, OutboxMessage.State.SENDING])

    def untouched(self) -> "OutboxQuerySet":
        """What no sender has had in its hands."""
        return self.filter(state=OutboxMessage.State.QUEUED, attempts=0)

    def due(self, at: datetime) -> "OutboxQuerySet":
        """Rows to take now: queued ones whose time has come, and those whose sender died."""
        return self.unsent().filter(due_at__lte=at, carried_by=None)

    def to_recipient(self, ticket, recipient: str) -> "OutboxQuerySet":
        """A ticket's mails to one person, oldest first: what a new one is threaded under."""
        return self.filter(ticket=ticket, recipient=recipient, channel="email").order_by("created_at")


class OutboxMessage(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", "En cola"
        SENDING = "sending", "Enviando"
        SENT = "sent", "Enviado"
        FAILED = "failed", "No entregado"
        BOUNCED = "bounced", "Rebotado"
        SUPPRESSED = "suppressed", "No se envía"

    KINDS = {
        "receipt": "Acuse de recibo",
        "reply": "Respuesta al cliente",
        "reminder": "Recordatorio al cliente",
        "resolved": "Resuelto, con valoración",
        "reopened": "Reabierto",
        "merged": "Unido a otro ticket",
        "late": "Retraso y nueva previsión",
        "file_refused": "Archivo rechazado",
        "link": "Enlace nuevo",
        "code": "Código para entrar",
        "staff_new": "Al equipo: ticket nuevo",
        "staff_answer": "Al equipo: respuesta",
        "staff_assigned": "Al equipo: asignación",
        "staff_rated": "Al equipo: valoración",
        "staff_factor": "Al equipo: segundo factor",
    }

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event_key = models.CharField(
        max_length=200,
        unique=True,
        help_text="Tipo, objeto y destinatario: el mismo aviso no nace dos veces.",
    )
    kind = models.CharField("aviso", max_length=40)
    channel = models.CharField("canal", max_length=10, default="email")
    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, null=True, blank=True, related_name="outbox", verbose_name="ticket"
    )
    message = models.ForeignKey(
        "tickets.Message",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="outbox",
        verbose_name="mensaje",
    )
    recipient = models.CharField("para", max_length=254)
    is_automatic = models.BooleanField("automático", default=True)
    subject = models.CharField("asunto", max_length=200)
    body_text = models.TextField("texto", help_text="Con marcas donde van los códigos y enlaces firmados.")
    body_html = models.TextField("HTML", blank=True)
    secrets = models.JSONField(
        default=dict, blank=True, help_text="Lo que sustituye a las marcas; se borra al enviar."
    )
    headers = models.JSONField(default=dict, blank=True)
    seams = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Dónde empieza y acaba lo propio de este aviso en cada texto.",
    )
    carried_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # nearly always empty
        related_name="carried",
        verbose_name="salió dentro de",
    )
    mail_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField("estado", max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField("intentos", default=0)
    due_at = models.DateTimeField("próximo intento")
    first_tried_at = models.DateTimeField("primer intento", null=True, blank=True, editable=False)
    last_error = models.CharField("último error", max_length=500, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField("creado")
    sent_at = models.DateTimeField("enviado", null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = "mensaje saliente"
        verbose_name_plural = "mensajes salientes"
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="outbox_due",
                condition=models.Q(state__in=["queued", "sending"]),
            ),
            models.Index(fields=["recipient", "created_at"], name="outbox_recipient"),
            models.Index(fields=["state", "-created_at"], name="outbox_state"),
            models.Index(fields=["-created_at"], name="outbox_latest"),
            models.Index(
                fields=["carried_by"],
                name="outbox_carried",
                condition=models.Q(carried_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient}"

    @property
    def kind_label(self) -> str:
        """Which notice it is, in the words of the team's pages."""
        return self.KINDS.get(self.kind, self.kind)
