"""One row for each upload, and the row that the bare page reads."""

from django.db import models


class Upload(models.Model):
    text = models.TextField()
    file = models.FileField(upload_to="uploads/")

    def __str__(self) -> str:
        return self.text[:40]
