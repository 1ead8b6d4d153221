"""Celery's doors to the reminders: each may run twice, and may be lost."""

from celery import shared_task
from django.db import close_old_connections

from notifications import reminders


@shared_task(expires=10)
def tick_reminders(rule: int) -> None:
    """Put what is due by this rule into the outbox."""
    close_old_connections()
    reminders.tick(rule)
