"""When the desk answers: weekly schedules, their spans, and the days that differ."""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from docs_kb.dates import NBSP, WEEKDAYS, clock, long_date

MIDNIGHT = time(0)


def span_error(opens_at: time | None, closes_at: time | None) -> str:
    """What is wrong with a span of one day, or an empty string. A closing at 0:00 h is the day's end."""
    if not opens_at or not closes_at or closes_at > opens_at or closes_at == MIDNIGHT:
        return ""
    return f"el cierre ({clock(closes_at)}) tiene que ser posterior a la apertura ({clock(opens_at)})."


class Schedule(models.Model):
    name = models.CharField("nombre", max_length=80, unique=True)
    is_desk = models.BooleanField(
        "horario del equipo",
        default=False,
        help_text="De este horario salen los plazos de respuesta de los tickets. Solo puede haber uno.",
    )
    first_response_minutes = models.PositiveIntegerField(
        "primera respuesta en (minutos)",
        default=240,
        help_text="Minutos dentro del horario del equipo. Solo cuenta en el horario del equipo.",
    )

    class Meta:
        verbose_name = "horario"
        verbose_name_plural = "horarios"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_desk"],
                condition=Q(is_desk=True),
                name="one_desk_schedule",
                violation_error_message="Ya hay otro horario del equipo. Desmárcalo antes.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One span of one weekday, in the desk's local time; a day may have several."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Lunes"
        TUESDAY = 1, "Martes"
        WEDNESDAY = 2, "Miércoles"
        THURSDAY = 3, "Jueves"
        FRIDAY = 4, "Viernes"
        SATURDAY = 5, "Sábado"
        SUNDAY = 6, "Domingo"

    schedule = models.ForeignKey(
        Schedule, models.CASCADE, related_name="opening_hours", verbose_name="horario"
    )
    weekday = models.PositiveSmallIntegerField("día", choices=Weekday)
    opens_at = models.TimeField("de")
    closes_at = models.TimeField("a", help_text="Las 0:00\u00a0h son el final del día.")

    class Meta:
        verbose_name = "franja"
        verbose_name_plural = "franjas de la semana"
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at=MIDNIGHT),
                name="opening_hours_in_order",
                violation_error_message="El cierre tiene que ser posterior a la apertura.",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_weekday"),
        ]

    def __str__(self) -> str:
        opening = clock(self.opens_at).removesuffix(f"{NBSP}h")
        return f"{WEEKDAYS[self.weekday]}, de {opening} a {clock(self.closes_at)}"

    def clean(self) -> None:
        if self.weekday is not None and (error := span_error(self.opens_at, self.closes_at)):
            raise ValidationError({"closes_at": f"{self.get_weekday_display()}: {error}"})


class SpecialDay(models.Model):
    """A date with other hours than its weekday's, or none; several rows make several spans.

    Without a schedule it counts for all of them; a schedule's own rows for a date replace those.
    """

    schedule = models.ForeignKey(
        Schedule,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="special_days",
        verbose_name="horario",
        help_text="Vacío: vale para todos los horarios.",
    )
    date = models.DateField("fecha")
    opens_at = models.TimeField("de", null=True, blank=True, help_text="Sin horas: cerrado todo el día.")
    closes_at = models.TimeField(
        "a", null=True, blank=True, help_text="Las 0:00\u00a0h son el final del día."
    )
    reason = models.CharField("motivo (público)", max_length=80)

    class Meta:
        verbose_name = "día especial"
        verbose_name_plural = "días especiales"
        ordering = ["date", "opens_at"]
        indexes = [models.Index(fields=["date"], name="special_day_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None)
                | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="special_day_whole_span",
                violation_error_message="Escribe las dos horas o ninguna.",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at__gt=F("opens_at")) | Q(closes_at=MIDNIGHT),
                name="special_day_in_order",
                violation_error_message="El cierre tiene que ser posterior a la apertura.",
            ),
        ]

    def __str__(self) -> str:
        return f"{long_date(self.date)}: {self.reason}"

    @property
    def is_closed(self) -> bool:
        return self.opens_at is None

    def clean(self) -> None:
        if (self.opens_at is None) != (self.closes_at is None):
            raise ValidationError({"closes_at": "Escribe las dos horas o ninguna (cerrado todo el día)."})
        if self.date and (error := span_error(self.opens_at, self.closes_at)):
            raise ValidationError({"closes_at": f"{long_date(self.date)}: {error}"})
