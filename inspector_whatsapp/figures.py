"""How the service is doing, in numbers: today, and in the last thirty days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.timezone import localtime

from inspector_whatsapp import clock
from inspector_whatsapp.models import (
    Inspection,
    Link,
    OutboxMessage,
    PriceCategory,
    PriceCount,
)
from inspector_whatsapp.models.inspections import InspectionState

DAYS = 30


@dataclass(frozen=True)
class Figures:
    """Of a span of time. messages: those written in it, by status. cost: of those delivered, by currency."""

    since: datetime
    messages: Mapping[str, int]
    links_made: int
    bookings: int
    completed: int
    no_shows: int
    cost: Mapping[str, Decimal]


def today() -> Figures:
    """Since midnight, by the service's clock."""
    return _since(_midnight())


def lately() -> Figures:
    """The last thirty days, today included."""
    return _since(_midnight() - timedelta(days=DAYS - 1))


def _midnight() -> datetime:
    return localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def _since(start: datetime) -> Figures:
    written = OutboxMessage.objects.filter(created_at__gte=start).values_list("status")
    reported = Inspection.objects.filter(reported_at__gte=start).aggregate(
        completed=Count("pk", filter=Q(state=InspectionState.COMPLETED)),
        no_shows=Count("pk", filter=Q(state=InspectionState.NO_SHOW)),
    )
    return Figures(
        since=start,
        messages=dict(written.annotate(many=Count("pk")).order_by("status")),
        links_made=Link.objects.filter(made_at__gte=start).count(),
        bookings=Inspection.objects.filter(created_at__gte=start).count(),
        cost=_cost(start),
        **reported,
    )


def _cost(start: datetime) -> dict[str, Decimal]:
    charged = PriceCount.objects.filter(day__gte=localtime(start).date(), billable=True)
    counts = dict(charged.values_list("category").annotate(all=Sum("count")))
    sums: dict[str, Decimal] = {}
    for price in PriceCategory.objects.filter(category__in=counts):
        sums[price.currency] = sums.get(price.currency, Decimal(0)) + price.price * counts[price.category]
    return sums
