"""An inspector who is late: of which visits they can say so, what no longer fits after it, moving that."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Delay, Inspection, Property, Slot, User
from inspector_whatsapp.models.inspections import SlotState
from tests.factories import (
    LAGOS,
    DelayFactory,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
)

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def it_is_noon(request: pytest.FixtureRequest) -> None:
    """So that an hour from now is today, whatever the time is."""
    request.getfixturevalue("the_clock_runs")
    noon = clock.now().astimezone(LAGOS).replace(hour=12, minute=0, second=0) + timedelta(days=1)
    clock.move(noon - clock.now())


def visit(
    minutes: int = 60, *, length: int = 45, people: int = 1, inspector: User | None = None, **fields: object
) -> list[Inspection]:
    """So many minutes from now, with so many people."""
    starts_at = clock.now() + minutes * MINUTE
    slot = SlotFactory(
        starts_at=starts_at,
        ends_at=starts_at + length * MINUTE,
        capacity=people,
        taken=people,
        inspector=inspector or InspectorFactory(),
        **fields,
    )
    return [InspectionFactory(slot=slot) for _ in range(people)]


def late(inspection: Inspection, minutes: int = 20) -> Delay:
    assert inspection.inspector is not None
    return inspections.run_late(
        inspection=inspection, minutes=minutes, actor=inspection.inspector, origin=CHAT
    )


def here(inspection: Inspection) -> Delay | None:
    assert inspection.inspector is not None
    return inspections.be_there(inspection=inspection, actor=inspection.inspector, origin=CHAT)


def expected(inspection: Inspection) -> timedelta | None:
    """How much later than it begins."""
    inspection.refresh_from_db()
    delay = inspections.delay_of(inspection, now=clock.now())
    return delay.expected_at - inspection.starts_at if delay else None


def slot_of(inspection: Inspection) -> Slot:
    return Slot.objects.get(inspections=inspection)


def kinds() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


# --- being late -------------------------------------------------------------------------------------------
def test_a_delay_is_of_everybody_in_the_visit_and_of_whoever_books_it_later() -> None:
    one, other = visit(people=2)
    late(one)
    assert expected(one) == expected(other) == 20 * MINUTE
    slot = slot_of(one)
    Slot.objects.filter(pk=slot.pk).update(capacity=3)
    booked = inspections.book(seeker=SeekerFactory(), slot=slot, origin=CHAT)
    assert expected(booked) == 20 * MINUTE
    assert kinds() == ["inspector_late", "inspector_late", "inspection_booked"]


def test_the_same_again_changes_nothing_and_another_time_does() -> None:
    (one,) = visit()
    assert late(one) == late(one)
    assert kinds() == ["inspector_late"]
    late(one, 45)
    assert expected(one) == 45 * MINUTE
    assert kinds() == ["inspector_late", "inspector_late"]
    assert Delay.objects.count() == 1


def test_i_am_here_ends_it_and_it_can_be_said_anew() -> None:
    (one,) = visit()
    assert here(one) is None
    late(one)
    ended = here(one)
    assert ended is not None
    assert ended.ended_at is not None
    assert here(one) is None
    assert expected(one) is None
    late(one)
    assert expected(one) == 20 * MINUTE
    assert kinds() == ["inspector_late", "inspector_there", "inspector_late"]


def test_only_its_inspector_is_late_for_a_visit_of_today_that_stands() -> None:
    (one,) = visit()
    for verb in (partial(inspections.run_late, minutes=10), inspections.be_there):
        with pytest.raises(inspections.NotAssigned):
            verb(inspection=one, actor=InspectorFactory(), origin=CHAT)
    (tomorrow,) = visit(24 * 60)
    with pytest.raises(inspections.TooEarly):
        late(tomorrow)
    inspections.cancel(inspection=one, actor=None, origin=CHAT)
    with pytest.raises(inspections.TooLate):
        late(one)


def test_late_is_said_after_it_began_too_but_not_for_a_time_that_is_over() -> None:
    (one,) = visit(-15)
    with pytest.raises(inspections.TooLate):
        late(one, 10)
    late(one, 20)
    clock.move(40 * MINUTE)
    with pytest.raises(inspections.TooLate):
        late(one, 45)
    assert one.inspector is not None
    assert not inspections.visits_today(one.inspector, now=clock.now())


def test_a_visit_that_is_moved_or_given_to_somebody_else_has_no_delay() -> None:
    (one,) = visit()
    (other,) = visit()
    late(one)
    late(other)
    assert one.slot is not None
    inspections.move_slot(
        slot=one.slot,
        starts_at=one.starts_at + 90 * MINUTE,
        ends_at=one.ends_at + 90 * MINUTE,
        actor=None,
        origin=CHAT,
    )
    inspections.assign(inspection=other, inspector=InspectorFactory(), actor=None, origin=CHAT)
    assert expected(one) is None
    assert expected(other) is None


def test_the_database_keeps_one_delay_of_a_visit_and_only_minutes_that_can_be_said() -> None:
    delay = DelayFactory()
    again = {"inspector": delay.inspector, "property": delay.property, "starts_at": delay.starts_at}
    for wrong in (again, {"minutes": 15}, {"ended_at": delay.said_at - MINUTE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DelayFactory(**wrong)
    Delay.objects.update(ended_at=delay.said_at)
    DelayFactory(**again)


# --- what no longer fits ----------------------------------------------------------------------------------
def tight(inspector: User | None) -> list[tuple[Inspection, timedelta]]:
    """Of each that no longer fits: by how much it would begin later."""
    assert inspector is not None
    found = inspections.tight_visits(inspector, now=clock.now())
    return [(each.visit.first, each.possible_at - each.visit.first.starts_at) for each in found]


def test_what_touches_fits_and_what_is_pushed_pushes_what_is_behind_it() -> None:
    chidi = InspectorFactory()
    (first,), (second,), (third,) = (visit(start, inspector=chidi) for start in (60, 115, 175))
    late(first, 10)
    assert tight(chidi) == []
    late(first, 30)  # until 135; then 45 minutes, until 180
    assert tight(chidi) == [(second, 20 * MINUTE), (third, 5 * MINUTE)]
    late(second, 20)
    assert tight(chidi) == [(third, 5 * MINUTE)]
    here(first)
    assert tight(chidi) == [(third, 5 * MINUTE)]  # they are late for the second all the same
    here(second)
    assert tight(chidi) == []


def test_only_free_times_are_offered_at_which_everybody_has_a_place_and_the_inspector_can_be_there() -> None:
    chidi, home = InspectorFactory(), PropertyFactory()
    (first,) = visit(60, inspector=chidi)
    visit(105, inspector=chidi, people=2, property=home)
    late(first, 45)
    (no_longer_fits,) = inspections.tight_visits(chidi, now=clock.now())

    def free(minutes: int, *, inspector: User, capacity: int = 2) -> Slot:
        start = clock.now() + minutes * MINUTE
        return SlotFactory(
            property=home,
            inspector=inspector,
            capacity=capacity,
            starts_at=start,
            ends_at=start + 10 * MINUTE,
            taken=0,
        )

    free(40, inspector=chidi)  # before they are free
    free(400, inspector=chidi, capacity=1)  # too few places
    others, fitting = free(50, inspector=InspectorFactory()), free(300, inspector=chidi)
    room = inspections.room_for(no_longer_fits.visit.inspections, chidi, now=clock.now())
    assert list(room) == [others, fitting]


def move(inspection: Inspection, slot: Slot) -> list[Inspection]:
    assert inspection.inspector is not None
    return inspections.move_visit(inspection=inspection, slot=slot, actor=inspection.inspector, origin=CHAT)


def another(property: Property, *, minutes: int = 400, capacity: int = 2) -> Slot:
    start = clock.now() + minutes * MINUTE
    return SlotFactory(
        property=property, starts_at=start, ends_at=start + 30 * MINUTE, capacity=capacity, taken=0
    )


def test_everybody_of_a_visit_moves_and_nobody_books_the_time_that_is_left() -> None:
    one, other = visit(people=2)
    left, target = one.slot, another(one.property)
    assert left is not None
    moved = move(one, target)
    assert {each.pk for each in moved} == {one.pk, other.pk}
    left.refresh_from_db()
    target.refresh_from_db()
    assert (left.state, left.taken, target.taken) == (SlotState.CLOSED, 0, 2)
    assert kinds() == ["slot_closed", "inspection_moved", "inspection_moved"]


def test_where_one_of_them_cannot_everybody_stays() -> None:
    one, other = visit(people=2)
    target = another(one.property)
    busy = SlotFactory(starts_at=target.starts_at, ends_at=target.ends_at, taken=1)
    InspectionFactory(slot=busy, seeker=other.seeker)
    with pytest.raises(inspections.Overlapping):
        move(one, target)
    with pytest.raises(inspections.SlotTaken):
        move(one, another(one.property, minutes=600, capacity=1))
    with pytest.raises(inspections.NotAssigned):
        inspections.move_visit(inspection=one, slot=target, actor=InspectorFactory(), origin=CHAT)
    for each in (one, other):
        before = each.starts_at
        each.refresh_from_db()
        assert each.starts_at == before
    assert slot_of(one).state == SlotState.OPEN
    assert kinds() == []
