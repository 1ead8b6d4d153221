"""The rules of booking, moving and calling off."""

from datetime import UTC, datetime, timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Slot
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from inspector_whatsapp.models.listings import PropertyStatus
from tests.factories import (
    LAGOS,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    at,
)

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def taken(slot: Slot) -> int:
    return Slot.objects.get(pk=slot.pk).taken


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def slot_of(inspection: Inspection) -> Slot:
    assert inspection.slot is not None
    return inspection.slot


# --- booking ----------------------------------------------------------------------------------------------
def test_a_booking_takes_a_place_is_confirmed_and_recorded() -> None:
    slot, seeker = SlotFactory(), SeekerFactory()
    inspection = inspections.book(seeker=seeker, slot=slot, origin=CHAT)
    assert inspection.ref.startswith("IN-")
    assert inspection.state == InspectionState.CONFIRMED
    assert (inspection.starts_at, inspection.inspector) == (slot.starts_at, slot.inspector)
    assert taken(slot) == 1
    change = Change.objects.get()
    assert (change.kind, change.subject, change.actor) == ("inspection_booked", inspection.ref, seeker)


def test_a_full_slot_is_refused_with_the_next_free_ones() -> None:
    slot = SlotFactory(capacity=1, taken=1)
    later = [SlotFactory(property=slot.property, starts_at=at(hour)) for hour in (12, 14, 15, 16)]
    SlotFactory(property=slot.property, starts_at=at(11), state=SlotState.CLOSED)
    with pytest.raises(inspections.SlotTaken) as refusal:
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert refusal.value.next_free == later[:3]
    assert not Inspection.objects.exists()
    assert kinds() == []


def test_a_closed_slot_has_gone() -> None:
    slot = SlotFactory(state=SlotState.CLOSED)
    with pytest.raises(inspections.SlotGone):
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)


def test_a_yes_to_one_time_does_not_book_another() -> None:
    slot = SlotFactory()
    Slot.objects.filter(pk=slot.pk).update(starts_at=at(15), ends_at=at(16))
    with pytest.raises(inspections.SlotGone) as refusal:
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert [free.starts_at for free in refusal.value.next_free] == [at(15)]


def test_a_slot_that_has_begun_is_too_late() -> None:
    slot = SlotFactory()
    clock.move(timedelta(days=3))
    with pytest.raises(inspections.TooLate):
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert taken(slot) == 0


@pytest.mark.parametrize("status", [status for status in PropertyStatus if status != PropertyStatus.LIVE])
def test_only_what_is_on_offer_can_be_inspected(status: PropertyStatus) -> None:
    slot = SlotFactory(property__status=status)
    assert inspections.next_free(slot.property, now=clock.now()) == []
    with pytest.raises(inspections.NotLive):
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert taken(slot) == 0


def test_the_same_slot_twice_names_the_first_booking_even_when_it_took_the_last_place() -> None:
    slot, seeker = SlotFactory(capacity=1), SeekerFactory()
    first = inspections.book(seeker=seeker, slot=slot, origin=CHAT)
    with pytest.raises(inspections.AlreadyBooked) as refusal:
        inspections.book(seeker=seeker, slot=slot, origin=CHAT)
    assert refusal.value.inspection == first
    assert taken(slot) == 1


def test_nobody_is_at_two_places_at_once_but_one_after_the_other_is_fine() -> None:
    seeker = SeekerFactory()
    first = inspections.book(seeker=seeker, slot=SlotFactory(starts_at=at(10)), origin=CHAT)
    half_past = SlotFactory(starts_at=at(10, 30))
    with pytest.raises(inspections.Overlapping) as refusal:
        inspections.book(seeker=seeker, slot=half_past, origin=CHAT)
    assert refusal.value.other == first
    assert taken(half_past) == 0
    inspections.book(seeker=seeker, slot=SlotFactory(starts_at=at(11)), origin=CHAT)


def test_what_was_cancelled_stands_in_nobodys_way() -> None:
    slot, seeker = SlotFactory(), SeekerFactory()
    first = inspections.book(seeker=seeker, slot=slot, origin=CHAT)
    inspections.cancel(inspection=first, actor=seeker, origin=CHAT)
    assert inspections.book(seeker=seeker, slot=slot, origin=CHAT) != first


