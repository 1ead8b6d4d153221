"""The places of a slot, and the steps that several verbs share."""

from datetime import UTC, datetime
from typing import Any, NoReturn

from django.db import connection
from django.db.models import F

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.inspections.refusals import SlotGone, SlotTaken, TooLate
from inspector_whatsapp.models import Inspection, Property, Slot
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, SlotState

WANTED = "inspector_wanted"  # the incident: a visit whose inspector cannot come


# Its WHERE is read again after waiting for another's, so the last place goes once.
_TAKE = """
UPDATE inspector_whatsapp_slot SET taken = taken + 1
WHERE id = %(id)s AND state = 'open' AND taken < capacity AND starts_at > clock_now()
  AND starts_at = %(starts_at)s AND ends_at = %(ends_at)s AND inspector_id IS NOT DISTINCT FROM %(inspector)s
"""
_FULL = """
SELECT slot.id FROM inspector_whatsapp_slot slot
JOIN inspector_whatsapp_property property ON property.id = slot.property_id AND property.status = 'live'
WHERE slot.id = %(id)s AND slot.state = 'open' AND slot.taken >= slot.capacity
  AND slot.starts_at > clock_now() AND slot.starts_at = %(starts_at)s AND slot.ends_at = %(ends_at)s
  AND NOT EXISTS (
    SELECT FROM inspector_whatsapp_inspection own
    WHERE own.seeker_id = %(seeker)s AND own.state IN ('requested', 'confirmed') AND NOT own.clash
      AND own.starts_at < %(ends_at)s AND own.ends_at > %(starts_at)s)
  AND NOT EXISTS (
    SELECT FROM inspector_whatsapp_wait offer
    WHERE offer.offered_id = slot.id AND offer.seeker_id = %(seeker)s AND offer.state = 'offered'
      AND (offer.answer_by IS NULL OR offer.answer_by > clock_now()))
"""


def take_if_free(slot: Slot) -> bool:
    """One place less, where the slot is as it was read and has one; waits for whoever is about to take it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, _as_read(slot))
        return bool(cursor.rowcount)


def refuse_if_full(slot: Slot, *, seeker_id: int) -> None:
    """Raises SlotTaken where that and nothing else stands in the seeker's way. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FULL, _as_read(slot) | {"seeker": seeker_id})
        if cursor.fetchone():
            raise SlotTaken(slot.property)


def take_place(slot: Slot, property: Property) -> Slot:
    """The same, or why not. Returns the slot with the inspector that it has by then."""
    while not take_if_free(slot):
        if slot.starts_at <= clock.now():
            raise TooLate
        there = Slot.objects.filter(
            pk=slot.pk, state=SlotState.OPEN, starts_at=slot.starts_at, ends_at=slot.ends_at
        )
        fresh = there.select_related("property", "inspector").first()
        if fresh is None:
            gone(slot)
        if fresh.inspector_id == slot.inspector_id:
            raise SlotTaken(property)
        slot = fresh  # somebody else carries it out now, which is no reason to refuse
    return slot


def _as_read(slot: Slot) -> dict[str, Any]:
    return {
        "id": slot.pk,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "inspector": slot.inspector_id,
    }


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
    raise SlotGone(Property.objects.get(pk=slot.property_id))
