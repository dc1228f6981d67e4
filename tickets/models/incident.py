"""The service notice: what is broken for everyone right now, said once at the top of every page."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from docs_kb.dates import NBSP, before, clock, moment


class ServiceNoticeQuerySet(models.QuerySet):
    def active(self) -> "ServiceNoticeQuerySet":
        return self.filter(is_active=True)


class ServiceNotice(models.Model):
    text = models.CharField(
        "texto",
        max_length=300,
        help_text=(
            "Sigue a «Desde las 10:20\u00a0h», así que empieza en minúscula: qué pasa, qué hacemos y si hace "
            "falta abrir un ticket. Por ejemplo: el correo entra con retraso. Lo estamos arreglando; no "
            "hace falta que abras un ticket."
        ),
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
        """«Desde las 10:20 h el correo entra con retraso. … Siguiente noticia: 11:30 h.»"""
        begin = before(self.since).removesuffix(f" de{NBSP}hoy").replace("antes de", "Desde", 1)
        following = f" Siguiente noticia: {self._following()}." if self.next_update_at else ""
        return f"{begin} {self.text}{following}"

    def _following(self) -> str:
        is_today = timezone.localdate(self.next_update_at) == timezone.localdate()
        return clock(self.next_update_at) if is_today else moment(self.next_update_at)
