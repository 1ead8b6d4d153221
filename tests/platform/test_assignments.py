"""Who carries a visit out: a slot with everybody who has a place in it."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Incident, Inspection, Slot, User
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from tests.factories import (
    InspectionFactory,
    InspectorFactory,
    SeekerFactory,
    SlotFactory,
    TimeOffFactory,
    at,
    now,
)

pytestmark = pytest.mark.django_db
CHAT, ADMIN = Origin.CHAT, Origin.ADMIN


def visit(people: int = 2, **fields: object) -> tuple[User, Slot, list[Inspection]]:
    """An inspector, their slot, and who has booked it."""
    slot = SlotFactory(capacity=people + 1, taken=people, **fields)
    assert slot.inspector is not None
    return slot.inspector, slot, [InspectionFactory(slot=slot) for _ in range(people)]


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def wanted() -> int:
    return Incident.objects.filter(kind="inspector_wanted", closed_at=None).count()


# --- accepting --------------------------------------------------------------------------------------------
def test_an_inspector_accepts_the_whole_visit_once() -> None:
    inspector, _slot, (one, other) = visit()
    accepted = inspections.accept(inspection=one, actor=inspector, origin=CHAT)
    assert accepted.accepted_at is not None
    assert Inspection.objects.get(pk=other.pk).accepted_at is not None
    inspections.accept(inspection=other, actor=inspector, origin=CHAT)
    change = Change.objects.get()
    assert (change.kind, change.subject) == ("assignment_accepted", one.ref)
    assert change.data == {"inspections": [one.ref, other.ref]}


def test_nobody_accepts_or_hands_back_what_is_anothers_to_do() -> None:
    _inspector, _slot, (one, _other) = visit()
    for verb in (inspections.accept, inspections.hand_back):
        with pytest.raises(inspections.NotAssigned) as refusal:
            verb(inspection=one, actor=InspectorFactory(), origin=CHAT)
        assert refusal.value.inspection == one
    assert kinds() == []


def test_what_has_begun_or_was_called_off_is_too_late_to_accept_or_hand_back() -> None:
    inspector, _slot, (one, other) = visit()
    inspections.cancel(inspection=other, actor=None, origin=CHAT)
    with pytest.raises(inspections.TooLate):
        inspections.accept(inspection=other, actor=inspector, origin=CHAT)
    clock.move(timedelta(days=2))
    with pytest.raises(inspections.TooLate):
        inspections.hand_back(inspection=one, actor=inspector, origin=CHAT)


def test_another_time_is_to_be_accepted_anew() -> None:
    inspector, slot, (one, _other) = visit()
    inspections.accept(inspection=one, actor=inspector, origin=CHAT)
    inspections.move_slot(slot=slot, starts_at=at(15), ends_at=at(16), actor=None, origin=CHAT)
    assert not Inspection.objects.exclude(accepted_at=None).exists()


# --- handing back -----------------------------------------------------------------------------------------
def test_an_inspector_who_cannot_come_leaves_a_visit_for_another() -> None:
    inspector, slot, people = visit()
    inspections.accept(inspection=people[0], actor=inspector, origin=CHAT)
    left = inspections.hand_back(inspection=people[0], actor=inspector, origin=CHAT, why="Flat tyre.")
    assert left == people
    slot.refresh_from_db()
    assert (slot.inspector, slot.state, slot.taken) == (None, SlotState.CLOSED, 2)
    for inspection in Inspection.objects.all():
        assert (inspection.inspector, inspection.accepted_at) == (None, None)
        assert inspection.state == InspectionState.CONFIRMED
        assert inspection.revision == 2
    changes = Change.objects.filter(kind="inspection_unassigned")
    assert [change.data for change in changes] == [{"inspector": inspector.pk, "why": "Flat tyre."}] * 2
    incident = Incident.objects.get()
    assert (incident.kind, incident.closed_at) == ("inspector_wanted", None)
    assert people[0].ref in incident.sentence
    assert people[1].ref in incident.sentence
    assert "tyre" not in incident.sentence


def test_nobody_is_looked_for_once_the_last_has_gone() -> None:
    inspector, _slot, (one, other) = visit()
    inspections.hand_back(inspection=one, actor=inspector, origin=CHAT)
    inspections.cancel(inspection=one, actor=None, origin=CHAT)
    assert wanted() == 1
    elsewhere = SlotFactory(property=other.property, starts_at=at(15))
    inspections.move(inspection=other, slot=elsewhere, actor=None, origin=CHAT)
    assert wanted() == 0


def test_nobody_books_a_visit_that_nobody_carries_out() -> None:
    inspector, slot, (one, _other) = visit()
    inspections.hand_back(inspection=one, actor=inspector, origin=CHAT)
    with pytest.raises(inspections.SlotGone):
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)


def test_an_inspection_without_a_slot_is_handed_back_and_assigned_too() -> None:
    inspector, _slot, (one, other) = visit()
    Inspection.objects.filter(pk=one.pk).update(slot=None)
    assert inspections.hand_back(inspection=one, actor=inspector, origin=CHAT) == [one]
    assert Inspection.objects.get(pk=other.pk).inspector == inspector
    new = InspectorFactory()
    assert inspections.assign(inspection=one, inspector=new, actor=None, origin=ADMIN).inspector == new
    assert wanted() == 0


# --- assigning --------------------------------------------------------------------------------------------
def test_somebody_else_is_assigned_and_the_slot_takes_bookings_again() -> None:
    inspector, slot, people = visit()
    inspections.hand_back(inspection=people[0], actor=inspector, origin=CHAT)
    new = InspectorFactory()
    assigned = inspections.assign(inspection=people[1], inspector=new, actor=None, origin=ADMIN)
    assert assigned.inspector == new
    slot.refresh_from_db()
    assert (slot.inspector, slot.state) == (new, SlotState.OPEN)
    assert set(Inspection.objects.values_list("inspector", flat=True)) == {new.pk}
    assert wanted() == 0
    changes = Change.objects.filter(kind="inspection_assigned")
    assert [change.data for change in changes] == [{"before": None}] * 2
    booked = inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert booked.inspector == new


def test_reassigning_names_who_had_it_and_doing_so_again_changes_nothing() -> None:
    inspector, _slot, (one, _other) = visit()
    new = InspectorFactory()
    for _ in range(2):
        inspections.assign(inspection=one, inspector=new, actor=None, origin=ADMIN)
    changes = Change.objects.filter(kind="inspection_assigned")
    assert [change.data for change in changes] == [{"before": inspector.pk}] * 2


def test_a_slot_that_was_closed_for_its_own_sake_stays_closed() -> None:
    inspector, slot, (one, _other) = visit()
    inspections.close_slot(slot=slot, actor=None, origin=CHAT, cancel_booked=False)
    inspections.hand_back(inspection=one, actor=inspector, origin=CHAT)
    inspections.assign(inspection=one, inspector=InspectorFactory(), actor=None, origin=ADMIN)
    assert Slot.objects.get(pk=slot.pk).state == SlotState.CLOSED


def test_whoever_has_something_else_then_is_not_assigned() -> None:
    inspector, slot, (one, _other) = visit()
    elsewhere = InspectorFactory()
    occupied = SlotFactory(inspector=elsewhere, starts_at=at(10, 30))
    with pytest.raises(inspections.Overlapping) as refusal:
        inspections.assign(inspection=one, inspector=elsewhere, actor=None, origin=ADMIN)
    assert refusal.value.other == occupied
    off = TimeOffFactory()
    with pytest.raises(inspections.TimeOffThen) as away:
        inspections.assign(inspection=one, inspector=off.inspector, actor=None, origin=ADMIN)
    assert away.value.time_off == off
    assert Slot.objects.get(pk=slot.pk).inspector == inspector
    assert kinds() == []


def test_what_has_begun_is_too_late_to_assign() -> None:
    _inspector, _slot, (one, _other) = visit(starts_at=now() - timedelta(minutes=5))
    with pytest.raises(inspections.TooLate):
        inspections.assign(inspection=one, inspector=InspectorFactory(), actor=None, origin=ADMIN)


# --- what they have at that time --------------------------------------------------------------------------
def test_an_inspector_is_busy_with_slots_inspections_and_time_off() -> None:
    inspector, slot, _people = visit()
    ten, eleven = at(10), at(11)
    assert inspections.busy(inspector, start=ten, end=eleven) == slot
    assert inspections.busy(inspector, start=ten, end=eleven, but_slot=slot) is None
    assert inspections.busy(inspector, start=eleven, end=at(12)) is None
    loose = InspectionFactory(
        slot=None, property=slot.property, inspector=inspector, starts_at=at(14), ends_at=at(15)
    )
    assert inspections.busy(inspector, start=at(14), end=at(15), but_slot=slot) == loose
    off = TimeOffFactory(inspector=inspector, starts_at=at(17), ends_at=at(18))
    assert inspections.busy(inspector, start=at(16), end=at(20)) == off


def test_a_closed_slot_takes_the_inspectors_time_while_somebody_is_in_it() -> None:
    inspector, slot, (one, other) = visit()
    inspections.close_slot(slot=slot, actor=None, origin=CHAT, cancel_booked=False)
    assert inspections.busy(inspector, start=at(10), end=at(11)) == slot
    for inspection in (one, other):
        inspections.cancel(inspection=inspection, actor=None, origin=CHAT)
    assert inspections.busy(inspector, start=at(10), end=at(11)) is None