# --- moving -----------------------------------------------------------------------------------------------
def test_a_move_gives_the_old_place_back_and_takes_the_new_one() -> None:
    old, seeker = SlotFactory(), SeekerFactory()
    new = SlotFactory(property=old.property, starts_at=at(15))
    booked = inspections.book(seeker=seeker, slot=old, origin=CHAT)
    moved = inspections.move(inspection=booked, slot=new, actor=seeker, origin=CHAT)
    moved.refresh_from_db()
    assert (taken(old), taken(new)) == (0, 1)
    assert (moved.ref, moved.revision) == (booked.ref, 2)
    assert (moved.slot, moved.starts_at, moved.inspector) == (new, new.starts_at, new.inspector)
    change = Change.objects.get(kind="inspection_moved")
    times = {"from": utc(old.starts_at), "to": utc(new.starts_at)}
    assert old.inspector is not None
    assert change.data == times | {"inspector_before": old.inspector.pk}


def test_a_move_to_the_same_slot_is_nothing() -> None:
    inspection = InspectionFactory()
    same = inspections.move(inspection=inspection, slot=slot_of(inspection), actor=None, origin=CHAT)
    assert same.revision == 1
    assert kinds() == []


def test_a_move_within_its_own_time_is_no_clash_with_itself() -> None:
    inspection = InspectionFactory()
    half_past = SlotFactory(property=inspection.property, starts_at=at(10, 30))
    moved = inspections.move(inspection=inspection, slot=half_past, actor=None, origin=CHAT)
    assert moved.starts_at == half_past.starts_at


def test_a_refused_move_leaves_everything_as_it_was() -> None:
    inspection = InspectionFactory()
    full = SlotFactory(property=inspection.property, starts_at=at(15), taken=1)
    with pytest.raises(inspections.SlotTaken):
        inspections.move(inspection=inspection, slot=full, actor=None, origin=CHAT)
    other = InspectionFactory(seeker=inspection.seeker, slot=SlotFactory(starts_at=at(12), taken=1))
    noon = SlotFactory(property=inspection.property, starts_at=at(12))
    with pytest.raises(inspections.Overlapping) as refusal:
        inspections.move(inspection=inspection, slot=noon, actor=None, origin=CHAT)
    assert refusal.value.other == other
    inspection.refresh_from_db()
    assert (inspection.revision, taken(slot_of(inspection)), taken(noon)) == (1, 1, 0)
    assert kinds() == []


def test_what_was_called_off_or_has_begun_does_not_move() -> None:
    inspection = InspectionFactory()
    later = SlotFactory(property=inspection.property, starts_at=at(15, days=5))
    inspections.cancel(inspection=inspection, actor=None, origin=CHAT)
    with pytest.raises(inspections.TooLate):
        inspections.move(inspection=inspection, slot=later, actor=None, origin=CHAT)
    begun = InspectionFactory(slot=SlotFactory(property=inspection.property, taken=1))
    clock.move(timedelta(days=2))
    with pytest.raises(inspections.TooLate):
        inspections.move(inspection=begun, slot=later, actor=None, origin=CHAT)
    assert taken(later) == 0


def test_an_inspection_does_not_move_to_another_property() -> None:
    with pytest.raises(ValueError, match="own property"):
        inspections.move(inspection=InspectionFactory(), slot=SlotFactory(), actor=None, origin=CHAT)


def test_a_clash_gets_a_place_by_moving_and_gives_none_back() -> None:
    old = SlotFactory(taken=1)
    clash = InspectionFactory(slot=old, clash=True)
    new = SlotFactory(property=old.property, starts_at=at(15))
    moved = inspections.move(inspection=clash, slot=new, actor=None, origin=CHAT)
    assert not moved.clash
    assert (taken(old), taken(new)) == (1, 1)


# --- calling off ------------------------------------------------------------------------------------------
def test_calling_off_gives_the_place_back_once() -> None:
    inspection = InspectionFactory(slot=SlotFactory(capacity=3, taken=2))
    for _ in range(2):
        off = inspections.cancel(inspection=inspection, actor=None, origin=CHAT, why="ill")
        assert (off.state, off.revision) == (InspectionState.CANCELLED, 2)
    assert taken(slot_of(inspection)) == 1
    assert kinds() == ["inspection_cancelled"]
    assert Change.objects.get().data == {"why": "ill"}


@pytest.mark.parametrize("state", [InspectionState.COMPLETED, InspectionState.NO_SHOW])
def test_what_is_over_cannot_be_called_off(state: InspectionState) -> None:
    inspection = InspectionFactory(state=state)
    with pytest.raises(inspections.TooLate):
        inspections.cancel(inspection=inspection, actor=None, origin=CHAT)


