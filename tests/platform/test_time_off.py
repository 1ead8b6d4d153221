"""Hours and days at which an inspector is sent nowhere."""

from datetime import datetime, timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Incident, Inspection, Slot, TimeOff, User
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from tests.factories import InspectionFactory, InspectorFactory, SlotFactory, TimeOffFactory, at, now

pytestmark = pytest.mark.django_db


def off(inspector: User, start: datetime, end: datetime) -> TimeOff:
    return inspections.take_time_off(
        inspector=inspector, starts_at=start, ends_at=end, actor=inspector, origin=Origin.CHAT
    )


def test_visits_are_handed_back_and_empty_slots_closed() -> None:
    inspector = InspectorFactory()
    empty = SlotFactory(inspector=inspector, starts_at=at(9))
    visit = InspectionFactory(slot=SlotFactory(inspector=inspector, capacity=2, taken=1))
    before = SlotFactory(inspector=inspector, starts_at=at(8))
    later = InspectionFactory(slot=SlotFactory(inspector=inspector, starts_at=at(14), taken=1))
    InspectionFactory()
    touched = inspections.touched_by_time_off(inspector, start=at(9), end=at(14))
    assert list(touched) == [visit]
    off(inspector, at(9), at(14))
    states = dict(Slot.objects.values_list("pk", "state"))
    assert (states[empty.pk], states[before.pk]) == (SlotState.CLOSED, SlotState.OPEN)
    visit.refresh_from_db()
    later.refresh_from_db()
    assert (visit.inspector, visit.state) == (None, InspectionState.CONFIRMED)
    assert later.inspector == inspector
    assert visit.slot is not None
    assert (visit.slot.inspector, visit.slot.state) == (None, SlotState.CLOSED)
    assert Incident.objects.get().kind == "inspector_wanted"
    taken = Change.objects.get(kind="time_off_taken")
    assert (taken.data["closed"], taken.data["handed_back"]) == ([empty.pk], [visit.ref])


def test_what_has_begun_is_finished() -> None:
    inspector = InspectorFactory()
    going_on = InspectionFactory(
        slot=SlotFactory(inspector=inspector, starts_at=now() - timedelta(minutes=20), taken=1)
    )
    assert not inspections.touched_by_time_off(inspector, start=now(), end=at(17))
    off(inspector, now() - timedelta(minutes=5), at(17))
    assert Inspection.objects.get(pk=going_on.pk).inspector == inspector


def test_nobody_is_off_twice_or_in_the_past() -> None:
    there = TimeOffFactory()
    with pytest.raises(inspections.AlreadyOff) as refusal:
        off(there.inspector, at(16), at(20))
    assert refusal.value.time_off == there
    off(there.inspector, at(17), at(20))
    with pytest.raises(inspections.TooLate):
        off(there.inspector, at(9, days=-1), at(10, days=-1))


def test_time_off_that_ends_leaves_the_inspector_free_again() -> None:
    there = TimeOffFactory()
    coming = inspections.time_off_of(there.inspector, now=clock.now())
    assert list(coming) == [there]
    for _ in range(2):
        inspections.end_time_off(time_off=there, actor=there.inspector, origin=Origin.CHAT)
    assert not coming.all()
    assert inspections.busy(there.inspector, start=at(9), end=at(17)) is None
    change = Change.objects.get()
    assert (change.kind, change.subject) == ("time_off_ended", str(there.pk))
