"""Charts as HTML and SVG, drawn on the server: no script, one colour scheme or the other, any width.

Each has its numbers in a table as well, which is what a screen reader reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10
from typing import Any

from inspector_whatsapp.console.home import saying
from inspector_whatsapp.console.home.tiles import Chart

STEPS = (1, 2, 3, 4, 6, 8, 10)  # where an axis may end, times a power of ten


@dataclass(frozen=True)
class Column:
    """A day: its bars by height in per cent, what is said of it, where it leads. side: of the page."""

    day: str
    href: str
    side: str
    bars: Sequence[tuple[str, float]]
    says: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Line:
    """A line in a square of a hundred; broken where a day has nothing. dots: days that stand alone."""

    tone: str
    pieces: Sequence[str]
    dots: Sequence[tuple[float, float]]


def drawn(chart: Chart, days: Sequence[date]) -> dict[str, Any]:
    """What the template needs."""
    top = _top(chart)
    unit = f" {chart.unit}" if chart.unit else ""
    return {
        "chart": chart,
        "empty": not any(value for one in chart.series for value in one.values),
        "scale": [f"{_short(top)}{unit}", f"{_short(top / 2)}{unit}", "0"],
        "columns": [_column(chart, place, day, days, top) for place, day in enumerate(days)],
        "lines": _lines(chart, top) if chart.form == "lines" else [],
        "axis": [saying.day(days[0]), saying.day(days[len(days) // 2]), saying.day(days[-1])],
        "rows": [
            (saying.day(day), [(one.said[place], one.hrefs[place]) for one in chart.series])
            for place, day in reversed(list(enumerate(days)))
        ],
    }


def spark(values: Sequence[float]) -> dict[str, str]:
    """A little line, and the area below it, in a box of 100 by 24."""
    most = max(values, default=0)
    if len(values) < 2 or not most:
        return {}
    step = 100 / (len(values) - 1)
    line = " ".join(f"{place * step:.1f},{22 - 20 * value / most:.1f}" for place, value in enumerate(values))
    return {"line": line, "area": f"0,24 {line} 100,24"}


def _column(chart: Chart, place: int, day: date, days: Sequence[date], top: float) -> Column:
    # A bar that is there at all can be seen.
    bars = [
        (one.tone, max((one.values[place] or 0) * 100 / top, 0.8 if one.values[place] else 0))
        for one in chart.series
    ]
    side = "start" if place < len(days) / 3 else "end" if place >= len(days) * 2 / 3 else "middle"
    href = next((one.hrefs[place] for one in chart.series if one.hrefs[place]), "")
    return Column(
        day=saying.day(day),
        href=href,
        side=side,
        bars=[] if chart.form == "lines" else bars,
        says=[(one.tone, one.name, one.said[place]) for one in chart.series],
    )


def _lines(chart: Chart, top: float) -> list[Line]:
    found = []
    for one in chart.series:
        wide = 100 / len(one.values)
        dots = [
            ((place + 0.5) * wide, 100 - value * 100 / top) if value is not None else None
            for place, value in enumerate(one.values)
        ]
        pieces: list[list[tuple[float, float]]] = [[]]
        for dot in dots:
            if dot is None:
                pieces.append([])
            else:
                pieces[-1].append(dot)
        found.append(
            Line(
                tone=one.tone,
                pieces=[" ".join(f"{x:.2f},{y:.2f}" for x, y in piece) for piece in pieces if len(piece) > 1],
                dots=[piece[0] for piece in pieces if len(piece) == 1],
            )
        )
    return found


def _top(chart: Chart) -> float:
    """Where the axis ends: above everything, at a round number."""
    days = zip(*(one.values for one in chart.series), strict=True)
    heights = [
        sum(filter(None, day)) if chart.form == "stacked" else max(filter(None, day), default=0)
        for day in days
    ]
    most = max(heights, default=0)
    if not most:
        return 10
    if not chart.unit and most < 4:
        return 4
    power = 10 ** floor(log10(most))
    return next(float(step * power) for step in STEPS if step * power >= most)


def _short(many: float) -> str:
    """`1,500` as `1.5k`."""
    if many >= 1_000_000:
        return f"{many / 1_000_000:g}M"
    if many >= 1_000:
        return f"{many / 1_000:g}k"
    return f"{many:g}"
