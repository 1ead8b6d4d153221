"""Inspections that count once the property's agent has said yes."""

from datetime import timedelta

import pytest
from django_celery_beat.models import PeriodicTask

from inspector_whatsapp import clock, inspections, tasks
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Slot
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import BookingRule
from tests.factories import (
    InspectionFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    at,
    now,
)

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def taken(inspection: Inspection) -> int:
    return Slot.objects.get(inspections=inspection).taken


def asking_slot(**fields: object) -> Slot:
    return SlotFactory(property__booking_rule=BookingRule.ASK, **fields)


def in_hours(hours: float) -> dict[str, object]:
    start = now() + timedelta(hours=hours)
    return {"slot__starts_at": start, "slot__ends_at": start + timedelta(hours=1)}


def after(hours: float) -> int:
    clock.move(timedelta(hours=hours))
    return inspections.chase_requests()


# --- asking -----------------------------------------------------------------------------------------------
def test_where_the_agent_wants_to_be_asked_a_booking_is_a_request_that_keeps_its_place() -> None:
    slot = asking_slot()
    inspection = inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert (inspection.state, inspection.asked_at) == (InspectionState.REQUESTED, clock.now())
    assert taken(inspection) == 1
    assert kinds() == ["inspection_requested"]


def test_an_agent_who_books_for_somebody_is_not_asked() -> None:
    slot = asking_slot()
    inspection = inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT, actor=slot.property.agent)
    assert (inspection.state, inspection.asked_at) == (InspectionState.CONFIRMED, None)
    assert kinds() == ["inspection_booked"]


def test_another_time_is_asked_for_again() -> None:
    inspection = InspectionFactory(slot__property__booking_rule=BookingRule.ASK, accepted_at=now())
    later = SlotFactory(property=inspection.property, starts_at=at(15))
    moved = inspections.move(inspection=inspection, slot=later, actor=inspection.seeker, origin=CHAT)
    assert (moved.state, moved.accepted_at) == (InspectionState.REQUESTED, None)
    assert moved.asked_at == clock.now()
    change = Change.objects.get()
    assert change.kind == "inspection_requested"
    assert set(change.data) == {"from", "to", "inspector_before"}


def test_an_agent_who_moves_an_inspection_has_said_yes_to_its_time() -> None:
    inspection = RequestFactory()
    later = SlotFactory(property=inspection.property, starts_at=at(15))
    agent = inspection.property.agent
    moved = inspections.move(inspection=inspection, slot=later, actor=agent, origin=CHAT)
    assert (moved.state, moved.asked_at) == (InspectionState.CONFIRMED, None)
    assert kinds() == ["inspection_moved"]


def test_requests_are_the_agents_own_and_still_to_come_soonest_first() -> None:
    late = RequestFactory(slot__starts_at=at(15))
    home = late.property
    early = RequestFactory(slot=SlotFactory(property=home, starts_at=at(9)))
    InspectionFactory(slot=SlotFactory(property=home, starts_at=at(11)))
    RequestFactory(slot=SlotFactory(property=home, starts_at=at(11, days=-1)))
    RequestFactory()
    assert list(inspections.requests_of(home.agent)) == [early, late]


# --- answering --------------------------------------------------------------------------------------------
def test_a_yes_confirms_and_is_recorded_once() -> None:
    request = RequestFactory()
    agent = request.property.agent
    confirmed = inspections.confirm(inspection=request, actor=agent, origin=CHAT)
    assert (confirmed.state, confirmed.asked_at) == (InspectionState.CONFIRMED, None)
    with pytest.raises(inspections.AlreadyAnswered) as refusal:
        inspections.confirm(inspection=request, actor=agent, origin=CHAT)
    assert refusal.value.inspection.state == InspectionState.CONFIRMED
    with pytest.raises(inspections.AlreadyAnswered):
        inspections.decline(inspection=request, actor=agent, origin=CHAT)
    assert kinds() == ["inspection_confirmed"]
    assert taken(request) == 1


