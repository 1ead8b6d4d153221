"""What Inspector's own backend makes of an inspection: it is certain, it cannot be, it stays as it was."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.dateparse import parse_datetime

from inspector_whatsapp import changes, incidents
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections.locks import lock_inspection, lock_slots
from inspector_whatsapp.inspections.offers import make_room
from inspector_whatsapp.inspections.places import end, give_place_back, iso, take_place
from inspector_whatsapp.inspections.refusals import CannotInspect, live_between
from inspector_whatsapp.models import Inspection, Slot
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, SlotState

_PLACED = (
    *("slot", "inspector", "starts_at", "ends_at", "state", "asked_at", "asked_again_at", "accepted_at"),
    *("coming_at", "revision"),
)
_STANDS = ("state", "asked_at", "why", "clash", "revision")


def agree(*, inspection: Inspection, slot: int | None, moved: dict[str, Any] | None) -> None:
    """Inspector has it in `slot`: it is certain, unless its agent is still asked or it is elsewhere now.

    moved: what a move says of itself, where people are to hear of it as one.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        waits = inspection.state == InspectionState.REQUESTED and inspection.slot_id == slot
        if not waits or inspection.asked_at is not None:
            return
        inspection.state = InspectionState.CONFIRMED
        inspection.save(update_fields=["state"])
        kind = "inspection_confirmed" if moved is None else "inspection_moved"
        changes.record(kind, inspection, actor=None, origin=Origin.SYNC, **(moved or {}))


def refuse(*, inspection: Inspection, close: bool, origin: Origin) -> Inspection:
    """It cannot be: its place is given up; with `close` its slot takes nobody else either.

    origin: sync where Inspector knows of it. Returns it as it now is.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        if inspection.state not in LIVE_STATES:
            return inspection
        end(inspection, InspectionState.DECLINED)
        if close and inspection.slot_id is not None:
            (slot,) = lock_slots([inspection.slot_id])
            if slot.state == SlotState.OPEN:
                slot.state = SlotState.CLOSED
                slot.save(update_fields=["state"])
                ref = inspection.property.ref
                changes.record("slot_closed", slot, actor=None, origin=Origin.SYNC, property=ref)
        changes.record("inspection_refused", inspection, actor=None, origin=origin)
    return inspection


def put_back(*, inspection: Inspection, undo: dict[str, Any] | None, origin: Origin) -> bool:
    """Its new time cannot be: it goes back to where `undo` says that it was, if there is still room.

    False where there is none: then it is called off, and Inspector hears of that.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        if inspection.state not in LIVE_STATES:
            return True
        slot = Slot.objects.filter(pk=undo["slot"]).first() if undo else None
        if undo is None or slot is None or not _back(inspection, slot, undo, origin):
            refuse(inspection=inspection, close=False, origin=Origin.SERVICE)
            return False
    return True


def reinstate(*, inspection: Inspection, undo: dict[str, Any] | None = None) -> Inspection:
    """It was called off here and stands at Inspector: it stands. Where its place is taken it is a clash.

    undo: how it was; what its agent had not answered is to be answered. Returns it as it now is.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        if inspection.state not in (InspectionState.CANCELLED, InspectionState.DECLINED):
            return inspection
        asked_at = parse_datetime(undo["asked_at"]) if undo and undo["asked_at"] else None
        inspection.state = InspectionState.REQUESTED if asked_at else InspectionState.CONFIRMED
        inspection.asked_at, inspection.why = asked_at, ""
        inspection.revision += 1
        if inspection.slot_id is not None:
            make_room(inspection.slot_id)
        try:
            with transaction.atomic():
                inspection.clash = inspection.slot_id is not None and not Slot.objects.filter(
                    pk=inspection.slot_id, taken__lt=F("capacity")
                ).update(taken=F("taken") + 1)
                inspection.save(update_fields=_STANDS)
        except IntegrityError:  # the seeker, or the inspector, has something else then
            inspection.clash = True
            inspection.save(update_fields=_STANDS)
        if inspection.clash:
            sentence = f"{inspection.ref} stands at Inspector, and its place is taken here."
            incidents.report("clash", key=inspection.ref, sentence=sentence)
        changes.record("inspection_stands", inspection, actor=None, origin=Origin.SYNC)
    return inspection


def _back(inspection: Inspection, slot: Slot, undo: dict[str, Any], origin: Origin) -> bool:
    start, left = inspection.starts_at, inspection.slot_id
    others = live_between([inspection.seeker_id], start=slot.starts_at, end=slot.ends_at)
    if others.exclude(pk=inspection.pk).exists():
        return False
    lock_slots([slot.pk] if left is None else [slot.pk, left])
    make_room(slot.pk)
    try:
        slot = take_place(slot, inspection.property)
    except CannotInspect:
        return False
    give_place_back(inspection)
    asked_at = parse_datetime(undo["asked_at"]) if undo["asked_at"] else None
    inspection.slot, inspection.inspector = slot, slot.inspector
    inspection.starts_at, inspection.ends_at = slot.starts_at, slot.ends_at
    inspection.state = InspectionState.REQUESTED if asked_at else InspectionState.CONFIRMED
    inspection.asked_at, inspection.asked_again_at, inspection.accepted_at = asked_at, None, None
    inspection.coming_at = None
    inspection.revision += 1
    inspection.save(update_fields=_PLACED)
    data = {"from": iso(start), "to": iso(slot.starts_at), "asks": undo["asks"]}
    changes.record("inspection_kept", inspection, actor=None, origin=origin, **data)
    if inspection.state == InspectionState.CONFIRMED and not undo["stood"]:
        # It has become certain without anybody having heard so: it was moved before Inspector's yes.
        changes.record("inspection_confirmed", inspection, actor=None, origin=origin)
    return True
