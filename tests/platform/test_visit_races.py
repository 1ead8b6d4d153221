"""Two who act on one visit at the same moment, on real connections."""

from datetime import timedelta
from functools import partial

import pytest

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Incident, Inspection, Slot, TimeOff
from inspector_whatsapp.models.inspections import LIVE_STATES, InspectionState, Outcome, SlotState
from inspector_whatsapp.models.listings import BookingRule
from tests.factories import (
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    at,
    now,
)
from tests.platform.test_races import at_once, count

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT
ROUNDS = 6


def kinds(inspection: Inspection) -> list[str]:
    return list(Change.objects.filter(subject=inspection.ref).order_by("pk").values_list("kind", flat=True))


def places_are_right(slot: Slot) -> bool:
    standing = Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).count()
    return Slot.objects.get(pk=slot.pk).taken == standing


def slot_of(inspection: Inspection) -> Slot:
    assert inspection.slot is not None
    return inspection.slot


def test_a_yes_and_the_seekers_no_at_once_end_in_a_cancellation() -> None:
    for _ in range(ROUNDS):
        request = RequestFactory()
        confirmed, _off = at_once(
            partial(inspections.confirm, inspection=request, actor=None, origin=CHAT),
            partial(inspections.cancel, inspection=request, actor=request.seeker, origin=CHAT),
        )
        assert isinstance(confirmed, Inspection | inspections.AlreadyAnswered)
        request.refresh_from_db()
        assert request.state == InspectionState.CANCELLED
        expected = ["inspection_cancelled"]
        if isinstance(confirmed, Inspection):
            expected.insert(0, "inspection_confirmed")
        assert kinds(request) == expected
        assert places_are_right(slot_of(request))


def test_a_yes_and_a_no_at_once_give_one_answer() -> None:
    for _ in range(ROUNDS):
        request = RequestFactory()
        outcomes = at_once(
            partial(inspections.confirm, inspection=request, actor=None, origin=CHAT),
            partial(inspections.decline, inspection=request, actor=None, origin=CHAT),
            partial(inspections.confirm, inspection=request, actor=None, origin=CHAT),
        )
        assert count(outcomes) == {"Inspection": 1, "AlreadyAnswered": 2}
        assert len(kinds(request)) == 1
        assert places_are_right(slot_of(request))


def test_a_request_is_confirmed_or_released_never_both() -> None:
    for _ in range(ROUNDS):
        start = now() + timedelta(minutes=30)
        request = RequestFactory(slot__starts_at=start, asked_at=now() - timedelta(hours=3))
        outcomes = at_once(
            partial(inspections.confirm, inspection=request, actor=None, origin=CHAT),
            inspections.chase_requests,
            inspections.chase_requests,
        )
        request.refresh_from_db()
        if isinstance(outcomes[0], Inspection):
            assert (request.state, kinds(request)) == (InspectionState.CONFIRMED, ["inspection_confirmed"])
            assert outcomes[1:] == [0, 0]
        else:
            assert (request.state, kinds(request)) == (InspectionState.DECLINED, ["inspection_released"])
            assert sorted(outcomes[1:]) == [0, 1]  # type: ignore[type-var]
        assert places_are_right(slot_of(request))


def test_a_request_that_is_moved_while_it_is_released_waits_for_an_answer_or_is_off() -> None:
    for _ in range(ROUNDS):
        request = RequestFactory(asked_at=now() - timedelta(hours=25))
        later = SlotFactory(property=request.property, starts_at=at(15))
        moved, _released = at_once(
            partial(inspections.move, inspection=request, slot=later, actor=request.seeker, origin=CHAT),
            inspections.chase_requests,
        )
        request.refresh_from_db()
        if isinstance(moved, Inspection):
            assert (request.state, request.slot) == (InspectionState.REQUESTED, later)
        else:
            assert request.state == InspectionState.DECLINED
        assert places_are_right(later)


def test_two_sessions_of_an_agent_open_overlapping_slots_once() -> None:
    for _ in range(ROUNDS):
        home = PropertyFactory()
        elsewhere = PropertyFactory(agent=home.agent)
        outcomes = at_once(
            *(
                partial(
                    inspections.open_slots,
                    property=place,
                    times=[(at(hour, minute), at(hour + 1, minute)) for hour in (9, 11, 14)],
                    inspector=None,
                    capacity=2,
                    actor=home.agent,
                    origin=CHAT,
                )
                for place, minute in ((home, 0), (home, 30), (elsewhere, 30), (elsewhere, 15))
            )
        )
        assert count(outcomes) == {"list": 1, "CannotOpen": 3}
        assert Slot.objects.filter(property__agent=home.agent).count() == 3


def test_two_agents_get_one_inspector_once() -> None:
    for _ in range(ROUNDS):
        inspector = InspectorFactory()
        outcomes = at_once(
            *(
                partial(
                    inspections.open_slots,
                    property=PropertyFactory(),
                    times=[(at(10), at(11))],
                    inspector=inspector,
                    capacity=1,
                    actor=None,
                    origin=CHAT,
                )
                for _ in range(3)
            )
        )
        assert count(outcomes) == {"list": 1, "CannotOpen": 2}


