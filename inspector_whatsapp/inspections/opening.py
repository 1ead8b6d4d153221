"""Slots: opened, moved, closed and deleted by the property's agent, or for them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.db import transaction

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.assignments import busy
from inspector_whatsapp.inspections.locks import hold_slot, lock_people, lock_property, lock_slots
from inspector_whatsapp.inspections.places import end, gone, iso
from inspector_whatsapp.inspections.refusals import STANDING, CannotOpen, TooLate, in_words
from inspector_whatsapp.models import Inspection, Property, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import InspectionState, SlotState


def open_slots(
    *,
    property: Property,
    times: Sequence[tuple[datetime, datetime]],
    inspector: User | None,
    capacity: int,
    actor: User | None,
    origin: Origin,
) -> list[Slot]:
    """Open a slot at each of the times, all or none, for `capacity` people each; soonest first.

    Without an inspector the agent shows the property themselves. Raises CannotOpen for the first time that
    cannot be, or TooLate where one has begun; then nothing has changed.
    """
    times = sorted(times)
    if not times:
        return []
    for (_start, before), (start, _end) in pairwise(times):
        if start < before:
            raise CannotOpen(start, None)
    with transaction.atomic():
        lock_people([property.agent_id, *([inspector.pk] if inspector else [])])
        property = lock_property(property.pk)
        if times[0][0] <= clock.now():
            raise TooLate
        for start, finish in times:
            other = _in_the_way(property, inspector, start=start, end=finish)
            if other is not None:
                raise CannotOpen(start, other)
        slots = Slot.objects.bulk_create(
            Slot(property=property, inspector=inspector, starts_at=start, ends_at=finish, capacity=capacity)
            for start, finish in times
        )
        changes.record(
            "slots_opened",
            property,
            actor=actor,
            origin=origin,
            count=len(slots),
            slots=[slot.pk for slot in slots],
        )
    return slots


def move_slot(
    *, slot: Slot, starts_at: datetime, ends_at: datetime, actor: User | None, origin: Origin
) -> Slot:
    """Move a slot to another time, and everybody who has a place in it; to its own time, nothing happens.

    Returns it as it now is. Raises SlotGone, TooLate or Overlapping; then nothing has changed.
    """
    seekers: set[int] = set()
    with (
        in_words(seekers=seekers, start=starts_at, end=ends_at, inspector=slot.inspector_id, slot=slot),
        transaction.atomic(),
    ):
        held = hold_slot(slot, people=[slot.inspector_id])
        seekers |= {inspection.seeker_id for inspection in held.inspections}
        if not held.slots or held.slots[0].state != SlotState.OPEN:
            gone(slot)
        slot = held.slots[0]
        if (slot.starts_at, slot.ends_at) == (starts_at, ends_at):
            return slot
        if min(slot.starts_at, starts_at) <= clock.now():
            raise TooLate
        before = slot.starts_at
        slot.starts_at, slot.ends_at = starts_at, ends_at
        slot.save(update_fields=["starts_at", "ends_at"])
        data = {"from": iso(before), "to": iso(starts_at)}
        changes.record("slot_moved", slot, actor=actor, origin=origin, **data)
        for inspection in held.inspections:
            data = {"from": iso(inspection.starts_at), "to": iso(starts_at)}
            inspection.starts_at, inspection.ends_at = starts_at, ends_at
            inspection.accepted_at = inspection.coming_at = None
            inspection.revision += 1
            inspection.save(update_fields=["starts_at", "ends_at", "accepted_at", "coming_at", "revision"])
            changes.record("inspection_moved", inspection, actor=actor, origin=origin, **data)
    return slot


def close_slot(
    *, slot: Slot, actor: User | None, origin: Origin, cancel_booked: bool, why: str = ""
) -> list[Inspection]:
    """Take no more bookings for a slot; with `cancel_booked`, call off those there are, with `why` in words.

    Returns what was called off. Raises SlotGone, or TooLate once it has begun.
    """
    with transaction.atomic():
        held = hold_slot(slot)
        if not held.slots:
            gone(slot)
        slot = held.slots[0]
        if slot.starts_at <= clock.now():
            raise TooLate
        if slot.state == SlotState.OPEN:
            slot.state = SlotState.CLOSED
            slot.save(update_fields=["state"])
            changes.record("slot_closed", slot, actor=actor, origin=origin, property=slot.property.ref)
        if not cancel_booked:
            return []
        for inspection in held.inspections:
            end(inspection, InspectionState.CANCELLED, why=why)
            changes.record("inspection_cancelled", inspection, actor=actor, origin=origin, why=why)
        return held.inspections


def delete_slot(*, slot: Slot, actor: User | None, origin: Origin) -> bool:
    """Delete a slot that nobody ever booked; whether it is gone. One that somebody did is left as it is."""
    with transaction.atomic():
        locked = lock_slots([slot.pk])
        if not locked:
            return True
        slot = locked[0]
        if slot.taken or Inspection.objects.filter(slot=slot).exists():
            return False
        changes.record("slot_deleted", slot, actor=actor, origin=origin, property=slot.property.ref)
        Slot.objects.filter(pk=slot.pk).delete()
    return True


def _in_the_way(
    property: Property, inspector: User | None, *, start: datetime, end: datetime
) -> Slot | Inspection | TimeOff | None:
    """What stands at that time already: at this property, or of whoever would show it."""
    then = Slot.objects.filter(STANDING, starts_at__lt=end, ends_at__gt=start).select_related("property")
    here = then.filter(property=property).first()
    if here is not None or inspector is not None:
        return here or (busy(inspector, start=start, end=end) if inspector else None)
    return then.filter(property__agent=property.agent_id, inspector=None).first()
