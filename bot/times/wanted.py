"""What somebody wants of times, and the single times that it comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any, Literal

MOST = 60  # times at once
SHORTEST, LONGEST = 10, 8 * 60  # minutes of a visit
FARTHEST = timedelta(days=183)  # from today


@dataclass(frozen=True)
class Hours:
    """From when to when on a day; a start alone is one visit."""

    start: time
    end: time | None = None


@dataclass(frozen=True)
class Wanted:
    """What somebody's words say of times; what they leave open is empty.

    minutes: how long each visit is. weeks: on how many weeks, one after the other. weekly: that it comes back
    was said, for how long perhaps not.
    """

    days: tuple[date, ...] = ()
    hours: tuple[Hours, ...] = ()
    minutes: int | None = None
    weeks: int | None = None
    weekly: bool = False

    def then(self, other: "Wanted") -> "Wanted":
        """With what was said later, which counts where both say something."""
        return Wanted(
            other.days or self.days,
            other.hours or self.hours,
            other.minutes or self.minutes,
            other.weeks or self.weeks,
            other.weekly or self.weekly,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "days": [day.isoformat() for day in self.days],
            "hours": [
                [each.start.isoformat("minutes"), each.end.isoformat("minutes") if each.end else None]
                for each in self.hours
            ],
            "minutes": self.minutes,
            "weeks": self.weeks,
            "weekly": self.weekly,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Wanted":
        return cls(
            tuple(date.fromisoformat(day) for day in kept["days"]),
            tuple(
                Hours(time.fromisoformat(start), time.fromisoformat(end) if end else None)
                for start, end in kept["hours"]
            ),
            kept["minutes"],
            kept["weeks"],
            kept["weekly"],
        )


@dataclass(frozen=True)
class Unread:
    """Words that name no times. `day` is the one that `over`, `far` and `weekday` are about."""

    why: Literal["words", "over", "far", "weekday", "backwards", "length"] = "words"
    day: date | None = None


class Stop(Exception):
    """Nothing can be made of the words: `unread` says why."""

    def __init__(self, unread: Unread | None = None) -> None:
        super().__init__()
        self.unread = unread or Unread()


def all_days(wanted: Wanted) -> list[date]:
    """The days, each of the weeks, soonest first."""
    weeks = range(wanted.weeks or 1)
    return sorted({day + timedelta(weeks=week) for day in wanted.days for week in weeks})


def spread(wanted: Wanted, *, now: datetime, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """The times, soonest first, without those that have begun. At most MOST + 1: more are too many."""
    found: list[tuple[datetime, datetime]] = []
    for day in all_days(wanted):
        for start, minutes in sorted(set(_visits(wanted))):
            begins = datetime.combine(day, start, zone).astimezone(UTC)
            if begins > now:
                found.append((begins, begins + timedelta(minutes=minutes)))
        if len(found) > MOST:
            break
    return found[: MOST + 1]


def fits(wanted: Wanted) -> bool:
    """Whether there is room for a visit from each beginning to its end."""
    return all(each.end is None or any(_visits(replace(wanted, hours=(each,)))) for each in wanted.hours)


def overlap(times: Sequence[tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    """The beginnings of two that are partly at the same time."""
    for (start, end), (following, _end) in pairwise(times):
        if following < end:
            return start, following
    return None


def _visits(wanted: Wanted) -> Iterable[tuple[time, int]]:
    """When each visit of a day begins, and its minutes."""
    for hours in wanted.hours:
        start = minutes_of(hours.start)
        if hours.end is None:
            if wanted.minutes:
                yield hours.start, wanted.minutes
            continue
        end = minutes_of(hours.end)
        length = wanted.minutes or end - start
        for begins in range(start, end - length + 1, length):
            yield time(begins // 60, begins % 60), length


def minutes_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute
