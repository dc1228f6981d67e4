"""Whether a guide was of use, as readers say: anonymous, one answer each."""

from django.db import models

from docs_kb.models.article import Article


class ArticleFeedback(models.Model):
    """One reader's answer about one article; `voter` is a keyed hash of a random cookie."""

    class Reason(models.TextChoices):
        NOT_MY_CASE = "not_my_case", "No explica mi caso"
        STEPS_FAIL = "steps_fail", "Los pasos no funcionan"
        OUTDATED = "outdated", "Está anticuada"
        UNCLEAR = "unclear", "No la entiendo"

    article = models.ForeignKey(Article, models.CASCADE, related_name="feedback", verbose_name="artículo")
    voter = models.CharField(max_length=64, editable=False)
    is_helpful = models.BooleanField("ha servido")
    reason = models.CharField("qué ha fallado", max_length=12, choices=Reason.choices, blank=True)
    comment = models.TextField("comentario", max_length=1000, blank=True)
    created_at = models.DateTimeField("cuándo", auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "opinión"
        verbose_name_plural = "opiniones"
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["article", "voter"], name="one_answer_per_reader")]
        indexes = [models.Index(fields=["article", "is_helpful"])]

    def __str__(self):
        return "Sí, gracias" if self.is_helpful else "No del todo"
