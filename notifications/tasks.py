"""Celery's doors to reminders, alerts, digests and templates: each may run twice, and may be lost."""

from contextlib import suppress

from celery import shared_task
from django.db import close_old_connections

from inspector_whatsapp.cloud_api.errors import CloudError
from notifications import alerts, digests, registry, reminders


@shared_task(expires=10)
def tick_reminders(rule: int) -> None:
    """Put what is due by this rule into the outbox."""
    close_old_connections()
    reminders.tick(rule)


@shared_task(expires=10)
def tell_alerts() -> None:
    """Tell seekers at once what they want to hear at once."""
    close_old_connections()
    alerts.tell()


@shared_task(expires=3600)
def send_digests() -> None:
    """Tell seekers what is new for them and was not told at once."""
    close_old_connections()
    digests.send()


@shared_task(expires=3600)
def sync_templates() -> None:
    """Ask Meta how the message templates stand; an incident says when that fails."""
    close_old_connections()
    with suppress(CloudError):
        registry.sync()
