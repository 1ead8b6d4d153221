"""The figures of today and of the last thirty days, as programs get them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from inspector_whatsapp import clock, prices
from inspector_whatsapp.figures import days
from inspector_whatsapp.figures.reading import Kept, read


@dataclass(frozen=True)
class Figures:
    """Of a span of time. messages: those written in it, by status. cost: of those delivered, by currency.

    as_of: when they were counted; what came since then is not among them.
    """

    since: datetime
    as_of: datetime | None
    messages: Mapping[str, int]
    links_made: int
    bookings: int
    completed: int
    no_shows: int
    cost: Mapping[str, Decimal]


def today() -> Figures:
    """Since midnight, by the service's clock."""
    return _of((days.of(clock.now()),))


def lately() -> Figures:
    """The last thirty days, today included."""
    return _of(days.until(days.of(clock.now())))


def _of(span: tuple[date, ...]) -> Figures:
    kept = read(span)
    return Figures(
        since=days.Day(span[0]).start,
        as_of=kept.as_of,
        messages=by_status(kept),
        links_made=kept.total("links_made"),
        bookings=kept.total("booked"),
        completed=kept.total("completed"),
        no_shows=kept.total("no_show"),
        cost=_cost(span),
    )


def by_status(kept: Kept) -> dict[str, int]:
    """Messages of every channel by their status."""
    found: dict[str, int] = {}
    for label, many in sorted(kept.labels("messages").items()):
        status = label.partition(":")[2]
        found[status] = found.get(status, 0) + many
    return dict(sorted(found.items()))


def _cost(span: tuple[date, ...]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in prices.of_days((span[0], span[-1]))[0]:
        if line.cost is not None and line.charged:
            sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.cost
    return sums
