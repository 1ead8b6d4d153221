"""The metrics as Prometheus reads them; and how the apps ask for theirs.

No question costs more for a full table than for an empty one: what waits is read from the indexes that hold
just that, and no more than MOST rows of each; what became of a day's messages from the figures kept of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from inspector_whatsapp import clock, figures
from inspector_whatsapp.figures import days

MOST: Final = 2_000  # rows of a queue that are counted: that many means that many or more
SLOWEST: Final = 2_000  # milliseconds; a scrape that takes longer is given up
NOW: Final = "(SELECT clock_now())"  # asked once, and not for each row
AGE: Final = "extract(epoch FROM " + NOW + " - {})::float8"  # seconds, of a moment

# Given the figures of today, which several read.
Asked = Callable[[figures.Kept], Iterable[Metric]]


def exposition() -> bytes:
    """All metrics, in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(_Now())
    return generate_latest(registry)


class _Now:
    """How things stand at the moment at which somebody asks."""

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [SLOWEST])
            kept = figures.read((days.of(clock.now()),))
            for name in settings.METRICS:
                asked: Asked = import_string(name)
                yield from asked(kept)


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


def today(
    kept: figures.Kept, name: str, says: str, labels: Sequence[str], *figures_of: str
) -> GaugeMetricFamily:
    """What has been counted of today under these names; the first of several is the first label.

    A figure's own label is split at its colons into the other labels.
    """
    gauge = GaugeMetricFamily(name, says, labels=labels)
    for figure in figures_of:
        first = [figure] if len(figures_of) > 1 else []
        for label, many in kept.labels(figure).items():
            own = label.split(":", len(labels) - len(first) - 1)
            own += [""] * (len(labels) - len(first) - len(own))
            gauge.add_metric([*first, *own], many)
    return gauge
