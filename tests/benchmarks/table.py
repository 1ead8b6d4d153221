"""What was measured, as a table: a number, what it is held against, and the ratio of the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FAR_OFF = 0.5  # of the usual ratio; below it the row is marked, nothing fails


@dataclass(frozen=True)
class Row:
    """Two rates of the same rounds. usual: the ratio that was seen before, on a noisy machine."""

    name: str
    ours: Sequence[float]
    against: str
    theirs: Sequence[float]
    usual: float

    @property
    def ratio(self) -> float:
        """Of the medians: a round in which the machine was busy with something else weighs nothing."""
        return median(self.ours) / median(self.theirs)

    def cells(self) -> tuple[str, ...]:
        ratios = [one / other for one, other in zip(self.ours, self.theirs, strict=True)]
        mark = "" if self.ratio > FAR_OFF * self.usual else f"  far from the usual {self.usual:.2f}"
        return (
            self.name,
            f"{median(self.ours):,.0f}/s",
            self.against,
            f"{median(self.theirs):,.0f}/s",
            f"{self.ratio:.2f}",
            f"{min(ratios):.2f}-{max(ratios):.2f}{mark}",
        )


HEAD = ("measured", "median", "against", "median", "ratio", "per round")


def table(rows: Sequence[Row]) -> str:
    """The rows under their head, columns aligned."""
    lines = [HEAD, *[row.cells() for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
