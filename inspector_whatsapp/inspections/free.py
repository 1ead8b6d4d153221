"""What can be seen: free slots of a property, and a seeker's own inspections."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from inspector_whatsapp.models import Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import LIVE_STATES, SlotState
from inspector_whatsapp.models.listings import PropertyStatus

_REF = re.compile(r"(?:IN)?[\s_\-‐-―#]*0*([0-9]{1,12})", re.IGNORECASE)


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


def upcoming(seeker: User, *, now: datetime) -> QuerySet[Inspection]:
    """The seeker's inspections that are still to be or going on, soonest first."""
    own = Inspection.objects.filter(seeker=seeker, state__in=LIVE_STATES, ends_at__gt=now)
    return own.select_related("property", "inspector", "slot").order_by("starts_at", "pk")


def of_seeker(seeker: User, ref: str) -> Inspection | None:
    """The seeker's own inspection by its ref, as people type it ("in 3107"); anybody else's is None."""
    match = _REF.fullmatch(unicodedata.normalize("NFKC", ref).strip())
    if match is None:
        return None
    own = Inspection.objects.filter(seeker=seeker, ref=f"IN-{match[1]}")
    return own.select_related("property", "inspector", "slot").first()
