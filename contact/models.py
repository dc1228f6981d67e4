"""The ways to reach us beside the documentation and the ticket form, as staff set them up."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Value, When


class ChannelQuerySet(models.QuerySet):
    def in_order(self) -> "ChannelQuerySet":
        """The one order of every page: WhatsApp, phone, mail, chat."""
        places = [When(kind=kind, then=Value(place)) for place, kind in enumerate(Channel.Kind.values)]
        return self.order_by(Case(*places, output_field=models.IntegerField()))


class Channel(models.Model):
    class Kind(models.TextChoices):
        """In the order in which customers read them, everywhere (WCAG 2.2, 3.2.6)."""

        WHATSAPP = "whatsapp", "WhatsApp"
        PHONE = "phone", "Teléfono"
        EMAIL = "email", "Correo electrónico"
        CHAT = "chat", "Chat en directo"

    WITH_NUMBER = (Kind.WHATSAPP, Kind.PHONE)

    kind = models.CharField("canal", max_length=10, choices=Kind, unique=True)
    is_active = models.BooleanField(
        "activo", default=True, help_text="Sin marcar desaparece de la web y de los correos."
    )
    value = models.CharField(
        "número o dirección",
        max_length=254,
        blank=True,
        help_text="WhatsApp y teléfono: el número. Correo: la dirección; vacía, la general de soporte.",
    )
    schedule = models.ForeignKey(
        "tickets.Schedule",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="horario",
        help_text="Vacío: a cualquier hora.",
    )
    cost = models.CharField(
        "coste", max_length=120, blank=True, help_text="Por ejemplo: llamada a fijo, sin recargo."
    )
    expected_wait = models.CharField(
        "espera prometida",
        max_length=120,
        blank=True,
        help_text="Por ejemplo: solemos contestar en 10 minutos.",
    )
    pause_message = models.CharField(
        "interrupción",
        max_length=200,
        blank=True,
        help_text=(
            "Con texto, el canal queda interrumpido sin tocar su horario, y el cliente lo lee. "
            "Por ejemplo: Interrumpido por una avería de la línea; usa el ticket."
        ),
    )

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = "canal"
        verbose_name_plural = "canales"

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_configured(self) -> bool:
        """Whether there is something to reach; the rest is shown nowhere."""
        return self.is_active and (self.kind == self.Kind.CHAT or bool(self.address))

    @property
    def address(self) -> str:
        """What is dialled or written to: E.164 or a mail address; empty for the chat."""
        return self.value or (settings.SUPPORT_EMAIL if self.kind == self.Kind.EMAIL else "")
