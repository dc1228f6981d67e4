"""What the timetable does for the documentation: each task calls the domain and nothing else."""

from celery import shared_task

from docs_kb import article_days, article_files, publishing, search_log, search_report


@shared_task
def publish_due() -> None:
    publishing.publish_due()


@shared_task
def refresh_popularity() -> None:
    article_days.refresh_popularity()


@shared_task
def take_out_answered_searches() -> None:
    search_report.take_out_answered()


@shared_task
def sweep() -> None:
    article_days.forget_old()
    search_log.forget_old()
    article_files.remove_orphans()
