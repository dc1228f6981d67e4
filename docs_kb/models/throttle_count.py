"""The counts of the throttle, where no Redis keeps them."""

from django.db import models


class ThrottleCount(models.Model):
    """How many times something happened in one window; of no use once `expires_at` has passed."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    expires_at = models.BigIntegerField(db_index=True, help_text="Seconds since 1970.")
