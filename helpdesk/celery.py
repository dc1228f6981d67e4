"""The Celery application and the whole timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# What runs by the clock: task, seconds between runs. `expires` keeps a stopped worker's backlog short.
TIMETABLE = {
    "tickets.tasks.sweep_outbox": 30,
    "tickets.tasks.sweep_attachments": 30,
    "tickets.tasks.forecast_late": 60,
    "tickets.tasks.follow_up_silence": 900,
    "tickets.tasks.remove_orphans": 3600,
    "docs_kb.tasks.publish_due": 60,
    "docs_kb.tasks.refresh_popularity": 3600,
    "docs_kb.tasks.take_out_answered_searches": 3600,
    "docs_kb.tasks.sweep": 86_400,
}
app.conf.beat_schedule = {
    name: {"task": name, "schedule": seconds, "options": {"expires": min(seconds, 60)}}
    for name, seconds in TIMETABLE.items()
}
