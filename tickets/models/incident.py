"""The service notice: what is broken for everyone right now, said once at the top of every page."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class ServiceNoticeQuerySet(models.QuerySet):
    def active(self) -> "ServiceNoticeQuerySet":
        return self.filter(is_active=True)


class ServiceNotice(models.Model):
    text = models.CharField(
        "texto",
        max_length=300,
        help_text="Qué pasa, qué estamos haciendo y si hace falta que el cliente haga algo.",
    )
    is_active = models.BooleanField("visible", default=True, help_text="Solo puede haber uno visible.")
    since = models.DateTimeField("desde", default=timezone.now)
    next_update_at = models.DateTimeField("siguiente noticia", null=True, blank=True)

    objects = ServiceNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "aviso de servicio"
        verbose_name_plural = "avisos de servicio"
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="one_active_service_notice",
                violation_error_message="Ya hay otro aviso visible. Ocúltalo antes.",
            )
        ]

    def __str__(self) -> str:
        return self.text
