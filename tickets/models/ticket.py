"""A ticket: one conversation with one customer, whatever the channel."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from tickets.models.requester import normalise_address

# Nobody can misread these: no 0/O, 1/I/L, U.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A fresh, unguessable label such as «MS-4F7K-29Q». It admits nobody."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(7))
    return f"{settings.REFERENCE_PREFIX}-{letters[:4]}-{letters[4:]}"


def normalise_reference(text: str) -> str:
    """The stored spelling of a reference typed in any case, with or without hyphens or spaces.

    Returns an empty string when the text cannot be a reference.
    """
    letters = "".join(c for c in text.upper() if c.isascii() and c.isalnum())
    prefix = settings.REFERENCE_PREFIX
    code = letters.removeprefix(prefix)
    if letters == code or len(code) != 7 or set(code) - set(REFERENCE_ALPHABET):
        return ""
    return f"{prefix}-{code[:4]}-{code[4:]}"


class TicketQuerySet(models.QuerySet):
    def genuine(self) -> "TicketQuerySet":
        return self.filter(is_spam=False, merged_into=None)

    def of_address(self, email: str) -> "TicketQuerySet":
        """Those of an address: asked in one way whether or not there is such a customer."""
        return self.filter(requester__email=normalise_address(email))

    def visible_to(self, requester: models.Model) -> "TicketQuerySet":
        """All that a customer who has signed in may read: their own, but neither spam nor those that were
        joined to somebody else's."""
        mine = self.filter(requester=requester, is_spam=False)
        return mine.filter(Q(merged_into=None) | Q(merged_into__requester=requester))

    def open(self) -> "TicketQuerySet":
        return self.genuine().filter(status__in=Ticket.OPEN_STATUSES)

    def awaiting_staff(self) -> "TicketQuerySet":
        """Tickets whose customer waits for an answer."""
        return self.open().exclude(waiting_since=None)

    def unassigned(self) -> "TicketQuerySet":
        return self.filter(assignee=None)

    def oldest_unanswered_first(self) -> "TicketQuerySet":
        return self.order_by(F("waiting_since").asc(nulls_last=True), "-last_message_at", "id")


