"""Waiting lists: seekers wait for a place in a full slot, or on a day whose slots are full, each in turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.free import still_to_begin
from inspector_whatsapp.inspections.locks import lock_people, lock_slots
from inspector_whatsapp.inspections.offers import end, locked, pass_on
from inspector_whatsapp.inspections.refusals import AlreadyBooked, NotLive, SlotGone, StillFree
from inspector_whatsapp.models import Inspection, Property, Slot, User, Wait
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.waiting import OPEN_WAITS, WaitState


@dataclass(frozen=True)
class WaitingDay:
    """A day by somebody's clock: from `since` on, before `until`."""

    since: datetime
    until: datetime

    @classmethod
    def on(cls, day: date, zone: tzinfo) -> "WaitingDay":
        return cls(
            datetime.combine(day, time.min, zone),
            datetime.combine(day + timedelta(days=1), time.min, zone),
        )


def full_slots(property: Property, *, now: datetime) -> QuerySet[Slot]:
    """Slots of a live property that would take a booking if a place in them were free, soonest first."""
    full = still_to_begin(now).filter(property=property, property__status=PropertyStatus.LIVE)
    return full.filter(taken__gte=F("capacity")).select_related("property").order_by("starts_at", "pk")


def join(
    *,
    seeker: User,
    property: Property,
    place: Slot | WaitingDay,
    origin: Origin,
    actor: User | None = None,
    since: datetime | None = None,
) -> Wait:
    """Wait for a place in a slot, or in any of a day; who waits for that already keeps their place in line.

    since: from when on they are in line, where that is not now.
    Raises StillFree where a place is to be had at once, SlotGone where nothing is to come, AlreadyBooked or
    NotLive.
    """
    with transaction.atomic():
        lock_people([seeker.pk])
        which = (
            Q(slot=place) if isinstance(place, Slot) else Q(slot=None, since=place.since, until=place.until)
        )
        known = waits_of(seeker).filter(which, property=property).first()
        if known is not None:
            return known
        if not Property.objects.filter(pk=property.pk, status=PropertyStatus.LIVE).exists():
            raise NotLive(property)
        slots = _locked(property, place)
        if not slots:
            raise SlotGone(property)
        own = Inspection.objects.filter(seeker=seeker, slot__in=slots, state__in=LIVE_STATES, clash=False)
        if (booked := own.select_related("property").first()) is not None:
            raise AlreadyBooked(booked)
        if any(slot.taken < slot.capacity for slot in slots):
            raise StillFree(property)
        wait = Wait.objects.create(
            seeker=seeker,
            property=property,
            slot=place if isinstance(place, Slot) else None,
            since=place.since if isinstance(place, WaitingDay) else None,
            until=place.until if isinstance(place, WaitingDay) else None,
            created_at=since or clock.now(),
        )
        changes.record("waiting_joined", wait, actor=actor or seeker, origin=origin, property=property.ref)
    return wait


def leave(*, wait: Wait, actor: User | None, origin: Origin) -> Wait:
    """Wait no longer; a place that is offered goes to the next in line. Who waits no longer stays so.

    Returns it as it now is.
    """
    while True:
        with transaction.atomic():
            offered = Wait.objects.filter(pk=wait.pk, offered__isnull=False).values_list("offered", flat=True)
            slots = lock_slots(offered)
            held = locked(wait)
            if held.state == WaitState.OFFERED and held.offered not in slots:
                transaction.set_rollback(True)  # a place has just been offered: its slot is held first
                continue
            if held.state == WaitState.OFFERED:
                pass_on(held, state=WaitState.DECLINED, actor=actor, origin=origin)
            elif held.state == WaitState.WAITING:
                end(held, WaitState.LEFT, clock.now())
                changes.record("waiting_left", held, actor=actor, origin=origin, property=held.property.ref)
            return Wait.objects.get(pk=wait.pk)


def waits_of(seeker: User) -> QuerySet[Wait]:
    """What a seeker waits for, as long as they do; the longest first."""
    waits = Wait.objects.filter(seeker=seeker, state__in=OPEN_WAITS)
    return waits.select_related("property", "slot", "offered").order_by("created_at", "pk")


def wait_of(seeker: User, pk: int) -> Wait | None:
    """One of the seeker's, whatever has become of it."""
    waits = Wait.objects.filter(seeker=seeker, pk=pk)
    return waits.select_related("seeker", "property", "slot", "offered", "inspection").first()


def waiting_for(slot: Slot) -> int:
    """How many wait for a place in it, or on its day."""
    its_own = Q(slot=slot) | Q(slot=None, since__lte=slot.starts_at, until__gt=slot.starts_at)
    return Wait.objects.filter(its_own, property=slot.property_id, state=WaitState.WAITING).count()


# Who came before and may want the same place: the same slot, or one of a day that has it.
_POSITIONS = """
WITH line AS MATERIALIZED (
    SELECT wait.id, wait.property_id, wait.slot_id, wait.created_at,
        COALESCE(slot.starts_at, wait.since) AS since,
        COALESCE(slot.starts_at + interval '1 microsecond', wait.until) AS until
    FROM inspector_whatsapp_wait wait LEFT JOIN inspector_whatsapp_slot slot ON slot.id = wait.slot_id
    WHERE wait.state IN ('waiting', 'offered') AND wait.property_id IN (
        SELECT property_id FROM inspector_whatsapp_wait WHERE id = ANY (%(waits)s)))
SELECT mine.id, 1 + count(other.id) FROM line mine LEFT JOIN line other
    ON other.property_id = mine.property_id AND (other.created_at, other.id) < (mine.created_at, mine.id)
    AND CASE WHEN other.slot_id IS NULL OR mine.slot_id IS NULL
        THEN other.since < mine.until AND mine.since < other.until ELSE other.slot_id = mine.slot_id END
WHERE mine.id = ANY (%(waits)s) GROUP BY mine.id
"""


def positions(waits: Iterable[Wait]) -> Mapping[int, int]:
    """By wait: at which place in line it is, 1 being the next. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, {"waits": [wait.pk for wait in waits]})
        return dict(cursor.fetchall())


def _locked(property: Property, place: Slot | WaitingDay) -> list[Slot]:
    """What is waited for, as it is now: nobody frees a place of it meanwhile without seeing who waits."""
    slots = still_to_begin(clock.now()).filter(property=property)
    if isinstance(place, Slot):
        slots = slots.filter(pk=place.pk)
    else:
        slots = slots.filter(starts_at__gte=place.since, starts_at__lt=place.until)
    keys = list(slots.values_list("pk", flat=True))
    lock_slots(keys)
    return list(slots.filter(pk__in=keys))
