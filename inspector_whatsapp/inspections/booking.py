"""The verbs. Every one locks in one order, so that none waits for another in a circle: people by id, then
inspections, then slots by id.

Rules that must hold whatever code forgets are constraints. Deadlocks and lost connections go through to the
caller, who runs the whole of its work again.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NoReturn

from django.db import transaction
from django.db.models import F

from inspector_whatsapp import changes, clock
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.free import next_free
from inspector_whatsapp.inspections.refusals import (
    AlreadyBooked,
    NotLive,
    Overlapping,
    SlotGone,
    SlotTaken,
    TooLate,
    in_words,
    live_between,
)
from inspector_whatsapp.models import Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, SlotState
from inspector_whatsapp.models.listings import PropertyStatus


def book(*, seeker: User, slot: Slot, origin: Origin, actor: User | None = None) -> Inspection:
    """Book a place in `slot`, at the time that it had when it was read.

    Raises SlotTaken, SlotGone, AlreadyBooked, Overlapping, TooLate or NotLive; then nothing has changed.
    """
    with in_words(seekers=[seeker.pk], start=slot.starts_at, end=slot.ends_at), transaction.atomic():
        _lock_people([seeker.pk])
        property = _on_offer(slot)
        _be_free(seeker_id=seeker.pk, slot=slot)
        _take_place(slot, property)
        inspection = Inspection.objects.create(
            slot=slot,
            property=property,
            seeker=seeker,
            inspector=slot.inspector,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            state=InspectionState.CONFIRMED,
            created_at=clock.now(),
        )
        changes.record(
            "inspection_booked",
            inspection,
            actor=actor or seeker,
            origin=origin,
            property=property.ref,
            starts_at=_iso(slot.starts_at),
        )
    return inspection


def move(*, inspection: Inspection, slot: Slot, actor: User | None, origin: Origin) -> Inspection:
    """Move an inspection to another slot of its property; to its own slot, nothing happens.

    Returns it as it now is. Raises what `book` raises; then nothing has changed.
    """
    if slot.property_id != inspection.property_id:
        raise ValueError("An inspection moves between slots of its own property.")
    seekers = [inspection.seeker_id]
    with in_words(seekers=seekers, start=slot.starts_at, end=slot.ends_at), transaction.atomic():
        inspection = _lock(inspection)
        _still_to_come(inspection)
        if inspection.slot_id == slot.pk and not inspection.clash:
            return inspection
        property = _on_offer(slot)
        _be_free(seeker_id=inspection.seeker_id, slot=slot, but=inspection)
        # Two people who swap slots at once would otherwise each hold what the other waits for.
        _lock_slots([slot.pk] if inspection.slot_id is None else [slot.pk, inspection.slot_id])
        _take_place(slot, property)
        _give_place_back(inspection)
        before = inspection.starts_at
        inspection.slot = slot
        inspection.inspector = slot.inspector
        inspection.clash = False
        _change_times(inspection, starts_at=slot.starts_at, ends_at=slot.ends_at)
        _record_move(inspection, before=before, actor=actor, origin=origin)
    return inspection


def cancel(*, inspection: Inspection, actor: User | None, origin: Origin, why: str = "") -> Inspection:
    """Call an inspection off and give its place back; what is off already stays as it is.

    Returns it as it now is. Raises TooLate once it has begun.
    """
    with transaction.atomic():
        inspection = _lock(inspection)
        if inspection.state in (InspectionState.CANCELLED, InspectionState.DECLINED):
            return inspection
        _still_to_come(inspection)
        _give_place_back(inspection)
        inspection.state = InspectionState.CANCELLED
        inspection.revision += 1
        inspection.save(update_fields=["state", "revision"])
        changes.record("inspection_cancelled", inspection, actor=actor, origin=origin, why=why)
    return inspection


def move_slot(
    *, slot: Slot, starts_at: datetime, ends_at: datetime, actor: User | None, origin: Origin
) -> Slot:
    """Move a slot to another time, and everybody who has a place in it; to its own time, nothing happens.

    Returns it as it now is. Raises SlotGone, TooLate or Overlapping; then nothing has changed.
    """
    # Who is in it can only be known for good once it is locked, and people are locked before slots: should
    # somebody have come in between, the locks are let go and it begins again.
    seekers: set[int] = set()
    while True:
        with (
            in_words(seekers=seekers, start=starts_at, end=ends_at, slot=slot),
            transaction.atomic(),
        ):
            affected = Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).order_by("pk")
            seekers |= set(affected.values_list("seeker_id", flat=True))
            _lock_people(seekers | {person for person in [slot.inspector_id] if person is not None})
            fresh = _lock_slots([slot.pk])
            if not fresh or fresh[0].state != SlotState.OPEN:
                _gone(slot)
            slot, inspections = fresh[0], list(affected.select_related("property", "inspector", "seeker"))
            if not {inspection.seeker_id for inspection in inspections} <= seekers:
                transaction.set_rollback(True)
                continue
            if (slot.starts_at, slot.ends_at) == (starts_at, ends_at):
                return slot
            if min(slot.starts_at, starts_at) <= clock.now():
                raise TooLate
            before = slot.starts_at
            slot.starts_at, slot.ends_at = starts_at, ends_at
            slot.save(update_fields=["starts_at", "ends_at"])
            data = {"from": _iso(before), "to": _iso(starts_at)}
            changes.record("slot_moved", slot, actor=actor, origin=origin, **data)
            for inspection in inspections:
                before = inspection.starts_at
                inspection.slot = slot
                _change_times(inspection, starts_at=starts_at, ends_at=ends_at)
                _record_move(inspection, before=before, actor=actor, origin=origin)
            return slot


# --- the steps --------------------------------------------------------------------------------------------
def _lock_people(ids: Iterable[int]) -> None:
    # NO KEY: a plain FOR UPDATE would also hold up everybody who writes a row that only points at them.
    people = User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    list(people.values_list("pk"))


def _lock_slots(ids: Iterable[int]) -> list[Slot]:
    return list(Slot.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _lock(inspection: Inspection) -> Inspection:
    """The inspection as it is now, nobody else changing it or its seeker's others."""
    _lock_people([inspection.seeker_id])
    locked = Inspection.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("property", "seeker", "inspector").get(pk=inspection.pk)


