"""Jobs are worked batch by batch. A batch is one transaction: what it did to its rows, how far the job has
come, and what it left out are true together or not at all.

A batch holds an advisory lock of its job, which ends with its transaction: whoever is killed has done nothing
of the batch, and holds nothing, so the next goes on where the last batch ended (decision record 20).
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Func
from django.utils import timezone
from django.utils.translation import gettext as _

from inspector_whatsapp import audit, clock, deadlocks
from inspector_whatsapp.alone import JOB
from inspector_whatsapp.audit import Act
from inspector_whatsapp.jobs.works import NotDone, Work, by_name
from inspector_whatsapp.models import Job, LeftOut, User
from inspector_whatsapp.models.jobs import OPEN_STATES, JobState, Left

logger = logging.getLogger(__name__)

BATCH = 300  # rows, at most
BATCH_SECONDS = 1.0  # after which a batch is ended: others wait for its rows, and whoever cancels for its end
TURN = 10.0  # seconds of one call; a worker's thread is for others as well


def work() -> int:
    """Go on with whatever is open, a batch of each in turn, for a while; how many rows had their turn."""
    worked, until = 0, time.monotonic() + TURN
    while time.monotonic() < until:
        jobs = list(Job.objects.filter(state__in=OPEN_STATES).order_by("pk").values_list("pk", flat=True))
        had = sum(batch(pk) for pk in jobs)
        worked += had
        if not had:
            break
    return worked


def any_open() -> bool:
    return Job.objects.filter(state__in=OPEN_STATES).exists()


def batch(pk: int) -> int:
    """One batch of a job, unless somebody else is at it; how many rows had their turn."""
    return deadlocks.retried(partial(_batch, pk))


def is_free(job: Job) -> bool:
    """Whether nobody works at it; if so, nobody does until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [JOB, job.pk % 2**31])
        return bool(cursor.fetchone()[0])


def end(job: Job, state: JobState, *, reason: str = "") -> None:
    """It is over; the audit says what came of it."""
    Job.objects.filter(pk=job.pk).update(state=state, reason=reason[:500], finished_at=clock.now())
    job = Job.objects.defer("rows").get(pk=job.pk)
    actor = job.cancelled_by if state == JobState.CANCELLED else job.actor
    noted(job, says=f"the job ended: {state}", actor=actor)


def noted(job: Job, *, says: str, actor: User | None) -> None:
    """Into the audit, with how far it has come."""
    audit.record(
        Act.CHANGED,
        actor=actor,
        subject=job,
        says=says,
        work=job.work,
        of=job.total,
        done=job.done,
        skipped=job.skipped,
        failed=job.failed,
    )


@dataclass
class _Outcome:
    """What a batch came to."""

    done: list[tuple[Any, str]] = field(default_factory=list)
    left: list[LeftOut] = field(default_factory=list)
    turns: int = 0

    def count(self, what: Left) -> int:
        return sum(one.what == what for one in self.left)


def _batch(pk: int) -> int:
    job = Job.objects.defer("rows").select_related("actor").filter(pk=pk, state__in=OPEN_STATES).first()
    if job is None or not is_free(job):
        return 0
    job.refresh_from_db(fields=["place", "state", "cancel_asked_at", "actor"])  # as the last batch left it
    if job.state not in OPEN_STATES:
        return 0
    if job.cancel_asked_at is not None:
        end(job, JobState.CANCELLED)
        return 0
    work, actor = _known(job), job.actor
    if work is None:
        end(job, JobState.FAILED, reason=_("This release knows no such work."))
        return 0
    if actor is None or not actor.has_perm(work.permission):
        end(job, JobState.FAILED, reason=_("Whoever began it may do this no more."))
        return 0
    most = BATCH if work.room is None else min(work.room(job), BATCH)
    if not most:
        return 0
    keys = _next_rows(job, most)
    outcome = _worked(job, work, keys, actor) if keys else _Outcome()
    _keep(job, work, outcome, actor)
    if job.place + outcome.turns >= job.total:
        end(job, JobState.DONE)
    return outcome.turns


def _known(job: Job) -> Work | None:
    try:
        return by_name(job.work)
    except KeyError:
        return None


class _Slice(Func):
    """A part of an array, so that not the whole of it travels."""

    template = "(%(expressions)s)[%(first)d:%(last)d]"


def _next_rows(job: Job, most: int) -> list[int]:
    part = _Slice(
        F("rows"), first=job.place + 1, last=job.place + most, output_field=Job._meta.get_field("rows")
    )
    return list(Job.objects.filter(pk=job.pk).values_list(part, flat=True).get() or [])


def _worked(job: Job, work: Work, keys: Sequence[int], actor: User) -> _Outcome:
    outcome, until = _Outcome(), time.monotonic() + BATCH_SECONDS
    rows = work.model._default_manager.select_related(*work.with_them).in_bulk(keys)
    for key in keys:
        outcome.turns += 1
        row = rows.get(key)
        try:
            if row is None:
                raise NotDone(_("It is there no more."))
            with transaction.atomic():  # what breaks on one row leaves the others be
                outcome.done.append((row, work.do(row, actor=actor)))
        except NotDone as why:
            outcome.left.append(LeftOut(job=job, row=key, what=Left.SKIPPED, why=str(why)[:300]))
        except (OperationalError, InterfaceError):
            raise  # PostgreSQL's trouble, not the row's: the batch is not
        except Exception as error:
            logger.exception("%s of job %s broke on row %s", work.name, job.pk, key)
            outcome.left.append(LeftOut(job=job, row=key, what=Left.FAILED, why=type(error).__name__))
        if time.monotonic() > until:
            break
    return outcome


def _keep(job: Job, work: Work, outcome: _Outcome, actor: User) -> None:
    LeftOut.objects.bulk_create(outcome.left)
    kind = ContentType.objects.get_for_model(work.model)
    LogEntry.objects.bulk_create(
        LogEntry(
            user=actor,
            content_type=kind,
            object_id=str(row.pk),
            object_repr=str(row)[:200],
            action_flag=CHANGE,
            action_time=timezone.now(),
            change_message=_("%(says)s (job %(job)s)") % {"says": says, "job": job.pk},
        )
        for row, says in outcome.done
    )
    Job.objects.filter(pk=job.pk).update(
        place=F("place") + outcome.turns,
        done=F("done") + len(outcome.done),
        skipped=F("skipped") + outcome.count(Left.SKIPPED),
        failed=F("failed") + outcome.count(Left.FAILED),
        state=JobState.RUNNING,
        started_at=job.started_at or clock.now(),
    )
