"""What the worker does: each task calls the domain and nothing else."""

from celery import shared_task

from docs_kb import throttle
from tickets import attachments, examination, outbox, timekeeping

# A picture may keep its child waiting for 40 seconds on a busy machine.
PICTURE_LIMITS = {"soft_time_limit": 110, "time_limit": 120}


@shared_task
def deliver(key: str) -> None:
    outbox.deliver(key)


@shared_task(**PICTURE_LIMITS)
def examine(attachment_id: int) -> None:
    examination.examine(attachment_id)
    examination.examine_due()


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()


@shared_task(**PICTURE_LIMITS)
def sweep_attachments() -> None:
    examination.examine_due()


@shared_task
def remove_orphans() -> None:
    attachments.remove_orphans()
    throttle.forget_expired()


@shared_task
def forecast_late() -> None:
    timekeeping.forecast()


@shared_task
def follow_up_silence() -> None:
    timekeeping.follow_up()