def _still_to_come(inspection: Inspection) -> None:
    if inspection.state not in LIVE_STATES or inspection.starts_at <= clock.now():
        raise TooLate


def _on_offer(slot: Slot) -> Property:
    property = Property.objects.select_related("agent").get(pk=slot.property_id)
    if property.status != PropertyStatus.LIVE:
        raise NotLive(property)
    return property


def _be_free(*, seeker_id: int, slot: Slot, but: Inspection | None = None) -> None:
    """The seeker has nothing else at that time; their lock makes sure it stays so."""
    others = live_between([seeker_id], start=slot.starts_at, end=slot.ends_at)
    other = others.exclude(pk=but.pk).first() if but else others.first()
    if other is None:
        return
    if other.slot_id == slot.pk:
        raise AlreadyBooked(other)
    raise Overlapping(other)


def _take_place(slot: Slot, property: Property) -> None:
    """One place less; its WHERE is read again after waiting for another's, so the last goes once."""
    taken = Slot.objects.filter(
        pk=slot.pk,
        state=SlotState.OPEN,
        taken__lt=F("capacity"),
        starts_at__gt=clock.Now(),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    ).update(taken=F("taken") + 1)
    if taken:
        return
    now = clock.now()
    if slot.starts_at <= now:
        raise TooLate
    there = Slot.objects.filter(
        pk=slot.pk, state=SlotState.OPEN, starts_at=slot.starts_at, ends_at=slot.ends_at
    )
    if not there.exists():
        _gone(slot)
    raise SlotTaken(property, next_free(property, now=now))


def _give_place_back(inspection: Inspection) -> None:
    if inspection.clash or inspection.slot_id is None:
        return  # it never had one
    Slot.objects.filter(pk=inspection.slot_id, taken__gt=0).update(taken=F("taken") - 1)


def _change_times(inspection: Inspection, *, starts_at: datetime, ends_at: datetime) -> None:
    inspection.starts_at, inspection.ends_at = starts_at, ends_at
    inspection.revision += 1
    inspection.save(update_fields=["slot", "inspector", "clash", "starts_at", "ends_at", "revision"])


def _record_move(inspection: Inspection, *, before: datetime, actor: User | None, origin: Origin) -> None:
    data = {"from": _iso(before), "to": _iso(inspection.starts_at)}
    changes.record("inspection_moved", inspection, actor=actor, origin=origin, **data)


def _iso(moment: datetime) -> str:
    """In UTC, whichever zone it was given in: the feed is read by programs."""
    return moment.astimezone(UTC).isoformat()


def _gone(slot: Slot) -> NoReturn:
    property = Property.objects.get(pk=slot.property_id)
    raise SlotGone(property, next_free(property, now=clock.now()))
