"""Who carries a visit out. A visit is a slot with everybody who has a place in it: they are met together."""

from datetime import datetime

from django.db import transaction

from inspector_whatsapp import changes, clock, incidents
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.inspections import asks
from inspector_whatsapp.inspections.locks import Held, hold_visit
from inspector_whatsapp.inspections.places import WANTED, still_to_come, visit_key
from inspector_whatsapp.inspections.refusals import (
    STANDING,
    AskOver,
    Changed,
    NotAssigned,
    Overlapping,
    TimeOffThen,
    TooLate,
    in_words,
)
from inspector_whatsapp.models import Ask, Change, Inspection, Slot, TimeOff, User
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.models.inspections import LIVE_STATES, SlotState


def accept(*, inspection: Inspection, actor: User, origin: Origin) -> Inspection:
    """The inspector will be there, for everybody of the visit; a second time nothing happens.

    Returns it as it now is. Raises NotAssigned or TooLate.
    """
    with transaction.atomic():
        visit = hold_visit(inspection)
        inspection = _theirs(visit, inspection, actor)
        met = [one for one in visit.inspections if one.inspector_id == actor.pk and one.accepted_at is None]
        if not met:
            return inspection
        now = clock.now()
        for one in met:
            one.accepted_at = now
        Inspection.objects.bulk_update(met, ["accepted_at"])
        changes.record(
            "assignment_accepted",
            inspection,
            actor=actor,
            origin=origin,
            inspections=[one.ref for one in met],
        )
    return inspection


def hand_back(*, inspection: Inspection, actor: User, origin: Origin, why: str = "") -> list[Inspection]:
    """The inspector cannot come, to anybody of the visit; the next one of that area is asked.

    Nobody else can book the slot until then. Returns what lost its inspector. Raises NotAssigned or TooLate.
    """
    with transaction.atomic():
        visit = hold_visit(inspection)
        _theirs(visit, inspection, actor)
        return let_go(visit, inspector=actor, actor=actor, origin=origin, why=why)


def let_go(
    held: Held, *, inspector: User, actor: User | None, origin: Origin, why: str = ""
) -> list[Inspection]:
    """Take the inspector off visits that are held, and look for somebody else; returns what lost them."""
    left = [one for one in held.inspections if one.inspector_id == inspector.pk]
    for slot in held.slots:
        if slot.inspector_id == inspector.pk:
            slot.inspector, slot.state = None, SlotState.CLOSED
            slot.save(update_fields=["inspector", "state"])
    visits: dict[str, Inspection] = {}
    for one in left:
        _give(one, None)
        changes.record(
            "inspection_unassigned", one, actor=actor, origin=origin, inspector=inspector.pk, why=why
        )
        visits.setdefault(visit_key(one), one)
    for one in visits.values():
        asks.seek(one)
    return left


def take_over(*, ask: Ask, actor: User, origin: Origin) -> Inspection:
    """Who is asked carries the visit out, and will be there, for everybody of it.

    Returns it as it now is. Raises AskOver, or what `assign` raises; then nothing has changed.
    """
    with transaction.atomic():
        visit = asks.held(ask, inspector=actor)
        ask = asks.locked(ask)
        inspection = asks.wanted(visit.inspections, ask)
        theirs = ask.inspector_id == actor.pk and ask.state == AskState.ASKED
        if inspection is None or not theirs or asks.is_over(ask):
            raise AskOver(ask)
        asks.end(ask, AskState.ACCEPTED)
        assign(inspection=inspection, inspector=actor, actor=actor, origin=origin)
        return accept(inspection=inspection, actor=actor, origin=origin)


def assign(
    *,
    inspection: Inspection,
    inspector: User,
    actor: User | None,
    origin: Origin,
    revision: int | None = None,
) -> Inspection:
    """Give the visit to an inspector; to the one who has it, nothing happens.

    The slot takes bookings again, if it was closed for want of an inspector. revision: that of the inspection
    as whoever decides saw it. Returns it as it now is. Raises TooLate, Overlapping, TimeOffThen or Changed;
    then nothing has changed.
    """
    start, end = inspection.starts_at, inspection.ends_at
    with (
        in_words(start=start, end=end, inspector=inspector.pk, slot=inspection.slot),
        transaction.atomic(),
    ):
        visit = hold_visit(inspection, people=[inspector.pk])
        inspection = _one_of(visit, inspection)
        slot = visit.slots[0] if visit.slots else None
        if inspection.inspector_id == inspector.pk and (slot is None or slot.inspector_id == inspector.pk):
            return inspection
        if revision is not None and inspection.revision != revision:
            raise Changed(inspection)
        _be_free(inspector, visit.inspections, slot)
        incidents.close(WANTED, key=visit_key(inspection))
        if slot is not None:
            if slot.inspector_id is None and not _closed_by_somebody(slot):
                slot.state = SlotState.OPEN
            slot.inspector = inspector
            slot.save(update_fields=["inspector", "state"])
        for one in visit.inspections:
            before = one.inspector_id
            if before == inspector.pk:
                continue
            _give(one, inspector)
            changes.record("inspection_assigned", one, actor=actor, origin=origin, before=before)
    return inspection


def busy(
    inspector: User, *, start: datetime, end: datetime, but_slot: Slot | None = None
) -> Slot | Inspection | TimeOff | None:
    """What the inspector has at that time, `but_slot` and the inspections in it apart; None when free."""
    then = {"inspector": inspector, "starts_at__lt": end, "ends_at__gt": start}
    slots = Slot.objects.filter(STANDING, **then).select_related("property")
    visits = Inspection.objects.filter(state__in=LIVE_STATES, clash=False, **then).select_related("property")
    if but_slot is not None:
        slots, visits = slots.exclude(pk=but_slot.pk), visits.exclude(slot=but_slot)
    return (
        slots.order_by("starts_at").first()
        or visits.order_by("starts_at").first()
        or TimeOff.objects.filter(**then).order_by("starts_at").first()
    )


# --- the steps --------------------------------------------------------------------------------------------
def _one_of(visit: Held, inspection: Inspection) -> Inspection:
    found = next((one for one in visit.inspections if one.pk == inspection.pk), None)
    if found is None:
        raise TooLate
    still_to_come(found)
    return found


def _theirs(visit: Held, inspection: Inspection, inspector: User) -> Inspection:
    found = _one_of(visit, inspection)
    if found.inspector_id != inspector.pk:
        raise NotAssigned(found)
    return found


def _be_free(inspector: User, inspections: list[Inspection], slot: Slot | None) -> None:
    """Nothing else at any of these times; the inspector's lock makes sure it stays so."""
    times = {(one.starts_at, one.ends_at) for one in inspections}
    if slot is not None:
        times.add((slot.starts_at, slot.ends_at))
    for start, end in sorted(times):
        match busy(inspector, start=start, end=end, but_slot=slot):
            case TimeOff() as time_off:
                raise TimeOffThen(time_off)
            case Slot() | Inspection() as other:
                raise Overlapping(other)


def _give(inspection: Inspection, inspector: User | None) -> None:
    inspection.inspector = inspector
    inspection.accepted_at = None
    inspection.revision += 1
    inspection.save(update_fields=["inspector", "accepted_at", "revision"])


def _closed_by_somebody(slot: Slot) -> bool:
    """Whether it was closed for its own sake, and not only for want of an inspector."""
    return Change.objects.filter(kind="slot_closed", subject=str(slot.pk)).exists()
