"""A customer, known by the mail address they write from."""

from django.conf import settings
from django.db import connection, models
from django.utils import timezone


class RequesterQuerySet(models.QuerySet):
    def with_address(self, email: str) -> "RequesterQuerySet":
        """The requester of an address, in any case."""
        return self.filter(email=normalise_address(email))

    def met(self, *, email: str, name: str) -> "Requester":
        """The requester of an address, made if new and locked until the transaction ends: one statement.

        Only a proven owner's name stays: nobody else can rename them by filling in a form.
        """
        table = connection.ops.quote_name(self.model._meta.db_table)
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        sql = (
            f"INSERT INTO {table} (email, name, created_at) VALUES (%s, %s, %s) "
            f"ON CONFLICT (email) DO UPDATE SET name = "
            f"CASE WHEN {table}.verified_at IS NULL THEN excluded.name ELSE {table}.name END RETURNING *"
        )
        return self.raw(sql, [normalise_address(email), name, now])[0]


def normalise_address(email: str) -> str:
    """The one spelling under which an address is stored: trimmed, in lower case."""
    return email.strip().lower()


class Requester(models.Model):
    email = models.EmailField("correo electrónico", max_length=254, unique=True)
    name = models.CharField("nombre completo", max_length=120)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="usuario"
    )
    verified_at = models.DateTimeField(
        "comprobado",
        null=True,
        blank=True,
        help_text="Cuándo se abrió desde esa dirección un enlace nuestro.",
    )
    created_at = models.DateTimeField("creado", auto_now_add=True)

    objects = RequesterQuerySet.as_manager()

    class Meta:
        verbose_name = "cliente"
        verbose_name_plural = "clientes"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def first_name(self) -> str:
        """What mails greet with: the first word of the name."""
        return self.name.split()[0] if self.name.split() else ""
