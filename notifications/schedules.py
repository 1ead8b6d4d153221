"""The entries of django-celery-beat that are ours, and what an admin may do with them.

A *sweep* finds what the doorbell missed: it may be slowed, not stopped. A reminder rule has an entry of its
own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from celery import current_app
from celery.schedules import crontab
from cron_descriptor import CasingTypeEnum, ExpressionDescriptor, Options
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.validators import (
    day_of_month_validator,
    day_of_week_validator,
    hour_validator,
    minute_validator,
    month_of_year_validator,
)
from kombu.exceptions import OperationalError

from notifications.runs import HEADER, OurTask

TICK: Final = "notifications.tasks.tick_reminders"  # takes the rule, so its entries are made with rules only
SWEEP: Final = "Sweep: "
SLOWEST_SWEEP: Final = 60  # seconds; a message that nobody rang for waits this long
SLOWEST_SWEEPS: Final = {  # where another bound holds
    "inspector_whatsapp.tasks.sweep": 10,  # it shows that the beat lives; after 30 it counts as dead
    "inspector_whatsapp.tasks.chase_requests": 600,
    "notifications.tasks.catch_up": 600,
    "bot.tasks.sweep_drafts": 24 * 3600,
}
RETAIN: Final = "inspector_whatsapp.tasks.retain"
SLOWEST: Final = 24 * 3600  # seconds
SOON: Final = 60  # seconds within which a worker takes what is to run now
# Marks an entry that was added in the console: all others are the service's own.
ADDED: Final = {"added_in": "console"}
EXPIRES: Final = (10, 3600)  # seconds, at least and at most, for which a run waits for a worker

_CRONTAB: Final = {
    "minute": minute_validator,
    "hour": hour_validator,
    "day_of_month": day_of_month_validator,
    "month_of_year": month_of_year_validator,
    "day_of_week": day_of_week_validator,
}


@dataclass(frozen=True)
class When:
    """Every so many seconds, or by a crontab of five fields in the service's time zone; one of the two."""

    every: int | None = None
    crontab: str = ""

    def check(self) -> None:
        """Raises ValidationError, in words, when it is no time to run at."""
        if bool(self.every) == bool(self.crontab):
            raise ValidationError(_("Say either how often, in seconds, or at which times."))
        if self.every is not None and not 1 <= self.every <= SLOWEST:
            raise ValidationError(_("It can run every 1 to 86,400 seconds."))
        if self.crontab:
            self._fields()

    def apply(self, entry: PeriodicTask) -> None:
        """Give the entry these times; saving it is the caller's."""
        entry.interval = entry.crontab = entry.solar = entry.clocked = None
        if self.every is not None:
            # Rows of intervals are shared between entries: a changed one is another row.
            entry.interval, _made = IntervalSchedule.objects.get_or_create(
                every=self.every, period=IntervalSchedule.SECONDS
            )
        else:
            entry.crontab = CrontabSchedule.objects.filter(**self._row()).first()
            entry.crontab = entry.crontab or CrontabSchedule.objects.create(**self._row())
        # A run that nobody took is of no use once the next has come.
        coming = following(entry, timezone.now())
        until_next = round((following(entry, coming) - coming).total_seconds())
        entry.expire_seconds = min(max(until_next, EXPIRES[0]), EXPIRES[1])

    def _row(self) -> dict[str, str]:
        return self._fields() | {"timezone": settings.TIME_ZONE}

    def _fields(self) -> dict[str, str]:
        values = self.crontab.split()
        if len(values) != len(_CRONTAB):
            raise ValidationError(_("A crontab has five fields: minute, hour, day, month, day of the week."))
        for (_name, validate), value in zip(_CRONTAB.items(), values, strict=True):
            validate(value)
        fields = dict(zip(_CRONTAB, values, strict=True))
        # As the beat reads it.
        _parsed({"day_of_week": fields["day_of_week"]}, wrong=_("Sunday is 0, Saturday 6."))
        _parsed(fields, wrong=_("It would never run: none of these months has such a day."))
        return fields


def _parsed(fields: dict[str, str], *, wrong: Any) -> None:
    try:
        crontab(**fields)
    except ValueError as error:
        raise ValidationError(wrong) from error


