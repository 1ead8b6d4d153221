"""Days or hours to take off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from bot import times
from bot.days import week_named
from bot.questions.base import NotUnderstood, Option, Prompt, Question, Shown, no_words
from bot.said import Said
from bot.times import Hours, Unread, Wanted
from inspector_whatsapp.words import say

HOW = say(_("To take time off, type it: *Friday*, *27 to 29 Nov*, *next week* or *Friday 2pm to 5pm*."))
NOT_READ = say(
    _("I can't read that. Type it like *Friday*, *27 to 29 Nov*, *next week* or *Friday 2pm to 5pm*.")
)
PAST = say(_("That time has passed."))
HALF_A_YEAR = say(_("That is more than half a year ahead. Please take it off later."))
BACKWARDS = say(_("That ends before it begins. Type it like *27 to 29 Nov* or *Friday 2pm to 5pm*."))
HOW_LONG = say(_("Until when? Type it like *Friday 2pm to 5pm*, or only *Friday* for the whole day."))
HOW_MANY_WEEKS = say(_("For how many weeks? Type it like *Fridays for 4 weeks*."))
WHY_NOT = {"over": PAST, "far": HALF_A_YEAR, "backwards": BACKWARDS}
MOST = 31  # stretches at once

Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class FreeTime(Question["list[Span] | None"]):
    """Days or hours to take off, typed or tapped; None: some that were taken are to be taken back.

    zone: in which they are meant. has_some: whether there is any to take back.
    """

    now: datetime
    zone: tzinfo
    has_some: bool

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def briefly(self) -> Self:
        return replace(self, words=say(_("Which days or hours do you take off?")))

    def prompt(self, page: int) -> Prompt:
        options = [
            Option("tomorrow", say(_("Off tomorrow")), also=("tomorrow",)),
            Option("next week", say(_("Off next week")), also=("next week",)),
        ]
        if self.has_some:
            options.append(Option("end", say(_("End time off")), also=("end", "take it back", "take back")))
        return Prompt(self.words, tuple(options))

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        picked = value if value is not None else shown.exactly(said.text)
        if picked == "end":
            return {"end": True}
        spans = self._spans(picked if picked is not None else said.text)
        return {"off": [[start.isoformat(), end.isoformat()] for start, end in spans]}

    def read(self, kept: Any) -> list[Span] | None:
        if "off" not in kept:
            return None
        return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in kept["off"]]

    def _spans(self, words: str) -> list[Span]:
        """The stretches that `words` name; whole days in a row are one."""
        week = week_named(words, today=self.today)
        wanted = Wanted(days=tuple(week)) if week else times.read(words, today=self.today)
        if isinstance(wanted, Unread):
            raise NotUnderstood(
                {"over": PAST, "far": HALF_A_YEAR, "backwards": BACKWARDS}.get(wanted.why, NOT_READ)
            )
        if wanted.weekly and not wanted.weeks:
            raise NotUnderstood(HOW_MANY_WEEKS)
        days = times.all_days(wanted) or [self.today]
        if wanted.hours:
            spans = [self._hours(day, hours, wanted.minutes) for day in days for hours in wanted.hours]
        elif wanted.days:
            spans = self._whole(days)
        else:
            raise NotUnderstood(NOT_READ)
        spans = [span for span in spans if span[1] > self.now]
        if not spans:
            raise NotUnderstood(PAST)
        if len(spans) > MOST:
            raise NotUnderstood(say(_("That is too much at once. Please type less.")))
        return spans

    def _hours(self, day: date, hours: Hours, minutes: int | None) -> Span:
        start = datetime.combine(day, hours.start, self.zone)
        if hours.end is not None:
            return start, datetime.combine(day, hours.end, self.zone)
        if minutes is None:
            raise NotUnderstood(HOW_LONG)
        return start, start + timedelta(minutes=minutes)

    def _whole(self, days: Sequence[date]) -> list[Span]:
        stretches: list[list[date]] = []
        for day in days:
            if stretches and day - stretches[-1][-1] == timedelta(days=1):
                stretches[-1].append(day)
            else:
                stretches.append([day])
        return [
            (self._midnight(stretch[0]), self._midnight(stretch[-1] + timedelta(days=1)))
            for stretch in stretches
        ]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)