def test_an_outcome_reported_many_times_at_once_is_reported_once() -> None:
    for _ in range(ROUNDS):
        inspector = InspectorFactory()
        inspection = InspectionFactory(
            slot__starts_at=now() - timedelta(minutes=5), slot__inspector=inspector
        )
        report = partial(
            inspections.report,
            inspection=inspection,
            outcome=Outcome.COMPLETED,
            note="",
            photos=[("inspections/front.jpg", "a" * 64)],
            actor=inspector,
            origin=CHAT,
        )
        assert count(at_once(*[report] * 4)) == {"Inspection": 4}
        assert kinds(inspection) == ["inspection_reported"]
        assert inspection.photos.count() == 1


def test_whoever_books_while_the_visit_is_assigned_meets_the_new_inspector() -> None:
    for _ in range(ROUNDS):
        slot = SlotFactory(capacity=5, taken=1)
        inspection = InspectionFactory(slot=slot)
        new = InspectorFactory()
        seekers = SeekerFactory.create_batch(3)
        outcomes = at_once(
            partial(inspections.assign, inspection=inspection, inspector=new, actor=None, origin=CHAT),
            *(partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT) for seeker in seekers),
        )
        assert count(outcomes) == {"Inspection": 4}
        assert set(Inspection.objects.filter(slot=slot).values_list("inspector", flat=True)) == {new.pk}
        assert places_are_right(slot)


def test_nobody_is_forgotten_when_a_visit_is_handed_back_while_it_is_booked_and_called_off() -> None:
    for _ in range(ROUNDS):
        inspector = InspectorFactory()
        slot = SlotFactory(capacity=6, taken=2, inspector=inspector)
        one, other = InspectionFactory(slot=slot), InspectionFactory(slot=slot)
        seekers = SeekerFactory.create_batch(2)
        outcomes = at_once(
            partial(inspections.hand_back, inspection=one, actor=inspector, origin=CHAT),
            partial(inspections.cancel, inspection=other, actor=None, origin=CHAT),
            *(partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT) for seeker in seekers),
        )
        assert isinstance(outcomes[0], list)
        assert set(count(outcomes)) <= {"list", "Inspection", "SlotGone"}
        standing = Inspection.objects.filter(slot=slot, state__in=LIVE_STATES)
        assert set(standing.values_list("inspector", flat=True)) == {None}
        slot.refresh_from_db()
        assert (slot.inspector, slot.state) == (None, SlotState.CLOSED)
        assert places_are_right(slot)
        assert Incident.objects.filter(key=f"slot {slot.pk}", closed_at=None).count() == 1


def test_an_inspector_is_off_or_assigned_never_both() -> None:
    for _ in range(ROUNDS):
        inspection, inspector = InspectionFactory(), InspectorFactory()
        assigned, off = at_once(
            partial(inspections.assign, inspection=inspection, inspector=inspector, actor=None, origin=CHAT),
            partial(
                inspections.take_time_off,
                inspector=inspector,
                starts_at=at(8),
                ends_at=at(18),
                actor=inspector,
                origin=CHAT,
            ),
        )
        assert isinstance(off, TimeOff)
        assert isinstance(assigned, Inspection | inspections.TimeOffThen)
        assert not Inspection.objects.filter(inspector=inspector).exists()
        assert not Slot.objects.filter(inspector=inspector).exists()


def test_two_visits_at_one_time_are_not_given_to_one_inspector() -> None:
    for _ in range(ROUNDS):
        inspector = InspectorFactory()
        outcomes = at_once(
            *(
                partial(inspections.assign, inspection=one, inspector=inspector, actor=None, origin=CHAT)
                for one in InspectionFactory.create_batch(3)
            )
        )
        assert count(outcomes) == {"Inspection": 1, "Overlapping": 2}


def test_a_slot_closed_with_its_bookings_while_it_is_booked_keeps_nobody() -> None:
    for _ in range(ROUNDS):
        slot = SlotFactory(capacity=6, property__booking_rule=BookingRule.ASK)
        seekers = SeekerFactory.create_batch(4)
        inspections.book(seeker=seekers[0], slot=slot, origin=CHAT)
        outcomes = at_once(
            partial(inspections.close_slot, slot=slot, actor=None, origin=CHAT, cancel_booked=True),
            *(partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT) for seeker in seekers[1:]),
        )
        assert set(count(outcomes)) <= {"list", "Inspection", "SlotGone"}
        assert not Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).exists()
        assert places_are_right(slot)


def test_a_slot_is_booked_or_deleted_never_both() -> None:
    for _ in range(ROUNDS):
        slot = SlotFactory()
        booked, deleted = at_once(
            partial(inspections.book, seeker=SeekerFactory(), slot=slot, origin=CHAT),
            partial(inspections.delete_slot, slot=slot, actor=None, origin=CHAT),
        )
        if deleted:
            assert isinstance(booked, inspections.SlotGone)
        else:
            assert isinstance(booked, Inspection)
        assert Slot.objects.filter(pk=slot.pk).exists() is not deleted
