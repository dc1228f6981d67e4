"""Guides that a customer met while writing a ticket, and tickets that a guide made unnecessary."""

from django.db import models


class TicketGuide(models.Model):
    """A guide that the form suggested; `was_read` when it was opened before the ticket was sent."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="guides")
    article = models.ForeignKey("docs_kb.Article", models.CASCADE, related_name="+")
    was_read = models.BooleanField(default=False)

    class Meta:
        ordering = ["-was_read", "pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "article"], name="ticket_guide_once")]


class Deflection(models.Model):
    """«Ya lo he resuelto» in a ticket form, once for each form; nothing of what was written is kept."""

    form_key = models.CharField(max_length=64, unique=True, editable=False)
    articles = models.ManyToManyField("docs_kb.Article", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
