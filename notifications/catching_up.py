"""Entries with a crontab that were due while nobody looked: each is run once, when somebody looks again.

django-celery-beat leaves out entries whose hour is more than two hours away. A beat that comes back later
than that after a daily run would wait for the next day.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from notifications import schedules

LATE = timedelta(minutes=5)  # until then a beat or a worker may still be about to run it
SOON = timedelta(hours=1)  # what comes by itself within that is not run before


def catch_up() -> int:
    """Run what was missed; how many. Whoever runs it at the same time may run the same: our tasks may."""
    now = timezone.now()
    waiting = PeriodicTask.objects.filter(enabled=True, one_off=False, crontab__isnull=False)
    missed = [entry for entry in waiting.select_related("crontab", "run") if _was_missed(entry, now)]
    for entry in missed:
        schedules.run(entry)
        # Without touching anything else of it: a beat reads the schedules anew only when somebody edits them.
        PeriodicTask.objects.filter(pk=entry.pk).update(last_run_at=now)
    return len(missed)


def _was_missed(entry: PeriodicTask, now: datetime) -> bool:
    if not schedules.is_ours(entry.task):
        return False
    due = schedules.following(entry, schedules.last_looked_at(entry))
    return due < now - LATE and schedules.following(entry, now) > now + SOON
