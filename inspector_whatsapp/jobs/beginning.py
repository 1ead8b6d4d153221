"""A job is written down, or told to stop."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from inspector_whatsapp import audit, clock, doorbell
from inspector_whatsapp.audit import Act
from inspector_whatsapp.jobs.running import end, is_free, noted
from inspector_whatsapp.jobs.works import Work
from inspector_whatsapp.models import AuditEntry, Job, User
from inspector_whatsapp.models.jobs import OPEN_STATES, JobState

MOST = 200_000  # rows


class TooMany(Exception):
    """More rows than one job takes."""


def begin(*, work: Work, rows: Collection[int], actor: User, token: UUID, chosen: str = "") -> Job:
    """Write down that it is to be done to these rows; for the same token again, the same job."""
    keys = sorted(set(rows))
    if len(keys) > MOST:
        raise TooMany
    job = Job(
        work=work.name,
        actor=actor,
        token=token,
        chosen=chosen[:500],
        rows=keys,
        total=len(keys),
        created_at=clock.now(),
    )
    with transaction.atomic():
        Job.objects.bulk_create([job], ignore_conflicts=True)
        job = Job.objects.defer("rows").get(token=token)
        if not AuditEntry.objects.filter(page=Job._meta.label_lower, object_id=str(job.pk)).exists():
            audit.record(
                Act.CHANGED,
                actor=actor,
                subject=job,
                says=f"began a job: {work.name}",
                work=work.name,
                rows=len(keys),
            )
        doorbell.ring_on_commit(doorbell.JOBS)
    return job


def cancel(job: Job, *, actor: User) -> bool:
    """No batch follows the one under way; False if it is over, or was told so before."""
    with transaction.atomic():
        asked = Job.objects.filter(pk=job.pk, state__in=OPEN_STATES, cancel_asked_at=None).update(
            cancel_asked_at=clock.now(), cancelled_by=actor
        )
        if not asked:
            return False
        stopping = Job.objects.defer("rows").get(pk=job.pk)
        noted(stopping, says="asked to stop it", actor=actor)
        if is_free(stopping):  # nobody is at it: it need not wait for a worker
            end(stopping, JobState.CANCELLED)
        return True
