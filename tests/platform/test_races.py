"""Many at once, on real connections; everybody starts at the same moment."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from inspector_whatsapp import inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Interest, Slot
from inspector_whatsapp.models.inspections import InspectionState
from tests.factories import InspectionFactory, PropertyFactory, SeekerFactory, SlotFactory, at

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT


def at_once(*attempts: Callable[[], object]) -> list[object]:
    """Run the attempts each on its own connection; what each returned, or the rule that refused it."""
    start = Barrier(len(attempts))

    def one(attempt: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return attempt()
        except inspections.CannotInspect as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(one, attempts))


def count(outcomes: Iterable[object]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_two_hundred_want_three_places_and_three_get_one() -> None:
    slot = SlotFactory(capacity=3)
    later = SlotFactory(property=slot.property, starts_at=at(15))
    seekers = SeekerFactory.create_batch(200)
    outcomes: list[object] = []
    for start in range(0, 200, 20):
        outcomes += at_once(
            *(
                partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT)
                for seeker in seekers[start : start + 20]
            )
        )
    assert count(outcomes) == {"Inspection": 3, "SlotTaken": 197}
    assert all(
        outcome.next_free == [later] for outcome in outcomes if isinstance(outcome, inspections.SlotTaken)
    )
    assert Slot.objects.get(pk=slot.pk).taken == Inspection.objects.count() == Change.objects.count() == 3


def test_a_double_tap_books_once() -> None:
    for capacity in (1, 3, 1, 3, 1, 3):
        slot, seeker = SlotFactory(capacity=capacity), SeekerFactory()
        taps = [partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT)] * 4
        assert count(at_once(*taps)) == {"Inspection": 1, "AlreadyBooked": 3}
        assert Slot.objects.get(pk=slot.pk).taken == 1


def test_of_two_overlapping_slots_at_once_a_seeker_gets_one() -> None:
    for _ in range(5):
        seeker = SeekerFactory()
        slots = [SlotFactory(starts_at=at(10)), SlotFactory(starts_at=at(10, 30))]
        outcomes = at_once(
            *(partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT) for slot in slots)
        )
        assert count(outcomes) == {"Inspection": 1, "Overlapping": 1}
        assert sum(Slot.objects.filter(pk__in=[s.pk for s in slots]).values_list("taken", flat=True)) == 1


def test_a_move_and_a_cancellation_at_once_leave_no_place_behind() -> None:
    for _ in range(8):
        inspection = InspectionFactory()
        new = SlotFactory(property=inspection.property, starts_at=at(15))
        moved, off = at_once(
            partial(inspections.move, inspection=inspection, slot=new, actor=None, origin=CHAT),
            partial(inspections.cancel, inspection=inspection, actor=None, origin=CHAT),
        )
        assert isinstance(moved, Inspection | inspections.TooLate)
        assert isinstance(off, Inspection)
        inspection.refresh_from_db()
        assert inspection.state == InspectionState.CANCELLED
        assert not Slot.objects.filter(property=inspection.property, taken__gt=0).exists()


def test_two_who_swap_slots_at_once_do_not_wait_for_each_other_for_ever() -> None:
    for _ in range(5):
        home = PropertyFactory()
        early, late = (
            SlotFactory(property=home, starts_at=at(hour), capacity=2, taken=1) for hour in (9, 15)
        )
        one, two = InspectionFactory(slot=early), InspectionFactory(slot=late)
        outcomes = at_once(
            partial(inspections.move, inspection=one, slot=late, actor=None, origin=CHAT),
            partial(inspections.move, inspection=two, slot=early, actor=None, origin=CHAT),
        )
        assert count(outcomes) == {"Inspection": 2}
        assert list(Slot.objects.filter(property=home).values_list("taken", flat=True)) == [1, 1]


def test_nobody_is_left_behind_when_a_slot_moves_while_it_is_booked() -> None:
    for _ in range(5):
        slot = SlotFactory(capacity=9)
        seekers = SeekerFactory.create_batch(4)
        first = inspections.book(seeker=seekers[0], slot=slot, origin=CHAT)
        outcomes = at_once(
            *(partial(inspections.book, seeker=seeker, slot=slot, origin=CHAT) for seeker in seekers[1:]),
            partial(inspections.cancel, inspection=first, actor=None, origin=CHAT),
            partial(
                inspections.move_slot,
                slot=Slot.objects.get(pk=slot.pk),
                starts_at=at(15),
                ends_at=at(16),
                actor=None,
                origin=CHAT,
            ),
        )
        assert set(count(outcomes)) <= {"Inspection", "Slot", "SlotGone"}
        standing = Inspection.objects.filter(slot=slot, state=InspectionState.CONFIRMED)
        assert {inspection.starts_at for inspection in standing} <= {at(15)}
        assert Slot.objects.get(pk=slot.pk).taken == standing.count()


def test_an_interest_shown_many_times_at_once_is_one() -> None:
    seeker, home = SeekerFactory(), PropertyFactory()
    shows = [partial(listings.show_interest, seeker=seeker, property=home, origin=CHAT)] * 6
    assert sorted(map(bool, at_once(*shows))) == [False] * 5 + [True]
    removals = [partial(listings.remove_interest, seeker=seeker, property=home, origin=CHAT)] * 6
    assert sorted(map(bool, at_once(*removals))) == [False] * 5 + [True]
    assert Interest.objects.count() == 1
    assert Change.objects.count() == 2