def of(entry: PeriodicTask) -> When:
    """When an entry runs."""
    if entry.interval is not None:
        return When(every=int(entry.interval.schedule.run_every.total_seconds()))
    if entry.crontab is not None:
        return When(crontab=" ".join(str(getattr(entry.crontab, name)) for name in _CRONTAB))
    return When()


def is_sweep(entry: PeriodicTask) -> bool:
    return bool(entry.name.startswith(SWEEP))


def is_own(entry: PeriodicTask) -> bool:
    """Whether it belongs to the service: such an entry keeps its name and its task, and stays."""
    return "added_in" not in json.loads(entry.headers or "{}")


def check(entry: PeriodicTask, *, enabled: bool, when: When) -> None:
    """Raises ValidationError when a sweep would be stopped, or slowed too far."""
    when.check()
    if entry.task == RETAIN and not enabled:
        raise ValidationError(
            _("Retention cannot be switched off: what people wrote would be kept for ever.")
        )
    if not is_sweep(entry):
        return
    if not enabled:
        raise ValidationError(_("A sweep cannot be switched off: messages would be left lying."))
    slowest = SLOWEST_SWEEPS.get(entry.task, SLOWEST_SWEEP)
    if when.every is None or when.every > slowest:
        raise ValidationError(
            ngettext(
                "This sweep runs at least every %(count)d second.",
                "This sweep runs at least every %(count)d seconds.",
                slowest,
            )
            % {"count": slowest}
        )


def tasks() -> list[str]:
    """Our registered tasks that need no arguments: the ones an entry may name."""
    return sorted(name for name in _registered() if is_ours(name) and name != TICK)


def is_ours(task: str) -> bool:
    return isinstance(_registered().get(task), OurTask) and not task.startswith("celery.")


def _registered() -> Mapping[str, Any]:
    _import_tasks()
    return current_app.tasks


@cache
def _import_tasks() -> None:
    current_app.loader.import_default_modules()


def run(entry: PeriodicTask) -> None:
    """Let a worker run it now, as the beat would. Raises CannotRun."""
    if not is_ours(entry.task):
        raise CannotRun(_("No program here knows its task."))
    try:
        current_app.send_task(
            entry.task,
            args=json.loads(entry.args or "[]"),
            kwargs=json.loads(entry.kwargs or "{}"),
            headers={HEADER: entry.name},
            expires=SOON,
            ignore_result=True,
            retry=False,
        )
    except OperationalError as error:
        raise CannotRun(_("Redis does not answer: nobody can be told.")) from error


class CannotRun(Exception):
    """An entry cannot be run now; says why."""


def last_looked_at(entry: PeriodicTask) -> datetime:
    """When it was last seen to: it ran, the beat sent it, or somebody made or changed it."""
    run = getattr(entry, "run", None)
    seen: list[datetime | None] = [entry.date_changed, entry.last_run_at, run.started_at if run else None]
    return max(at for at in seen if at is not None)


def following(entry: PeriodicTask, after: datetime) -> datetime:
    """The first time after `after` at which it is to run."""
    if entry.crontab is None:
        return after + timedelta(seconds=entry.schedule.run_every.total_seconds())
    start, until, _now = entry.schedule.remaining_delta(after)
    moments: list[datetime] = [start + until]
    return moments[0]


def next_run(entry: PeriodicTask) -> str:
    """When it runs next, in words."""
    if not entry.enabled:
        return str(_("never: it is switched off"))
    at = following(entry, last_looked_at(entry))
    if at <= timezone.now():
        return str(_("now"))
    here = timezone.localtime(at)
    year = "" if here.year == timezone.localtime().year else " %Y"
    return here.strftime(f"%a %d %b{year} %H:%M:%S")


def in_words(entry: PeriodicTask) -> str:
    """When it runs at all."""
    when = of(entry)
    if when.every is not None:
        return ngettext("every second", "every %(count)d seconds", when.every) % {"count": when.every}
    options = Options()
    options.locale_code, options.use_24hour_time_format = "en_US", True
    options.casing_type = CasingTypeEnum.LowerCase
    return str(ExpressionDescriptor(when.crontab, options).get_description())
