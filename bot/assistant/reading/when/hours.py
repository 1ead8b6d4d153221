"""The hours that words name: a time, the time before or after it, from one to another; a part of the day.

Without am or pm 1 to 6 are in the afternoon, 7 to 11 in the morning, and 12 is noon, unless a part of the day
stands beside it.
"""

from dataclasses import dataclass
from datetime import time
from typing import Literal

from bot.days import readings

Bound = Literal["at", "until", "from"]


@dataclass(frozen=True)
class Clock:
    """A time as it was said. half: `a`, `p`, `n` (noon), `24` (as it stands) or none."""

    hour: int
    minute: int = 0
    half: str = ""

    def times(self) -> list[time]:
        """What it may mean, the morning's first; none for what no clock shows."""
        if self.half == "24":
            return [time(self.hour, self.minute)]
        return readings(self.hour, self.minute, self.half)

    def at(self, part: str = "") -> time | None:
        """The one that is meant."""
        found = self.times()
        if len(found) < 2:
            return found[0] if found else None
        morning, later = found
        if self.hour == 0:
            return morning
        if self.hour == 12 or part in ("afternoon", "evening"):
            return later
        return morning if part == "morning" or self.hour >= 7 else later


@dataclass(frozen=True)
class Hours:
    """bound: what the first says when there is no last: the time itself, until then, or from then on."""

    first: Clock
    last: Clock | None = None
    bound: Bound = "at"
    apart: bool = False

    def between(self, part: str = "") -> tuple[time | None, time | None]:
        """From when to when; "2-5pm" and "10-2" are read by one another."""
        if self.last is None:
            one = self.first.at(part)
            return (None if self.bound == "until" else one), (None if self.bound == "from" else one)
        starts, ends = self.first.times(), self.last.times()
        if len(starts) > 1 and len(ends) == 1:
            earlier = [start for start in starts if start < ends[0]]
            starts = earlier[-1:] or starts
        start = self.first.at(part) if len(starts) > 1 else next(iter(starts), None)
        if start is None or not ends:
            return None, None
        end = next((end for end in ends if end > start), ends[-1])
        return min(start, end), max(start, end)

    def ends(self) -> tuple[time, time] | None:
        """Both ends as they were said: "from 2pm to 10am" moves a visit back."""
        if self.last is None or not self.apart:
            return None
        first, last = self.first.at(), self.last.at()
        if len(self.first.times()) > 1 and len(self.last.times()) == 1:
            first = self.between()[0]
        elif len(self.last.times()) > 1 and len(self.first.times()) == 1:
            last = self.last.at()
        return (first, last) if first and last else None
