"""What our tasks have in common, and what came of those that the schedules started."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from celery import Task
from django.db import DatabaseError, close_old_connections
from django.db.models import F
from django.db.models.functions import Now
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_celery_beat.models import PeriodicTask
from structlog.contextvars import bound_contextvars

from inspector_whatsapp import incidents
from notifications.models import Outcome, ScheduleRun

FAILING = "schedule_failing"
Did = dict[str, int] | None  # how many of what; None: it counts nothing


class OurTask(Task[..., Any]):
    """Every task of ours. What the schedules start is recorded; what the doorbell starts is not."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Connections are kept between tasks, and PostgreSQL may have restarted meanwhile.
        close_old_connections()
        run = super().__call__
        name = (self.request.headers or {}).get(HEADER)
        with bound_contextvars(task=self.request.id):
            if name is None:
                return run(*args, **kwargs)
            return recorded(name, lambda: run(*args, **kwargs))


HEADER = "periodic_task_name"  # django-celery-beat's: with it a message names its entry


def recorded(name: str, work: Callable[[], Did]) -> Did:
    """Do the work of the entry of that name, and keep what came of it. Raises what the work raises.

    An entry that fails twice in a row is an incident, until it succeeds.
    """
    entry = PeriodicTask.objects.filter(name=name).values_list("pk", flat=True).first()
    if entry is None:  # renamed or deleted since it was sent
        return work()
    ScheduleRun.objects.bulk_create(
        [ScheduleRun(entry_id=entry, started_at=Now())],
        update_conflicts=True,
        unique_fields=["entry"],
        update_fields=["started_at", "ended_at"],
    )
    run = ScheduleRun.objects.filter(entry=entry)
    try:
        did = work()
    except Exception as error:
        with suppress(DatabaseError):  # what went wrong first is what is told
            _failed(entry, name, type(error).__name__)
        raise
    run.update(ended_at=Now(), outcome=Outcome.DONE, did=did or {}, error="", failures=0)
    incidents.close(FAILING, key=str(entry))
    return did


def _failed(entry: int, name: str, error: str) -> None:
    run = ScheduleRun.objects.filter(entry=entry)
    run.update(ended_at=Now(), outcome=Outcome.FAILED, did={}, error=error[:80], failures=F("failures") + 1)
    failures = run.values_list("failures", flat=True).get()
    if failures >= 2:
        sentence = f"Entry {entry} of the schedules ({name}) failed {failures} times in a row: {error}."
        incidents.report(FAILING, key=str(entry), sentence=sentence)


def in_words(run: ScheduleRun | None) -> str:
    """What came of an entry's last run, for whoever looks at the schedules."""
    if run is None:
        return _("It has not run yet.")
    if run.ended_at is None:
        return _("Running since %(time)s.") % {"time": _moment(run.started_at)}
    at = _moment(run.ended_at)
    if run.outcome == Outcome.FAILED:
        times = ngettext("%(count)d time", "%(count)d times", run.failures) % {"count": run.failures}
        values = {"time": at, "error": run.error, "times": times}
        return _("%(time)s: failed (%(error)s), %(times)s in a row.") % values
    did = ", ".join(f"{count} {what}" for what, count in run.did.items() if count) or _("nothing to do")
    return f"{at}: {did}."


def _moment(at: Any) -> str:
    return f"{localtime(at):%a %d %b %H:%M:%S}"
