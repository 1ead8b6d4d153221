"""What can be booked: the free slots of a property."""

from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from inspector_whatsapp.models import Property, Slot
from inspector_whatsapp.models.inspections import SlotState
from inspector_whatsapp.models.listings import PropertyStatus


def free_slots(
    property: Property, *, now: datetime, on: date | None = None, zone: tzinfo | None = None
) -> QuerySet[Slot]:
    """Slots of a live property that still take a booking, soonest first; `on` a day in `zone`."""
    free = Slot.objects.filter(
        property=property,
        property__status=PropertyStatus.LIVE,
        state=SlotState.OPEN,
        taken__lt=F("capacity"),
        starts_at__gt=now,
    ).select_related("property", "inspector")
    if on is not None:
        zone = zone or timezone.get_default_timezone()
        midnight = datetime.combine(on, time.min, zone)
        free = free.filter(
            starts_at__gte=midnight,
            starts_at__lt=datetime.combine(on + timedelta(days=1), time.min, zone),
        )
    return free.order_by("starts_at", "pk")


def free_days(property: Property, *, now: datetime, zone: tzinfo | None = None) -> list[tuple[date, int]]:
    """The days in `zone` with free slots, each with how many; soonest first."""
    day = TruncDate("starts_at", tzinfo=zone or timezone.get_default_timezone())
    free = free_slots(property, now=now).order_by().select_related(None)
    return list(free.values_list(day).annotate(many=Count("pk")).order_by(day))


def next_free(property: Property, *, now: datetime, most: int = 3) -> list[Slot]:
    """The soonest free slots of a property."""
    return list(free_slots(property, now=now)[:most])