# --- moving a slot ----------------------------------------------------------------------------------------
def test_a_moved_slot_takes_everybody_in_it_along() -> None:
    slot = SlotFactory(capacity=3)
    first, second, off = (inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT) for _ in range(3))
    inspections.cancel(inspection=off, actor=None, origin=CHAT)
    was = slot.starts_at
    for _ in range(2):  # the second time it is there already
        inspections.move_slot(slot=slot, starts_at=at(14), ends_at=at(15), actor=None, origin=Origin.ADMIN)
    for inspection in (first, second):
        inspection.refresh_from_db()
        assert (inspection.starts_at, inspection.ends_at, inspection.revision) == (at(14), at(15), 2)
        change = Change.objects.get(kind="inspection_moved", subject=inspection.ref)
        assert change.data["from"] == utc(was)
        assert change.data["to"] == utc(at(14))
    off.refresh_from_db()
    assert off.starts_at == was
    assert taken(slot) == 2


def test_a_slot_does_not_move_onto_another_of_its_inspector() -> None:
    chidi = InspectorFactory()
    slot, other = SlotFactory(inspector=chidi), SlotFactory(inspector=chidi, starts_at=at(14))
    with pytest.raises(inspections.Overlapping) as refusal:
        inspections.move_slot(slot=slot, starts_at=at(14), ends_at=at(15), actor=None, origin=CHAT)
    assert refusal.value.other == other
    assert Slot.objects.get(pk=slot.pk).starts_at == at(10)


def test_a_slot_does_not_move_onto_what_its_seeker_has_elsewhere() -> None:
    inspection = InspectionFactory()
    other = InspectionFactory(seeker=inspection.seeker, slot=SlotFactory(starts_at=at(14), taken=1))
    with pytest.raises(inspections.Overlapping) as refusal:
        inspections.move_slot(
            slot=slot_of(inspection), starts_at=at(14), ends_at=at(15), actor=None, origin=CHAT
        )
    assert refusal.value.other == other
    assert kinds() == []


def test_a_closed_slot_does_not_move_nor_one_into_the_past() -> None:
    closed = SlotFactory(state=SlotState.CLOSED)
    with pytest.raises(inspections.SlotGone):
        inspections.move_slot(slot=closed, starts_at=at(14), ends_at=at(15), actor=None, origin=CHAT)
    with pytest.raises(inspections.TooLate):
        inspections.move_slot(
            slot=SlotFactory(), starts_at=at(days=-1), ends_at=at(11, days=-1), actor=None, origin=CHAT
        )


# --- reading ----------------------------------------------------------------------------------------------
def test_free_slots_are_open_unfilled_and_to_come() -> None:
    home = PropertyFactory()
    free = [SlotFactory(property=home, starts_at=at(hour, days=2), capacity=2, taken=1) for hour in (9, 16)]
    SlotFactory(property=home, starts_at=at(days=-1))
    SlotFactory(property=home, taken=1)
    SlotFactory(property=home, state=SlotState.CLOSED)
    SlotFactory()
    assert list(inspections.free_slots(home, now=clock.now())) == free


def test_days_are_days_in_the_persons_zone() -> None:
    home = PropertyFactory()
    late = SlotFactory(property=home, starts_at=at(0, 30, days=3))  # still the day before in UTC
    day = at(days=3).date()
    assert inspections.free_days(home, now=clock.now(), zone=LAGOS) == [(day, 1)]
    assert list(inspections.free_slots(home, now=clock.now(), on=day, zone=LAGOS)) == [late]
    assert not inspections.free_slots(home, now=clock.now(), on=day - timedelta(days=1), zone=LAGOS)


def test_people_see_their_own_inspections_only() -> None:
    inspection = InspectionFactory()
    number = inspection.ref.removeprefix("IN-")
    for typed in (inspection.ref, f" in {number}", f"in{number}", number):
        assert inspections.of_seeker(inspection.seeker, typed) == inspection
        assert inspections.of_seeker(SeekerFactory(), typed) is None
    assert inspections.of_seeker(inspection.seeker, "tomorrow") is None


def test_what_is_upcoming_is_what_still_stands() -> None:
    inspection = InspectionFactory()
    InspectionFactory(
        seeker=inspection.seeker, slot=SlotFactory(starts_at=at(15)), state=InspectionState.CANCELLED
    )
    assert list(inspections.upcoming(inspection.seeker, now=clock.now())) == [inspection]
    assert not inspections.upcoming(inspection.seeker, now=at(12, days=2))