def test_a_no_gives_the_place_back_and_keeps_the_reason() -> None:
    request = RequestFactory()
    declined = inspections.decline(
        inspection=request, actor=request.property.agent, origin=CHAT, why="I am travelling."
    )
    assert (declined.state, declined.why) == (InspectionState.DECLINED, "I am travelling.")
    assert taken(request) == 0
    change = Change.objects.get()
    assert (change.kind, change.data) == ("inspection_declined", {"why": "I am travelling."})


def test_a_request_that_the_seeker_called_off_cannot_be_confirmed() -> None:
    request = RequestFactory()
    inspections.cancel(inspection=request, actor=request.seeker, origin=CHAT, why="Found a place.")
    with pytest.raises(inspections.AlreadyAnswered) as refusal:
        inspections.confirm(inspection=request, actor=request.property.agent, origin=CHAT)
    assert refusal.value.inspection.state == InspectionState.CANCELLED
    assert refusal.value.inspection.why == "Found a place."


def test_a_request_whose_time_has_come_cannot_be_answered() -> None:
    request = RequestFactory(slot__starts_at=now() - timedelta(minutes=1))
    with pytest.raises(inspections.TooLate):
        inspections.confirm(inspection=request, actor=request.property.agent, origin=CHAT)


# --- nobody answers ---------------------------------------------------------------------------------------
def test_an_agent_is_reminded_once_and_then_the_request_is_released() -> None:
    request = RequestFactory(**in_hours(72))
    assert after(3.9) == 0
    assert after(0.2) == 1
    assert after(1) == 0
    assert kinds() == ["request_unanswered"]
    assert after(18.5) == 0
    assert after(0.5) == 1
    request = Inspection.objects.get(pk=request.pk)
    assert (request.state, request.why) == (InspectionState.DECLINED, "")
    assert taken(request) == 0
    assert after(1) == 0
    assert kinds() == ["request_unanswered", "inspection_released"]
    change = Change.objects.latest("pk")
    assert (change.actor, change.origin) == (None, Origin.SERVICE)


@pytest.mark.parametrize(
    ("start", "kept", "released"),
    [(30, 23.9, 24.1), (10, 8.9, 9.1), (3, 1.9, 2.1), (2, 0.9, 1.1), (1, 0.4, 0.6)],
)
def test_a_seeker_knows_in_time_to_go_somewhere_else(start: float, kept: float, released: float) -> None:
    request = RequestFactory(**in_hours(start))
    after(kept)
    assert Inspection.objects.get(pk=request.pk).state == InspectionState.REQUESTED
    after(released - kept)
    assert Inspection.objects.get(pk=request.pk).state == InspectionState.DECLINED


def test_what_was_answered_or_was_never_asked_is_not_chased() -> None:
    InspectionFactory(**in_hours(0.5))
    InspectionFactory(state=InspectionState.REQUESTED, **in_hours(0.5))
    request = RequestFactory(**in_hours(72))
    inspections.confirm(inspection=request, actor=None, origin=CHAT)
    assert after(30) == 0


def test_a_request_moved_to_another_time_waits_anew() -> None:
    request = RequestFactory(**in_hours(72))
    start = now() + timedelta(hours=90)
    later = SlotFactory(property=request.property, starts_at=start)
    after(5)
    inspections.move(inspection=request, slot=later, actor=request.seeker, origin=CHAT)
    assert after(3.9) == 0
    assert after(0.2) == 1
    assert kinds() == ["request_unanswered", "inspection_requested", "request_unanswered"]


def test_a_rule_changed_back_confirms_the_next_booking() -> None:
    home = PropertyFactory(booking_rule=BookingRule.AUTOMATIC)
    inspection = inspections.book(seeker=SeekerFactory(), slot=SlotFactory(property=home), origin=CHAT)
    assert inspection.state == InspectionState.CONFIRMED


def test_the_sweep_of_requests_runs_every_minute() -> None:
    entry = PeriodicTask.objects.select_related("interval").get(name="Sweep: requests nobody answered")
    assert entry.task == tasks.chase_requests.name
    assert str(entry.interval) == "every 60 seconds"
