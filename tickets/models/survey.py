"""How the customer found it: asked once for each time that a ticket is resolved."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

# How long an answer can be changed, and how long a question waits for one.
CHANGE_WINDOW = timedelta(days=7)
ANSWER_WINDOW = timedelta(days=30)


class SurveyQuerySet(models.QuerySet):
    def answered(self) -> "SurveyQuerySet":
        return self.exclude(rating="")

    def asked_since(self, requester_id: int, at: datetime) -> "SurveyQuerySet":
        """Those that were mailed to a customer after a moment, about any ticket."""
        return self.filter(ticket__requester=requester_id, asked_at__gt=at)


class Survey(models.Model):
    class Rating(models.TextChoices):
        GOOD = "good", "Bien"
        FAIR = "fair", "Regular"
        BAD = "bad", "Mal"

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, related_name="surveys", verbose_name="ticket"
    )
    resolved_at = models.DateTimeField("resuelto", help_text="De qué resolución del ticket se opina.")
    rating = models.CharField("valoración", max_length=10, choices=Rating, blank=True)
    comment = models.TextField("comentario", blank=True)
    created_at = models.DateTimeField("creada", auto_now_add=True)
    asked_at = models.DateTimeField(
        "enviada", null=True, blank=True, help_text="Cuándo se pidió por correo; vacío si no se pidió."
    )
    answered_at = models.DateTimeField("contestada", null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "valoración"
        verbose_name_plural = "valoraciones"
        ordering = ["-resolved_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "resolved_at"], name="survey_once_per_resolution")
        ]
        indexes = [
            models.Index(
                fields=["rating", "-answered_at"], name="survey_rating", condition=~models.Q(rating="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rating_display() or 'Sin contestar'} · {self.ticket}"

    @property
    def is_answered(self) -> bool:
        return bool(self.rating)

    @property
    def changeable_until(self) -> datetime:
        """The last moment for an answer, or for another one."""
        if self.answered_at:
            return self.answered_at + CHANGE_WINDOW
        return self.resolved_at + ANSWER_WINDOW

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether an answer is still taken: for 30 days, and seven more days after it to change it."""
        return (now or timezone.now()) < self.changeable_until
