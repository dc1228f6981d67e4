"""Composition root: wires the apps together and holds no business rules."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
