"""The metrics as Prometheus reads them; and how the apps ask for theirs.

No question costs more for a full table than for an empty one: what waits is read from the indexes that hold
just that, and no more than MOST rows of each.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from inspector_whatsapp.metrics.tally import of_figure, tally

MOST: Final = 1_000  # rows of a queue that are counted: that many means that many or more
SLOWEST: Final = 2_000  # milliseconds; a scrape that takes longer is given up
NOW: Final = "(SELECT clock_now())"  # asked once, and not for each row
AGE: Final = "date_part('epoch', " + NOW + " - {})"  # seconds, of a moment

# What has been counted, by what it is; None while Redis is away, where it is kept.
Counts = Mapping[str, int] | None
Asked = Callable[[Counts], Iterable[Metric]]


def exposition() -> bytes:
    """All metrics, in Prometheus's text format."""
    return generate_latest(_Now())


class _Now(Collector):
    """How things stand at the moment at which somebody asks."""

    def collect(self) -> Iterator[Metric]:
        try:
            counts: Counts = tally.read()
        except redis.RedisError:
            counts = None
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [SLOWEST])
            for name in settings.METRICS:
                asked: Asked = import_string(name)
                yield from asked(counts)


@dataclass(frozen=True)
class Depth:
    """How many wait, by the values of the labels, and for how many seconds the longest of them has."""

    labels: Sequence[str]
    many: int
    oldest: float | None


def depths(statement: str, values: Mapping[str, Any], *, labels: int) -> list[Depth]:
    """The rows of a statement that names labels first, then how many there are, then the oldest's age."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [
            Depth([str(each) for each in row[:labels]], row[labels], row[labels + 1])
            for row in cursor.fetchall()
        ]


def grown(
    counts: Counts,
    name: str,
    says: str,
    labels: Sequence[str],
    *figures_of: str,
    known: Iterable[str] = (),
) -> CounterMetricFamily:
    """What the figures of these names have grown by; the first of several is the first label.

    A figure's own label is split at its colons into the other labels. known: those that begin at nothing
    before there is any, so that Prometheus sees the first growth, too.
    """
    counter = CounterMetricFamily(name, says, labels=labels)
    if counts is None:
        return counter
    begun = {of_figure(figure, label): 0 for figure in figures_of for label in known}
    for what, many in {**begun, **counts}.items():
        figure, _colon, label = what.partition(":")
        if figure not in figures_of:
            continue
        first = [figure] if len(figures_of) > 1 else []
        own = label.split(":", len(labels) - len(first) - 1)
        own += [""] * (len(labels) - len(first) - len(own))
        counter.add_metric([*first, *own], many)
    return counter
