"""Times of several visits, or a part of them, typed as people type them."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _

from bot import matching, times
from bot.questions.base import NotUnderstood, Option, Prompt, Question, Shown, no_words
from bot.said import Said
from bot.times import Unread, Wanted
from inspector_whatsapp.words import Words, say

STEPS = "step by step"
Part = Literal["", "days", "hours", "minutes", "weeks"]


@dataclass(frozen=True, kw_only=True)
class Times(Question[Wanted]):
    """Times, or the part of them that `so_far` leaves open. Its options' values are read as if typed.

    brief: what is asked when it is asked again.
    """

    now: datetime
    zone: tzinfo
    part: Part
    so_far: Wanted
    options: tuple[Option, ...]
    brief: Words | None = None

    def briefly(self) -> Self:
        return self if self.brief is None else replace(self, words=self.brief)

    def prompt(self, page: int) -> Prompt:
        return Prompt(self.words, self.options)

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if value is None and not said.is_words:
            raise NotUnderstood(no_words(said))
        words = value or shown.exactly(said.text) or said.text
        if words == STEPS and not self.part:
            return Wanted().to_json()
        found = times.read(self._with_unit(words), today=self.now.astimezone(self.zone).date())
        if isinstance(found, Unread):
            raise NotUnderstood(_unread(found))
        if self.part and not getattr(found, self.part):
            raise NotUnderstood(MISSING[self.part])
        self._check(self.so_far.then(found))
        return found.to_json()

    def _with_unit(self, words: str) -> str:
        """A bare number is of what was asked for."""
        asked = matching.number(words)
        if asked is None or self.part not in UNITS:
            return words
        return " ".join((str(asked), UNITS[self.part]))

    def _check(self, wanted: Wanted) -> None:
        if not times.fits(wanted):
            raise NotUnderstood(_unread(Unread("length")))
        spans = times.spread(wanted, now=self.now, zone=self.zone)
        if len(spans) > times.MOST:
            raise NotUnderstood(
                say(_("That is more than {most} times. Open fewer at once."), most=times.MOST)
            )
        if not spans and wanted.days and wanted.hours and wanted.minutes:
            raise NotUnderstood(say(_("These times are over. Pick later ones.")))
        both = times.overlap(spans)
        if both is not None:
            raise NotUnderstood(
                say(
                    _("{first:time} and {second:time} overlap, for a visit of {minutes} minutes."),
                    first=both[0],
                    second=both[1],
                    minutes=wanted.minutes or 0,
                )
            )

    def read(self, kept: Any) -> Wanted:
        return Wanted.from_json(kept)


UNITS = {"minutes": "min", "weeks": "weeks"}
MISSING: dict[str, Words] = {
    "days": say(_("Which day is that? Type it like *Saturday* or *28 Nov*.")),
    "hours": say(_("At what time is that? Type it like *10am to 2pm*.")),
    "minutes": say(_("How many minutes is that? Type it like *30 min*.")),
    "weeks": say(_("For how many weeks? Type it like *4 weeks*.")),
}


def _unread(unread: Unread) -> Words:
    """Why words could not be read as times."""
    match unread.why:
        case "over":
            return say(_("{day} is over."), day=unread.day)
        case "far":
            return say(_("{day} is too far ahead: up to 6 months from now, please."), day=unread.day)
        case "weekday":
            return say(_("The day and the date don't match: the date is {day}."), day=unread.day)
        case "backwards":
            return say(_("That ends before it begins."))
        case "length":
            return say(_("That leaves no room for a visit, which takes from 10 minutes to 8 hours."))
    return say(_("I can't read that as times. Type it like *Saturday 10am to 2pm, 30 min each*."))
