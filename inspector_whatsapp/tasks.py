"""Celery's doors to the platform: each carries nothing, may run twice, and may be lost."""

from celery import shared_task

from inspector_whatsapp import doorbell, figures, fraud, health, inspections, jobs, outbox, retention, sync
from inspector_whatsapp.alone import ERASE, FIGURES, FRAUD, PULL, RETAIN, alone
from inspector_whatsapp.console.access.retention import clear_sessions
from inspector_whatsapp.privacy import erasing, exporting


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


@shared_task(expires=30)
def tend_visits() -> dict[str, int]:
    """Ask those who have not left a visit in time, and tell the admins of those who do not answer."""
    return {"people looked after": inspections.tend_visits()}


@shared_task(expires=3600)
def retain() -> dict[str, int]:
    """Delete what has been kept for long enough."""
    clear_sessions()
    with alone(RETAIN) as free:
        return retention.run() if free else {}


@shared_task(expires=30)
def keep_figures() -> dict[str, int]:
    """Count today anew, and the days before it in their turn."""
    with alone(FIGURES) as free:
        return {"days counted": figures.keep()} if free else {}


@shared_task(expires=60)
def erase_people() -> dict[str, int]:
    """Erase whom an admin has asked to, and delete the copies of people's data whose day is over."""
    exporting.forget()
    if not erasing.waiting():
        return {}
    with alone(ERASE) as free:
        return {"people erased": erasing.run_all()} if free else {}


@shared_task(expires=3600)
def look_for_fraud() -> dict[str, int]:
    """Look for signs of fraud anew."""
    with alone(FRAUD) as free:
        return fraud.look() if free else {}


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


@shared_task(expires=10)
def work_jobs() -> dict[str, int]:
    """Go on with the jobs of the staff for a while; what is left then is gone on with by the next."""
    worked = jobs.work()
    if worked and jobs.any_open():
        doorbell.ring(doorbell.JOBS)
    return {"rows worked": worked}
