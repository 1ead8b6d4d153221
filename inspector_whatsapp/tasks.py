"""Celery's doors to the platform: each carries nothing, may run twice, and may be lost."""

from celery import shared_task
from django.db import close_old_connections

from inspector_whatsapp import health, inspections, outbox


@shared_task(expires=10)
def drain_outbox() -> None:
    """Send what is due."""
    close_old_connections()
    outbox.drain()


@shared_task(expires=10)
def sweep() -> None:
    """Find what nobody finished; and show that schedules ring and workers hear them."""
    close_old_connections()
    health.beat("beat")
    outbox.sweep()


@shared_task(expires=60)
def chase_requests() -> None:
    """Remind agents of requests that wait for them, and release those that nobody answers."""
    close_old_connections()
    inspections.chase_requests()
