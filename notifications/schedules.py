"""The entries of django-celery-beat that are ours, and what an admin may do with them.

A *sweep* finds what the doorbell missed: it may be slowed, not stopped. A reminder rule has an entry of its
own.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.validators import (
    day_of_month_validator,
    day_of_week_validator,
    hour_validator,
    minute_validator,
    month_of_year_validator,
)

TICK: Final = "notifications.tasks.tick_reminders"  # takes the rule, so its entries are made with rules only
SWEEP: Final = "Sweep: "
SLOWEST_SWEEP: Final = 60  # seconds; a message that nobody rang for waits this long
SLOWEST: Final = 24 * 3600  # seconds
EXPIRES: Final = 10  # seconds after which a tick that nobody took is of no use: the next has come

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

    def _row(self) -> dict[str, str]:
        return self._fields() | {"timezone": settings.TIME_ZONE}

    def _fields(self) -> dict[str, str]:
        values = self.crontab.split()
        if len(values) != len(_CRONTAB):
            raise ValidationError(_("A crontab has five fields: minute, hour, day, month, day of the week."))
        for (_name, validate), value in zip(_CRONTAB.items(), values, strict=True):
            validate(value)
        return dict(zip(_CRONTAB, values, strict=True))


def of(entry: PeriodicTask) -> When:
    """When an entry runs."""
    if entry.interval is not None:
        return When(every=int(entry.interval.schedule.run_every.total_seconds()))
    if entry.crontab is not None:
        return When(crontab=" ".join(str(getattr(entry.crontab, name)) for name in _CRONTAB))
    return When()


def is_sweep(entry: PeriodicTask) -> bool:
    return bool(entry.name.startswith(SWEEP))


def check(entry: PeriodicTask, *, enabled: bool, when: When) -> None:
    """Raises ValidationError when a sweep would be stopped, or slowed too far."""
    when.check()
    if not is_sweep(entry):
        return
    if not enabled:
        raise ValidationError(_("A sweep cannot be switched off: messages would be left lying."))
    if when.every is None or when.every > SLOWEST_SWEEP:
        raise ValidationError(_("A sweep runs at least every 60 seconds."))


def tasks() -> list[str]:
    """Our registered tasks that need no arguments: the ones an entry may name."""
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if not name.startswith("celery.") and name != TICK)


def next_run(entry: PeriodicTask) -> str:
    """When it runs next, in words."""
    if not entry.enabled:
        return str(_("never: it is switched off"))
    if entry.last_run_at is None:
        return str(_("as soon as the beat sees it"))
    seconds = entry.schedule.remaining_estimate(entry.last_run_at).total_seconds()
    if seconds <= 0:
        return str(_("now"))
    moment = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    return f"{moment:%a %d %b %H:%M:%S}"
