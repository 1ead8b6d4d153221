"""What seekers do, and agents for them: book a place, move to another, call it off.

Rules that must hold whatever code forgets are constraints.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from inspector_whatsapp import changes, clock, gateway
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_inspection, lock_people, lock_slots
from inspector_whatsapp.inspections.offers import take_held
from inspector_whatsapp.inspections.places import (
    end,
    give_place_back,
    iso,
    refuse_if_full,
    still_to_come,
    stop_looking,
    take_if_free,
    take_place,
    visit_key,
)
from inspector_whatsapp.inspections.refusals import (
    AlreadyBooked,
    NotLive,
    OfferOver,
    Overlapping,
    SlotTaken,
    TooLate,
    in_words,
    live_between,
)
from inspector_whatsapp.models import Inspection, Property, Slot, User, Wait
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from inspector_whatsapp.models.waiting import WaitState
from inspector_whatsapp.prepared import Given, Prepared

# Kept with the inspections that end by it, in English.
_OFF_OFFER = {
    PropertyStatus.UNAVAILABLE: "The property is not available any more",
    PropertyStatus.LET: "The property has been let",
    PropertyStatus.SOLD: "The property has been sold",
}
_MOVED = (
    *("slot", "inspector", "starts_at", "ends_at", "clash", "state", "revision"),
    *("asked_at", "asked_again_at", "accepted_at", "coming_at"),
)


def book(*, seeker: User, slot: Slot, origin: Origin, actor: User | None = None) -> Inspection:
    """Book a place in `slot`, at the time that it had when it was read.

    Where the agent wants to be asked, or Inspector's backend decides, it is only requested; the place is kept
    until they answer. A place that a waiting list holds for the seeker is theirs. Raises SlotTaken, SlotGone,
    AlreadyBooked, Overlapping, TooLate or NotLive; then nothing has changed.
    """
    actor = actor or seeker
    refuse_if_full(slot, seeker_id=seeker.pk)  # of many who want it, most hear so before they hold anything
    with in_words(seekers=[seeker.pk], start=slot.starts_at, end=slot.ends_at), transaction.atomic():
        lock_people([seeker.pk])
        taken = take_if_free(slot)
        waited = None if taken else take_held(slot, seeker)
        taken = taken or waited is not None
        if not taken:
            refuse_if_full(slot, seeker_id=seeker.pk)
        property = _on_offer(slot)
        _be_free(seeker_id=seeker.pk, slot=slot)
        if not taken:
            slot = take_place(slot, property)
        now = clock.now()
        asks, decides = _asks(property, actor), gateway.decides(origin)
        inspection = Inspection.objects.create(
            slot=slot,
            property=property,
            seeker=seeker,
            inspector=slot.inspector,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            state=_state(asks=asks, decides=decides),
            asked_at=now if asks else None,
            created_at=now,
        )
        if waited is not None:
            Wait.objects.filter(pk=waited).update(inspection=inspection)
        changes.record(
            _kind("inspection_booked", asks=asks, decides=decides),
            inspection,
            actor=actor,
            origin=origin,
            property=property.ref,
            starts_at=iso(slot.starts_at),
        )
    return inspection


def take(*, wait: Wait, origin: Origin, actor: User | None = None) -> Inspection:
    """Take the place that is offered to a wait, at the time that its slot had when it was read.

    Raises OfferOver, or what `book` raises; then nothing has changed.
    """
    if wait.inspection is not None:
        raise AlreadyBooked(wait.inspection)
    if wait.state != WaitState.OFFERED or wait.offered is None:
        raise OfferOver(wait)
    try:
        return book(seeker=wait.seeker, slot=wait.offered, origin=origin, actor=actor)
    except SlotTaken as taken:
        raise OfferOver(wait) from taken


def move(*, inspection: Inspection, slot: Slot, actor: User | None, origin: Origin) -> Inspection:
    """Move an inspection to another slot of its property; to its own slot, nothing happens.

    Where the agent wants to be asked, and did not move it, or Inspector's backend decides, the new time is
    requested. Returns it as it now is. Raises what `book` raises; then nothing has changed.
    """
    if slot.property_id != inspection.property_id:
        raise ValueError("An inspection moves between slots of its own property.")
    seekers = [inspection.seeker_id]
    with in_words(seekers=seekers, start=slot.starts_at, end=slot.ends_at), transaction.atomic():
        inspection = lock_inspection(inspection)
        still_to_come(inspection)
        if inspection.slot_id == slot.pk and not inspection.clash:
            return inspection
        property = _on_offer(slot)
        _be_free(seeker_id=inspection.seeker_id, slot=slot, but=inspection)
        # Two people who swap slots at once would otherwise each hold what the other waits for.
        lock_slots([slot.pk] if inspection.slot_id is None else [slot.pk, inspection.slot_id])
        slot = take_place(slot, property)
        give_place_back(inspection)
        asks, decides = _asks(property, actor), gateway.decides(origin)
        was = {
            "slot": inspection.slot_id,
            "stood": inspection.state == InspectionState.CONFIRMED,
            "asked_at": iso(inspection.asked_at) if inspection.asked_at else None,
            "asks": asks,
        }
        before, left = inspection.starts_at, inspection.slot_id
        former = inspection.inspector_id
        wanted = visit_key(inspection) if inspection.inspector_id is None else ""
        inspection.slot = slot
        inspection.inspector = slot.inspector
        inspection.starts_at, inspection.ends_at = slot.starts_at, slot.ends_at
        inspection.clash = False
        inspection.state = _state(asks=asks, decides=decides)
        inspection.asked_at = clock.now() if asks else None
        inspection.asked_again_at = inspection.accepted_at = inspection.coming_at = None
        inspection.revision += 1
        inspection.save(update_fields=_MOVED)
        if wanted:
            stop_looking(wanted, left)
        kind = _kind("inspection_moved", asks=asks, decides=decides)
        data: dict[str, Any] = {"from": iso(before), "to": iso(inspection.starts_at)}
        data |= {"inspector_before": former} | ({"was": was} if decides else {})
        changes.record(kind, inspection, actor=actor, origin=origin, **data)
    return inspection


def cancel(*, inspection: Inspection, actor: User | None, origin: Origin, why: str = "") -> Inspection:
    """Call an inspection off and give its place back; what is off already stays as it is.

    `why` in people's words. Returns it as it now is. Raises TooLate once it has begun.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        if inspection.state in (InspectionState.CANCELLED, InspectionState.DECLINED):
            return inspection
        still_to_come(inspection)
        asked_at = iso(inspection.asked_at) if inspection.asked_at else None
        end(inspection, InspectionState.CANCELLED, why=why)
        was = {"was": {"asked_at": asked_at}} if gateway.decides(origin) else {}
        changes.record("inspection_cancelled", inspection, actor=actor, origin=origin, why=why, **was)
    return inspection


