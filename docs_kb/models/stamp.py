"""The marks by which a page kept in memory is known to be stale."""

from django.db import models


class Stamp(models.Model):
    """The present mark of one area of the site; `docs_kb.stamps` says who renews it."""

    area = models.CharField(max_length=20, primary_key=True)
    mark = models.CharField(max_length=40)
