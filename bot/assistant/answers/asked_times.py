"""The days and the hours that a command names, and which moments fit them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from bot.assistant.commands import Slots
from bot.assistant.criteria import PARTS_OF_DAY
from inspector_whatsapp.words import Words, say


class Timed(Protocol):
    """A slot, an inspection."""

    starts_at: datetime


T = TypeVar("T", bound=Timed)


@dataclass(frozen=True)
class AskedTimes:
    """Days and hours by the clock of `zone`, inclusive; None where nothing is said of it."""

    zone: tzinfo
    first: date | None = None
    last: date | None = None
    start: time | None = None
    end: time | None = None
    part: str = ""

    @classmethod
    def of(cls, slots: Slots, zone: tzinfo, *, new: bool = False) -> "AskedTimes":
        """What the slots say. new: of the time that something is to be moved to."""
        named = {name: slots.get(f"new_{name}" if new else name) for name in _NAMES}
        return cls(
            zone,
            _day(named["date_from"]),
            _day(named["date_to"]),
            _time(named["time_from"]),
            _time(named["time_to"]),
            named["time_of_day"] or "",
        )

    def __bool__(self) -> bool:
        return self.names_days or self.names_hours

    @property
    def names_days(self) -> bool:
        return self.first is not None or self.last is not None

    @property
    def names_hours(self) -> bool:
        return bool(self.start or self.end or self.part)

    @property
    def day(self) -> date | None:
        """The one day that is named."""
        return self.first if self.first is not None and self.first == self.last else None

    def fit(self, moments: Iterable[T]) -> list[T]:
        """Those that begin then."""
        return [each for each in moments if self.fits(each.starts_at)]

    def fits(self, moment: datetime) -> bool:
        """Whether it is on one of the days and in the hours."""
        local = moment.astimezone(self.zone)
        return self.on_the_days(local.date()) and self._in_the_hours(local.time())

    def on_the_days(self, day: date) -> bool:
        return not (
            (self.first is not None and day < self.first) or (self.last is not None and day > self.last)
        )

    def _in_the_hours(self, at: time) -> bool:
        start, end = PARTS_OF_DAY.get(self.part, (None, None))
        start, end = self.start or start, self.end or end
        return not ((start is not None and at < start) or (end is not None and at > end))

    def put(self) -> Words:
        """Those times as they were understood: "on Sat 28 Nov, 2:00 pm", "from … to …"; empty for none."""
        days, hours = self._days(), self._hours()
        if days is None or hours is None:
            return days or hours or say("")
        return say("{days}, {hours}", days=days, hours=hours)

    def _days(self) -> Words | None:
        if self.day is not None:
            return say(_("on {day}"), day=self.day)
        if self.first is not None and self.last is not None:
            return say(_("from {first} to {last}"), first=self.first, last=self.last)
        if self.first is not None:
            return say(_("from {first} on"), first=self.first)
        if self.last is not None:
            return say(_("until {last}"), last=self.last)
        return None

    def _hours(self) -> Words | None:
        if self.start is not None and self.start == self.end:
            return say(_("at {time}"), time=_at(self.start))
        if self.start is not None and self.end is not None:
            return say(_("{start} to {end}"), start=_at(self.start), end=_at(self.end))
        if self.start is not None:
            return say(_("after {time}"), time=_at(self.start))
        if self.end is not None:
            return say(_("before {time}"), time=_at(self.end))
        return say(_PARTS[self.part]) if self.part else None


def _day(named: str | None) -> date | None:
    return date.fromisoformat(named) if named else None


def _time(named: str | None) -> time | None:
    return time.fromisoformat(named) if named else None


_NAMES = ("date_from", "date_to", "time_of_day", "time_from", "time_to")
_PARTS = {"morning": _("in the morning"), "afternoon": _("in the afternoon"), "evening": _("in the evening")}


def _at(at: time) -> Words:
    """`2:00 pm`, whoever reads it: the hour is their own already."""
    half = "am" if at.hour < 12 else "pm"
    return say("{hour}:{minute} {half}", hour=at.hour % 12 or 12, minute=at.strftime("%M"), half=half)


def days_of(moments: Sequence[Timed], zone: tzinfo) -> list[date]:
    """The days on which they begin, each once, soonest first."""
    return sorted({each.starts_at.astimezone(zone).date() for each in moments})
