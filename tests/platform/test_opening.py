"""Slots are opened, closed and deleted; what stands in the way is named."""

from datetime import datetime, timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from tests.factories import (
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    TimeOffFactory,
    at,
    now,
)

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT


def span(hour: int, minute: int = 0, *, minutes: int = 60) -> tuple[datetime, datetime]:
    return at(hour, minute), at(hour, minute) + timedelta(minutes=minutes)


def opened(
    property: Property, *times: tuple[datetime, datetime], inspector: User | None = None, capacity: int = 1
) -> list[Slot]:
    return inspections.open_slots(
        property=property,
        times=times,
        inspector=inspector,
        capacity=capacity,
        actor=property.agent,
        origin=CHAT,
    )


# --- opening ----------------------------------------------------------------------------------------------
def test_several_slots_are_opened_at_once_and_recorded_as_one_change() -> None:
    home, inspector = PropertyFactory(), InspectorFactory()
    slots = opened(home, span(12), span(10), inspector=inspector, capacity=3)
    assert [slot.starts_at for slot in slots] == [at(10), at(12)]
    assert list(inspections.free_slots(home, now=clock.now())) == slots
    assert {(slot.inspector, slot.capacity) for slot in slots} == {(inspector, 3)}
    change = Change.objects.get()
    assert (change.kind, change.subject, change.data["count"]) == ("slots_opened", home.ref, 2)


def test_slots_that_only_touch_are_no_clash() -> None:
    home = PropertyFactory()
    assert len(opened(home, span(10), span(11), span(12))) == 3


def test_all_or_nothing_is_opened() -> None:
    home = PropertyFactory()
    there = SlotFactory(property=home, starts_at=at(14))
    with pytest.raises(inspections.CannotOpen) as refusal:
        opened(home, span(10), span(14, 30))
    assert (refusal.value.start, refusal.value.other) == (at(14, 30), there)
    assert list(Slot.objects.all()) == [there]
    assert not Change.objects.exists()


def test_times_that_overlap_among_themselves_are_refused() -> None:
    with pytest.raises(inspections.CannotOpen) as refusal:
        opened(PropertyFactory(), span(10), span(10, 30))
    assert (refusal.value.start, refusal.value.other) == (at(10, 30), None)


def test_a_closed_slot_is_in_the_way_only_while_somebody_is_in_it() -> None:
    home = PropertyFactory()
    slot = SlotFactory(property=home, state=SlotState.CLOSED, taken=1)
    with pytest.raises(inspections.CannotOpen):
        opened(home, span(10))
    Slot.objects.filter(pk=slot.pk).update(taken=0)
    assert opened(home, span(10))


def test_an_agent_shows_one_property_at_a_time() -> None:
    home = PropertyFactory()
    elsewhere = SlotFactory(property=PropertyFactory(agent=home.agent), inspector=None)
    with pytest.raises(inspections.CannotOpen) as refusal:
        opened(home, span(10, 30))
    assert refusal.value.other == elsewhere
    assert opened(home, span(10, 30), inspector=InspectorFactory())


def test_an_inspector_is_sent_to_one_place_at_a_time() -> None:
    inspector = InspectorFactory()
    slot = SlotFactory(inspector=inspector)
    off = TimeOffFactory(inspector=inspector, starts_at=at(15), ends_at=at(16))
    for time, other in ((span(10, 30), slot), (span(15, 30), off)):
        with pytest.raises(inspections.CannotOpen) as refusal:
            opened(PropertyFactory(), time, inspector=inspector)
        assert refusal.value.other == other


def test_a_time_that_has_begun_is_too_late_to_open() -> None:
    with pytest.raises(inspections.TooLate):
        opened(PropertyFactory(), (now() - timedelta(minutes=1), now() + timedelta(hours=1)), span(10))


# --- closing and deleting ---------------------------------------------------------------------------------
def test_a_closed_slot_takes_no_more_bookings_and_keeps_those_it_has() -> None:
    slot = SlotFactory(capacity=2, taken=1)
    inspection = InspectionFactory(slot=slot)
    for _ in range(2):
        assert inspections.close_slot(slot=slot, actor=None, origin=CHAT, cancel_booked=False) == []
    with pytest.raises(inspections.SlotGone):
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CONFIRMED
    assert Change.objects.get().kind == "slot_closed"


def test_closing_with_its_bookings_calls_them_off() -> None:
    slot = SlotFactory(capacity=3, taken=2)
    people = [InspectionFactory(slot=slot), InspectionFactory(slot=slot)]
    gone = inspections.close_slot(
        slot=slot, actor=slot.property.agent, origin=CHAT, cancel_booked=True, why="The roof leaks."
    )
    assert gone == people
    slot.refresh_from_db()
    assert (slot.state, slot.taken) == (SlotState.CLOSED, 0)
    for inspection in Inspection.objects.all():
        assert (inspection.state, inspection.why) == (InspectionState.CANCELLED, "The roof leaks.")
    kinds = Change.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["slot_closed", "inspection_cancelled", "inspection_cancelled"]


def test_a_slot_that_has_begun_is_too_late_to_close() -> None:
    with pytest.raises(inspections.TooLate):
        inspections.close_slot(
            slot=SlotFactory(starts_at=now() - timedelta(minutes=1)),
            actor=None,
            origin=CHAT,
            cancel_booked=False,
        )


def test_only_a_slot_that_nobody_ever_booked_is_deleted() -> None:
    empty, booked = SlotFactory(), InspectionFactory().slot
    assert booked is not None
    once = InspectionFactory(state=InspectionState.CANCELLED, slot=SlotFactory()).slot
    assert once is not None
    assert inspections.delete_slot(slot=empty, actor=None, origin=CHAT)
    assert inspections.delete_slot(slot=empty, actor=None, origin=CHAT)
    assert not inspections.delete_slot(slot=booked, actor=None, origin=CHAT)
    assert not inspections.delete_slot(slot=once, actor=None, origin=CHAT)
    assert set(Slot.objects.all()) == {booked, once}
    change = Change.objects.get()
    assert (change.kind, change.subject) == ("slot_deleted", str(empty.pk))


def test_coming_slots_are_the_agents_own_open_or_with_people_in_them() -> None:
    late = SlotFactory(starts_at=at(15))
    home = late.property
    closed = SlotFactory(property=home, starts_at=at(9), state=SlotState.CLOSED, taken=1)
    SlotFactory(property=home, starts_at=at(11), state=SlotState.CLOSED)
    SlotFactory(property=home, starts_at=at(9, days=-1))
    SlotFactory()
    assert list(inspections.slots_of(home.agent, now=clock.now())) == [closed, late]
