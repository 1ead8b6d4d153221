"""Celery's doors to reminders and digests: each may run twice, and may be lost."""

from celery import shared_task
from django.db import close_old_connections

from notifications import digests, reminders


@shared_task(expires=10)
def tick_reminders(rule: int) -> None:
    """Put what is due by this rule into the outbox."""
    close_old_connections()
    reminders.tick(rule)


@shared_task(expires=3600)
def send_digests() -> None:
    """Tell seekers what is new for their daily searches."""
    close_old_connections()
    digests.send()
