"""The figures of each day, counted anew from the rows for as long as these may change, and then left alone.

Nothing adds to a figure when something happens: a day is counted as a whole and its figures are replaced, so
they cannot drift, and being counted twice or half changes nothing (docs/decisions/0019). What they have grown
by is told to Prometheus's counters, which take no less for an answer.
FIGURES names, for each app, the functions that count.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from inspector_whatsapp import clock
from inspector_whatsapp.figures import days
from inspector_whatsapp.figures.days import Day
from inspector_whatsapp.metrics.tally import of_figure, tally
from inspector_whatsapp.models import DayFigure, FigureDay

CHANGING = 35  # days: a status of Meta's comes up to thirty days after its message
MOST_LABELS = 40  # of one name on one day; the rest is one more
REST = "…"


@dataclass(frozen=True)
class Figure:
    """How many there were of `name`; which of them, by `label`."""

    name: str
    label: str
    count: int


Counter = Callable[[Day], Iterable[Figure]]


class Gone(Exception):
    """Rows of those days have been deleted: what was counted while they were there is all there is."""


def keep() -> int:
    """Count today, days that have ended uncounted, and the one whose count is the most out of date."""
    now = clock.now()
    today = days.of(now)
    wanted = [today, *_due(today, now)]
    for day in wanted:
        _count(Day(day))
    return len(wanted)


def recount(first: date, last: date) -> int:
    """Count these days anew, future ones left out; how many. Raises Gone where rows are missing by now."""
    today = days.of(clock.now())
    if first < (oldest := today - timedelta(days=settings.RETENTION_MESSAGES_DAYS - 1)):
        raise Gone(
            f"Rows from before {oldest} have been deleted: the figures of those days stay as they are."
        )
    wanted = days.between(first, min(last, today))
    for day in wanted:
        _count(Day(day))
    return len(wanted)


def _due(today: date, now: datetime) -> list[date]:
    """Days but today to be counted now. None of which the retention may have begun to delete the rows."""
    back = min(CHANGING, settings.RETENTION_MESSAGES_DAYS - 1)
    open_days = days.until(today - days.ONE, days=back - 1)
    counted = dict(FigureDay.objects.filter(day__in=open_days).values_list("day", "counted_at"))
    unfinished = [day for day in open_days if day not in counted or counted[day] < Day(day).end]
    if unfinished or not open_days:
        return unfinished
    # The younger a day, the more of its messages are still being read.
    return [max(open_days, key=lambda day: (now - counted[day]) / (today - day).days)]


def _count(day: Day) -> None:
    """Whoever counts the same day meanwhile waits here, and sees all that was counted before."""
    with transaction.atomic():
        FigureDay.objects.bulk_create(
            [FigureDay(day=day.date, counted_at=clock.now())], ignore_conflicts=True
        )
        kept = FigureDay.objects.select_for_update().get(day=day.date)
        kept.counted_at = clock.now()
        found = [figure for counter in _counters(tuple(settings.FIGURES)) for figure in counter(day)]
        before = DayFigure.objects.filter(day=day.date)
        had = {(name, label): many for name, label, many in before.values_list("name", "label", "count")}
        has = list(_fewer(found))
        before.delete()
        DayFigure.objects.bulk_create(
            DayFigure(day=day.date, name=figure.name, label=figure.label, count=figure.count)
            for figure in has
        )
        kept.save(update_fields=["counted_at"])
    for figure in has:
        if not figure.label.isdigit():
            more = figure.count - had.get((figure.name, figure.label), 0)
            tally.add(of_figure(figure.name, figure.label), more)


@cache
def _counters(names: tuple[str, ...]) -> tuple[Counter, ...]:
    return tuple(import_string(name) for name in names)


def _fewer(figures: Iterable[Figure]) -> Iterable[Figure]:
    """The same with no more than MOST_LABELS of a name, but for buckets, which are many by nature."""
    by_name: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.count:
            by_name.setdefault(figure.name, []).append(figure)
    for name, some in by_name.items():
        some.sort(key=lambda figure: -figure.count)
        numbered = all(figure.label.isdigit() for figure in some)
        first, rest = (some, []) if numbered else (some[:MOST_LABELS], some[MOST_LABELS:])
        yield from first
        if rest:
            yield Figure(name, REST, sum(figure.count for figure in rest))
