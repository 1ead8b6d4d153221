"""Days, by the service's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_default_timezone, localtime

DAYS = 30  # of the console's home page, today included
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day and its two midnights; the second is the next day's."""

    date: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.date, time(), get_default_timezone())

    @property
    def end(self) -> datetime:
        return datetime.combine(self.date + ONE, time(), get_default_timezone())


def of(moment: datetime) -> date:
    """The day on which `moment` is."""
    return localtime(moment, get_default_timezone()).date()


def until(last: date, *, days: int = DAYS) -> tuple[date, ...]:
    """So many days, the last of them `last`."""
    return tuple(last - ONE * back for back in reversed(range(days)))


def between(first: date, last: date) -> tuple[date, ...]:
    """From one day to another, both included."""
    return until(last, days=(last - first).days + 1)