def call_off(
    *, inspections: Iterable[Inspection], status: PropertyStatus, actor: User | None, origin: Origin
) -> list[Inspection]:
    """Cancel what is to come of a property that is no longer on offer, and says why; those that were."""
    cancelled = []
    for inspection in sorted(inspections, key=lambda each: (each.seeker_id, each.pk)):
        try:
            cancelled.append(
                cancel(inspection=inspection, actor=actor, origin=origin, why=_OFF_OFFER[status])
            )
        except TooLate:
            continue  # it has just begun: whoever is there is there
    return cancelled


# --- the steps --------------------------------------------------------------------------------------------
def _asks(property: Property, actor: User | None) -> bool:
    """Whether the agent has a say: not where they are the one who acts."""
    own = actor is not None and actor.pk == property.agent_id
    return property.booking_rule == BookingRule.ASK and not own


def _state(*, asks: bool, decides: bool) -> InspectionState:
    return InspectionState.REQUESTED if asks or decides else InspectionState.CONFIRMED


def _kind(certain: str, *, asks: bool, decides: bool) -> str:
    """What happened: for the agent to answer, for Inspector's backend, or for good."""
    if asks:
        return "inspection_requested"
    return "inspection_pending" if decides else certain


_PROPERTY = Prepared(lambda: Property.objects.filter(pk=Given("pk")).select_related("agent"))


def _on_offer(slot: Slot) -> Property:
    (property,) = _PROPERTY.of(pk=slot.property_id)
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
