"""Kept figures, as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from inspector_whatsapp.figures import buckets
from inspector_whatsapp.models import DayFigure, FigureDay


@dataclass(frozen=True)
class Kept:
    """The figures of some days. counts: by name, label and day. as_of: when the last of them was counted."""

    days: tuple[date, ...]
    counts: Mapping[str, Mapping[str, Mapping[date, int]]]
    as_of: datetime | None

    def labels(self, name: str, *, day: date | None = None) -> dict[str, int]:
        """How many of each label, on one day or on all, the most first."""
        found = {
            label: sum(by_day.values()) if day is None else by_day.get(day, 0)
            for label, by_day in self.counts.get(name, {}).items()
        }
        return dict(sorted(((label, many) for label, many in found.items() if many), key=lambda one: -one[1]))

    def total(self, name: str, *labels: str, day: date | None = None) -> int:
        """How many of these labels, or of all, on one day or on all."""
        found = self.labels(name, day=day)
        return sum(many for label, many in found.items() if not labels or label in labels)

    def by_day(self, name: str, *labels: str) -> tuple[int, ...]:
        """The same, day by day."""
        by_label = self.counts.get(name, {})
        some = [by_day for label, by_day in by_label.items() if not labels or label in labels]
        return tuple(sum(by_day.get(day, 0) for by_day in some) for day in self.days)

    def seconds(self, name: str, percent: int, *, day: date | None = None) -> float | None:
        """A percentile of times."""
        counts = {int(label): many for label, many in self.labels(name, day=day).items()}
        return buckets.percentile(counts, percent)


def read(days: tuple[date, ...]) -> Kept:
    """The figures of these days; those of a day that was never counted are missing."""
    counts: dict[str, dict[str, dict[date, int]]] = {}
    rows = DayFigure.objects.filter(day__range=(days[0], days[-1])) if days else DayFigure.objects.none()
    for day, name, label, count in rows.values_list("day", "name", "label", "count"):
        counts.setdefault(name, {}).setdefault(label, {})[day] = count
    last = FigureDay.objects.filter(day=days[-1]).first() if days else None
    return Kept(days, counts, last.counted_at if last else None)
