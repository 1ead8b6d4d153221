"""What can be booked: the free slots of a property."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Func, Q, QuerySet
from django.db.models.functions import TruncTime
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone

from inspector_whatsapp.models import Property, Slot
from inspector_whatsapp.models.inspections import SlotState
from inspector_whatsapp.models.listings import PropertyStatus

_FARTHEST = date(9000, 1, 1)  # no calendar breaks on a day before it


@dataclass(frozen=True)
class Viewing:
    """When somebody could come: days and times of day by the clocks of `zone`, ends included; None: any."""

    zone: str
    first: date | None = None
    last: date | None = None
    earliest: time | None = None
    latest: time | None = None

    def starts(self) -> Q:
        """The slots that begin then."""
        zone, then = ZoneInfo(self.zone), Q()
        if self.first is not None:
            then &= Q(starts_at__gte=datetime.combine(min(self.first, _FARTHEST), time.min, zone))
        if self.last is not None:
            end = min(self.last, _FARTHEST) + timedelta(days=1)
            then &= Q(starts_at__lt=datetime.combine(end, time.min, zone))
        by_the_clock = TruncTime("starts_at", tzinfo=zone)
        if self.earliest is not None:
            then &= Q(GreaterThanOrEqual(by_the_clock, self.earliest))
        if self.latest is not None:
            then &= Q(LessThanOrEqual(by_the_clock, self.latest))
        return then


def still_to_begin(now: datetime | Func) -> QuerySet[Slot]:
    """Slots that are open and to come, full or not, whatever they are of. now: a time, or clock in SQL."""
    return Slot.objects.filter(state=SlotState.OPEN, starts_at__gt=now)


def still_free(now: datetime | Func) -> QuerySet[Slot]:
    """Slots that still take a booking, whatever they are of. now: a time, or the clock in SQL."""
    return still_to_begin(now).filter(taken__lt=F("capacity"))


def free_slots(
    property: Property, *, now: datetime, on: date | None = None, zone: tzinfo | None = None
) -> QuerySet[Slot]:
    """Slots of a live property that still take a booking, soonest first; `on` a day in `zone`."""
    free = still_free(now).filter(property=property, property__status=PropertyStatus.LIVE)
    free = free.select_related("property", "inspector")
    if on is not None:
        zone = zone or timezone.get_default_timezone()
        midnight = datetime.combine(on, time.min, zone)
        free = free.filter(
            starts_at__gte=midnight,
            starts_at__lt=datetime.combine(on + timedelta(days=1), time.min, zone),
        )
    return free.order_by("starts_at", "pk")


_DAYS = """
SELECT (slot.starts_at AT TIME ZONE %s)::date AS day, count(*)
FROM inspector_whatsapp_slot slot JOIN inspector_whatsapp_property property ON property.id = slot.property_id
WHERE property.id = %s AND property.status = 'live'
    AND slot.state = 'open' AND slot.taken < slot.capacity AND slot.starts_at > %s
GROUP BY day ORDER BY day
"""


def free_days(property: Property, *, now: datetime, zone: tzinfo | None = None) -> list[tuple[date, int]]:
    """The days in `zone` with free slots, each with how many; soonest first."""
    clock = str(zone or timezone.get_default_timezone())
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [clock, property.pk, now])
        return [(day, many) for day, many in cursor.fetchall()]


def next_free(property: Property, *, now: datetime, most: int = 3) -> list[Slot]:
    """The soonest free slots of a property."""
    return list(free_slots(property, now=now)[:most])
