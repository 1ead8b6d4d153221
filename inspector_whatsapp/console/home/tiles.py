"""What the home page is made of. CONSOLE_TILES names, for each app, the function that brings its tiles."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.looks import Look

Tone = Literal["one", "two", "good", "bad", "warn", "quiet"]


@dataclass(frozen=True)
class Card:
    """A figure of today, with that of all days below it. hrefs: empty where the rows may not be seen."""

    title: str
    today: str
    href: str
    lately: str
    lately_href: str
    values: Sequence[float] = ()  # day by day, for the little line
    tone: Tone = "one"
    more: str = ""  # beside today's


@dataclass(frozen=True)
class Series:
    """Something by day. said: each value in words; hrefs: what each leads to."""

    name: str
    tone: Tone
    values: Sequence[float | None]
    said: Sequence[str]
    hrefs: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """Several things by day: bars side by side, bars on one another, or lines."""

    title: str
    form: Literal["beside", "stacked", "lines"]
    series: Sequence[Series]
    unit: str = ""
    says: str = ""  # what is counted how, below the title


@dataclass(frozen=True)
class Queue:
    """Work that waits. oldest: since when the first of it waits."""

    name: str
    depth: int
    oldest: datetime | None
    href: str
    later: int = 0  # what is not due yet
    why: str = ""  # why it stands still


@dataclass(frozen=True)
class Panel:
    """Anything else, by a template of its own."""

    title: str
    template: str
    says: str = ""
    href: str = ""
    of: Any = None


Part = Card | Chart | Queue | Panel


@dataclass(frozen=True)
class Tile:
    """A part of the page, for those who may see what it is about.

    about: names of models, of all of which the viewer must be allowed to see the rows. build: makes it, when
    it is to be shown. rank: smaller ones come first.
    """

    rank: int
    about: Sequence[str]
    build: Callable[[Look], Part | Sequence[Part]]


Tiles = Callable[[], Iterable[Tile]]


def counts(
    look: Look,
    name: str,
    tone: Tone,
    values: Sequence[int],
    model: str,
    *,
    on: str = "",
    where: Mapping[str, str] | None = None,
) -> Series:
    """A series of counts, each day of which leads to its rows. on: the column of their days."""
    hrefs = [look.rows(model, where, first=day, on=on) for day in look.days]
    return Series(name, tone, values, [saying.number(one) for one in values], hrefs)
