"""The spelt text while it is read: what was read is overwritten by a mark, and kept beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.assistant.reading.when.calendar import Days
from bot.assistant.reading.when.hours import Hours
from bot.assistant.reading.when.marks import DAY, MARKS, PART, TIME


@dataclass(frozen=True)
class Span:
    """A part of the spelt text that is days, hours or a part of the day.

    since, until: the bounds it sets. apart: the days at either end of a stretch, or the one beside a bound.
    """

    start: int
    end: int
    days: Days | None = None
    since: date | None = None
    until: date | None = None
    apart: tuple[Days | None, Days | None] | None = None
    hours: Hours | None = None
    part: str = ""

    @property
    def is_date(self) -> bool:
        return self.days is not None or self.since is not None or self.until is not None


class Board:
    """text: with marks in it. spans: what they stand for, by where they begin."""

    def __init__(self, text: str) -> None:
        self.text = re.sub(r"[\x10-\x15]", " ", text)
        self.spans: dict[int, Span] = {}

    def put(self, span: Span) -> None:
        """Write it over the text, and over the spans that it is made of."""
        mark = DAY if span.is_date else TIME if span.hours else PART
        for place in [place for place in self.spans if span.start <= place < span.end]:
            del self.spans[place]
        length = span.end - span.start
        self.text = self.text[: span.start] + mark + chr(ord(mark) + 1) * (length - 1) + self.text[span.end :]
        self.spans[span.start] = span

    def matches(self, pattern: "re.Pattern[str]") -> Iterator["re.Match[str]"]:
        """Every place where a pattern stands, read anew after each: what was put may stand in the next."""
        at = 0
        while found := pattern.search(self.text, at):
            yield found
            at = found.start() + 1 if self.text[found.start()] in MARKS else max(found.end(), at + 1)
