"""The places of a slot, and the steps that several verbs share."""

from datetime import UTC, datetime
from typing import NoReturn

from django.db.models import F

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.inspections.free import next_free
from inspector_whatsapp.inspections.refusals import SlotGone, SlotTaken, TooLate
from inspector_whatsapp.models import Inspection, Property, Slot
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, SlotState

WANTED = "inspector_wanted"  # the incident: a visit whose inspector cannot come


def take_place(slot: Slot, property: Property) -> Slot:
    """One place less; its WHERE is read again after waiting for another's, so the last goes once.

    Returns the slot with the inspector that it has by then.
    """
    while True:
        taken = Slot.objects.filter(
            pk=slot.pk,
            state=SlotState.OPEN,
            taken__lt=F("capacity"),
            starts_at__gt=clock.Now(),
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            inspector=slot.inspector_id,
        ).update(taken=F("taken") + 1)
        if taken:
            return slot
        now = clock.now()
        if slot.starts_at <= now:
            raise TooLate
        there = Slot.objects.filter(
            pk=slot.pk, state=SlotState.OPEN, starts_at=slot.starts_at, ends_at=slot.ends_at
        )
        fresh = there.select_related("property", "inspector").first()
        if fresh is None:
            gone(slot)
        if fresh.inspector_id == slot.inspector_id:
            raise SlotTaken(property, next_free(property, now=now))
        slot = fresh  # somebody else carries it out now, which is no reason to refuse


def give_place_back(inspection: Inspection) -> None:
    """Called before the inspection leaves its slot or its state."""
    if inspection.clash or inspection.slot_id is None:
        return  # it never had one
    Slot.objects.filter(pk=inspection.slot_id, taken__gt=0).update(taken=F("taken") - 1)


def end(inspection: Inspection, state: InspectionState, *, why: str = "") -> None:
    """It will not take place: its place is free again, and nobody is asked or looked for any more."""
    give_place_back(inspection)
    inspection.state = state
    inspection.why = why[:300]
    inspection.asked_at = inspection.asked_again_at = None
    inspection.revision += 1
    inspection.save(update_fields=["state", "why", "asked_at", "asked_again_at", "revision"])
    if inspection.inspector_id is None:
        stop_looking(visit_key(inspection), inspection.slot_id)


def stop_looking(key: str, slot: int | None) -> None:
    """Close the search for an inspector of a visit, unless somebody still has a place in its slot."""
    if slot is None or not Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).exists():
        incidents.close(WANTED, key=key)


def visit_key(inspection: Inspection) -> str:
    """What a visit is called in incidents."""
    return inspection.ref if inspection.slot_id is None else f"slot {inspection.slot_id}"


def still_to_come(inspection: Inspection) -> None:
    """Raises TooLate once it is no longer live or has begun."""
    if inspection.state not in LIVE_STATES or inspection.starts_at <= clock.now():
        raise TooLate


def iso(moment: datetime) -> str:
    """In UTC, whichever zone it was given in: the feed is read by programs."""
    return moment.astimezone(UTC).isoformat()


def gone(slot: Slot) -> NoReturn:
    property = Property.objects.get(pk=slot.property_id)
    raise SlotGone(property, next_free(property, now=clock.now()))