class Ticket(models.Model):
    class Status(models.TextChoices):
        NEW = "new", "Nuevo"
        OPEN = "open", "En curso"
        WAITING_CUSTOMER = "waiting_customer", "Espera al cliente"
        WAITING_THIRD_PARTY = "waiting_third_party", "Espera a un tercero"
        RESOLVED = "resolved", "Resuelto"
        CLOSED = "closed", "Cerrado"

    class Priority(models.IntegerChoices):
        LOW = 1, "Baja"
        NORMAL = 2, "Normal"
        HIGH = 3, "Alta"
        URGENT = 4, "Urgente"

    class Channel(models.TextChoices):
        WEB = "web", "Formulario"
        EMAIL = "email", "Correo electrónico"
        WHATSAPP = "whatsapp", "WhatsApp"
        PHONE = "phone", "Teléfono"
        CHAT = "chat", "Chat en directo"

    OPEN_STATUSES = (Status.NEW, Status.OPEN, Status.WAITING_CUSTOMER, Status.WAITING_THIRD_PARTY)
    # What the customer reads, and the tone of components/status.html.
    PUBLIC_STATUS = {
        Status.NEW: ("Recibido", "ours"),
        Status.OPEN: ("En estudio", "ours"),
        Status.WAITING_CUSTOMER: ("Esperamos tu respuesta", "yours"),
        Status.WAITING_THIRD_PARTY: ("En estudio", "ours"),
        Status.RESOLVED: ("Resuelto", "done"),
        Status.CLOSED: ("Cerrado", "closed"),
    }

    reference = models.CharField(
        "referencia", max_length=16, unique=True, default=new_reference, editable=False
    )
    requester = models.ForeignKey(
        "tickets.Requester", models.PROTECT, related_name="tickets", verbose_name="cliente"
    )
    subject = models.CharField("asunto", max_length=120)
    status = models.CharField("estado", max_length=20, choices=Status, default=Status.NEW)
    priority = models.PositiveSmallIntegerField("prioridad", choices=Priority, default=Priority.NORMAL)
    channel = models.CharField("canal", max_length=10, choices=Channel, default=Channel.WEB)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name="lo lleva",
    )
    article = models.ForeignKey(
        "docs_kb.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="guía que leyó antes",
    )
    category = models.ForeignKey(
        "docs_kb.Category",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tema del que vino",
    )
    search_query = models.CharField("búsqueda de la que vino", max_length=200, blank=True)
    is_marked_urgent = models.BooleanField(
        "urgente según el cliente",
        default=False,
        help_text="Palabra del cliente; la prioridad la pone el equipo.",
    )
    form_key = models.CharField(max_length=64, unique=True, null=True, editable=False)
    form_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Huella del contenido enviado con esa clave."
    )
    link_counter = models.PositiveIntegerField(
        default=0, editable=False, help_text="Sumar uno revoca los enlaces ya enviados."
    )
    link_renewed_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Cuándo se pidió un enlace nuevo; vale 30 días desde entonces o desde el último mensaje.",
    )
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # nearly always empty: a whole index would tempt the planner of SQLite
        related_name="merged",
        verbose_name="unido a",
    )
    related_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # as above
        related_name="related",
        verbose_name="continuación de",
    )
    claimed_reference = models.CharField(
        "dice continuar",
        max_length=16,
        blank=True,
        default="",
        db_default="",  # a version that runs beside this one and does not know it yet can still insert
        help_text="Referencia que dio el cliente sin poder demostrar que es suya; no une nada.",
    )
    is_spam = models.BooleanField("spam", default=False)
    created_at = models.DateTimeField("abierto")
    due_at = models.DateTimeField("primera respuesta antes de", null=True, blank=True)
    first_answered_at = models.DateTimeField("primera respuesta", null=True, blank=True, editable=False)
    waiting_since = models.DateTimeField(
        "espera desde",
        null=True,
        blank=True,
        editable=False,
        help_text="El primer mensaje del cliente que sigue sin respuesta.",
    )
    last_message_at = models.DateTimeField("último mensaje", editable=False)
    status_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Desde cuándo está en este estado."
    )
    waiting_note = models.CharField(
        "de qué dependemos",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Lo lee el cliente mientras el ticket espera a un tercero.",
    )
    forecast_at = models.DateTimeField(
        "nueva previsión",
        null=True,
        blank=True,
        help_text="Lo lee el cliente cuando vamos con retraso; se borra al contestar.",
    )
    reminded_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Cuándo se recordó al cliente que esperamos."
    )
    resolved_at = models.DateTimeField("resuelto", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("cerrado", null=True, blank=True, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = "ticket"
        verbose_name_plural = "tickets"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["status", "waiting_since"], name="ticket_status_waiting"),
            models.Index(fields=["assignee", "status"], name="ticket_assignee_status"),
            models.Index(fields=["requester", "-last_message_at"], name="ticket_requester_latest"),
            models.Index(fields=["-last_message_at"], name="ticket_latest"),
            models.Index(fields=["-last_message_at"], name="ticket_spam", condition=Q(is_spam=True)),
            models.Index(
                fields=["merged_into"], name="ticket_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(fields=["related_to"], name="ticket_related", condition=Q(related_to__isnull=False)),
            models.Index(
                fields=["waiting_since", "id"],
                name="ticket_awaiting_staff",
                condition=Q(is_spam=False, merged_into=None, waiting_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("tickets:conversation", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN_STATUSES

    @property
    def public_status(self) -> str:
        """The status in the customer's words."""
        return "Unido a otro ticket" if self.merged_into_id else self.PUBLIC_STATUS[self.status][0]

    @property
    def public_tone(self) -> str:
        return "closed" if self.merged_into_id else self.PUBLIC_STATUS[self.status][1]
