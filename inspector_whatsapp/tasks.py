"""Celery's doors to the platform: each carries nothing, may run twice, and may be lost."""

from celery import shared_task

from inspector_whatsapp import figures, health, inspections, outbox, retention, sync
from inspector_whatsapp.alone import FIGURES, PULL, RETAIN, alone


@shared_task(expires=10)
def drain_outbox() -> dict[str, int]:
    """Send what is due."""
    return {"messages taken up": outbox.drain()}


@shared_task(expires=10)
def sweep() -> None:
    """Find what nobody finished; and show that schedules ring and workers hear them."""
    health.beat("beat")
    outbox.sweep()


@shared_task(expires=60)
def chase_requests() -> dict[str, int]:
    """Remind agents of requests that wait for them, and release those that nobody answers."""
    return {"requests chased": inspections.chase_requests()}


@shared_task(expires=3600)
def retain() -> dict[str, int]:
    """Delete what has been kept for long enough."""
    with alone(RETAIN) as free:
        return retention.run() if free else {}


@shared_task(expires=30)
def keep_figures() -> dict[str, int]:
    """Count today anew, and the days before it in their turn."""
    with alone(FIGURES) as free:
        return {"days counted": figures.keep()} if free else {}


@shared_task(expires=60)
def pull_inspector() -> dict[str, int]:
    """Read what has changed in Inspector's views, where there are any."""
    with alone(PULL) as free:
        return sync.pull() if free else {}


@shared_task(expires=3600)
def compare_inspector() -> dict[str, int]:
    """Compare every row of Inspector's views with ours; an incident says what differs."""
    return sync.compare_and_report()


@shared_task(expires=60)
def fetch_photos() -> dict[str, int]:
    """Fetch the photos that Inspector named by an address."""
    return {"photos fetched": sync.fetch_photos()}
