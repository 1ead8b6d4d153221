"""Waiting lists, everybody at the same moment on connections of their own."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from pytest_django import Settings

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Inspection, Slot, User, Wait
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.models.waiting import WaitState
from tests import at_once
from tests.factories import InspectionFactory, SeekerFactory, SlotFactory, at

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT


@pytest.fixture(autouse=True)
def the_lists_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ("inspector_whatsapp.inspections.offers.on_change",)


def refused(attempt: Callable[[], object]) -> object:
    """What came of it, or the rule that refused it; as every door does, again where PostgreSQL gave it up."""
    try:
        return retried(attempt)
    except inspections.CannotInspect as refusal:
        return type(refusal).__name__


def together(*attempts: Callable[[], object]) -> list[object]:
    return at_once.at_once(*(partial(refused, attempt) for attempt in attempts))


def full(*, capacity: int = 1) -> tuple[Slot, list[Inspection]]:
    slot = SlotFactory(capacity=capacity, taken=capacity, starts_at=at(10, days=3))
    return slot, [InspectionFactory(slot=slot) for _place in range(capacity)]


def join(slot: Slot, seeker: User | None = None) -> Wait:
    return inspections.join(seeker=seeker or SeekerFactory(), property=slot.property, place=slot, origin=CHAT)


def fresh(wait: Wait) -> Wait:
    return Wait.objects.select_related("seeker", "offered", "inspection").get(pk=wait.pk)


def take(wait: Wait) -> Inspection:
    return inspections.take(wait=fresh(wait), origin=CHAT)


def leave(wait: Wait) -> Wait:
    return inspections.leave(wait=fresh(wait), actor=None, origin=CHAT)


def book(slot: Slot, seeker: User) -> Inspection:
    return inspections.book(seeker=seeker, slot=Slot.objects.get(pk=slot.pk), origin=CHAT)


def the_places_add_up(slot: Slot) -> None:
    slot.refresh_from_db()
    live = Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).count()
    offered = Wait.objects.filter(offered=slot, state=WaitState.OFFERED).count()
    assert live + offered == slot.taken <= slot.capacity


def test_nobody_books_a_place_that_comes_free_around_the_list() -> None:
    for _ in range(4):
        slot, (booked,) = full()
        wait, others = join(slot), SeekerFactory.create_batch(6)
        results = together(
            partial(inspections.cancel, inspection=booked, actor=None, origin=CHAT),
            *(partial(book, slot, other) for other in others),
        )
        assert results[1:] == ["SlotTaken"] * 6
        assert fresh(wait).offered == slot
        the_places_add_up(slot)


def test_who_joins_while_the_place_comes_free_is_offered_it_or_told_that_it_is_free() -> None:
    for _ in range(6):
        slot, (booked,) = full()
        seeker = SeekerFactory()
        _cancelled, joined = together(
            partial(inspections.cancel, inspection=booked, actor=None, origin=CHAT),
            partial(join, slot, seeker),
        )
        if joined == "StillFree":
            assert not Wait.objects.filter(seeker=seeker).exists()
        else:
            assert Wait.objects.get(seeker=seeker).state == WaitState.OFFERED
        the_places_add_up(slot)


def test_a_yes_in_the_moment_in_which_the_offer_goes_on_is_one_inspection_of_one_of_them() -> None:
    for _ in range(6):
        slot, (booked,) = full()
        first, second = join(slot), join(slot)
        inspections.cancel(inspection=booked, actor=None, origin=CHAT)
        inspections.offer_told(
            fresh(first), at=clock.now() - timedelta(minutes=14, seconds=59, milliseconds=950)
        )

        results = together(
            partial(take, first),
            partial(inspections.tend_waiting),
            partial(inspections.tend_waiting),
        )
        took = [one for one in results if isinstance(one, Inspection)]
        clock.move(timedelta(seconds=1))
        inspections.tend_waiting()
        took += [inspections.take(wait=fresh(second), origin=CHAT)] if not took else []
        assert fresh(second).state == (
            WaitState.BOOKED if took[0].seeker == second.seeker else WaitState.WAITING
        )
        assert Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).count() == len(took) == 1
        the_places_add_up(slot)


def test_a_double_tap_and_two_offers_of_two_places_are_an_inspection_each() -> None:
    for _ in range(4):
        slot, booked = full(capacity=2)
        waits = [join(slot), join(slot)]
        for one in booked:
            inspections.cancel(inspection=one, actor=None, origin=CHAT)
        taps = [
            partial(lambda wait: inspections.take(wait=fresh(wait), origin=CHAT), wait) for wait in waits * 3
        ]
        results = together(*taps)
        assert len([one for one in results if isinstance(one, Inspection)]) == 2
        assert set(map(type, results)) <= {Inspection, str}
        assert {one for one in results if isinstance(one, str)} <= {"AlreadyBooked"}
        the_places_add_up(slot)


def test_a_yes_a_no_and_a_closing_at_once_leave_no_place_held() -> None:
    for _ in range(6):
        slot, (booked,) = full()
        first, second = join(slot), join(slot)
        inspections.cancel(inspection=booked, actor=None, origin=CHAT)
        together(
            partial(take, first),
            partial(leave, first),
            partial(leave, second),
            partial(inspections.close_slot, slot=slot, actor=None, origin=CHAT, cancel_booked=False),
            partial(inspections.tend_waiting),
        )
        the_places_add_up(slot)
        assert not Wait.objects.filter(property=slot.property, state__in=["waiting", "offered"]).exists()


def test_many_join_at_once_and_stand_in_one_line() -> None:
    slot, (booked,) = full()
    seekers = SeekerFactory.create_batch(8)
    together(*(partial(join, slot, seeker) for seeker in (*seekers, seekers[0], seekers[0])))
    waits = list(Wait.objects.filter(slot=slot))
    assert sorted(inspections.positions(waits).values()) == list(range(1, 9))
    inspections.cancel(inspection=booked, actor=None, origin=CHAT)
    the_places_add_up(slot)
