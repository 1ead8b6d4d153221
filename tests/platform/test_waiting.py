"""Who waits for a place: in line, offered one at a time, and never passed by whoever books."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Slot, User, Wait
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.waiting import WaitState
from tests.factories import LAGOS, InspectionFactory, PropertyFactory, SeekerFactory, SlotFactory, at

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def the_lists_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ("inspector_whatsapp.inspections.offers.on_change",)


def waits(slot: Slot, *, seeker: User | None = None) -> Wait:
    """Somebody waits for a slot."""
    return inspections.join(seeker=seeker or SeekerFactory(), property=slot.property, place=slot, origin=CHAT)


def waits_all_day(slot: Slot, *, seeker: User | None = None) -> Wait:
    """Somebody waits for any slot on its day."""
    day = inspections.WaitingDay.on(slot.starts_at.astimezone(LAGOS).date(), LAGOS)
    return inspections.join(seeker=seeker or SeekerFactory(), property=slot.property, place=day, origin=CHAT)


def full(**fields: object) -> tuple[Slot, Inspection]:
    """A slot whose only place is booked."""
    inspection = InspectionFactory(slot=SlotFactory(taken=1, **fields))
    assert inspection.slot is not None
    return inspection.slot, inspection


def cancel(inspection: Inspection) -> None:
    inspections.cancel(inspection=inspection, actor=None, origin=CHAT)


def is_offered(wait: Wait) -> Slot | None:
    wait.refresh_from_db()
    return wait.offered if wait.state == WaitState.OFFERED else None


def state(wait: Wait) -> str:
    wait.refresh_from_db()
    return str(wait.state)


def told(wait: Wait) -> None:
    wait.refresh_from_db()
    inspections.offer_told(wait, at=clock.now())


def taken(slot: Slot) -> int:
    return Slot.objects.get(pk=slot.pk).taken


def test_a_place_that_comes_free_is_offered_to_the_first_in_line_and_held_for_them() -> None:
    slot, booked = full()
    first, second = waits(slot), waits(slot)
    assert inspections.positions([first, second]) == {first.pk: 1, second.pk: 2}
    cancel(booked)
    assert is_offered(first) == slot
    assert is_offered(second) is None
    assert taken(slot) == 1
    with pytest.raises(inspections.SlotTaken):
        inspections.book(seeker=SeekerFactory(), slot=Slot.objects.get(pk=slot.pk), origin=CHAT)
    assert inspections.next_free(slot.property, now=clock.now()) == []


def test_whoever_takes_it_has_an_inspection_and_waits_no_longer() -> None:
    slot, booked = full()
    wait = waits(slot)
    cancel(booked)
    wait.refresh_from_db()
    inspection = inspections.take(wait=wait, origin=CHAT)
    assert (inspection.seeker, inspection.state) == (wait.seeker, InspectionState.CONFIRMED)
    wait.refresh_from_db()
    assert (wait.state, wait.inspection) == (WaitState.BOOKED, inspection)
    assert taken(slot) == 1
    with pytest.raises(inspections.AlreadyBooked):
        inspections.take(wait=wait, origin=CHAT)


def test_the_one_whom_it_is_held_for_may_book_it_as_any_slot() -> None:
    slot, booked = full()
    wait = waits(slot)
    cancel(booked)
    inspections.book(seeker=wait.seeker, slot=Slot.objects.get(pk=slot.pk), origin=Origin.API)
    assert state(wait) == WaitState.BOOKED
    assert taken(slot) == 1


def test_a_no_and_no_answer_pass_it_on_in_line_and_free_it_after_the_last() -> None:
    slot, booked = full()
    first, second, third = waits(slot), waits(slot), waits(slot)
    cancel(booked)
    inspections.leave(wait=Wait.objects.get(pk=first.pk), actor=first.seeker, origin=CHAT)
    assert (state(first), is_offered(second)) == (WaitState.DECLINED, slot)
    told(second)
    clock.move(14 * MINUTE)
    inspections.tend_waiting()
    assert is_offered(second) == slot
    clock.move(MINUTE)
    inspections.tend_waiting()
    assert (state(second), is_offered(third)) == (WaitState.UNANSWERED, slot)
    second.refresh_from_db()
    with pytest.raises(inspections.OfferOver):
        inspections.take(wait=second, origin=CHAT)
    told(third)
    clock.move(15 * MINUTE)
    inspections.tend_waiting()
    assert (state(third), taken(slot)) == (WaitState.UNANSWERED, 0)


def test_the_time_of_an_offer_does_not_run_until_it_was_told() -> None:
    slot, booked = full(starts_at=at(10, days=2))
    first, second = waits(slot), waits(slot)
    cancel(booked)
    clock.move(timedelta(hours=9))
    inspections.tend_waiting()
    assert is_offered(first) == slot
    told(first)
    clock.move(15 * MINUTE)
    with pytest.raises(inspections.OfferOver):  # too late, though nobody has passed it on yet
        inspections.take(wait=Wait.objects.get(pk=first.pk), origin=CHAT)
    inspections.tend_waiting()
    assert is_offered(second) == slot


def test_every_way_in_which_a_place_comes_free_offers_it() -> None:
    slot, booked = full()
    later = SlotFactory(property=slot.property, starts_at=at(15))
    wait = waits(slot)
    inspections.move(inspection=booked, slot=later, actor=None, origin=CHAT)
    assert is_offered(wait) == slot

    asked, request = full()
    Inspection.objects.filter(pk=request.pk).update(state="requested", asked_at=timezone.now())
    request.refresh_from_db()
    wait = waits(asked)
    inspections.decline(inspection=request, actor=None, origin=CHAT)
    assert is_offered(wait) == asked

    larger, _booked = full()
    wait = waits(larger)
    Slot.objects.filter(pk=larger.pk).update(capacity=2)  # by nobody who says so: the sweep finds it
    inspections.tend_waiting()
    assert is_offered(wait) == larger
    assert taken(larger) == 2


def test_who_waits_for_a_day_is_offered_any_slot_of_it_in_the_order_of_all_who_wait() -> None:
    home = PropertyFactory()
    morning, _early = full(property=home)
    evening, late = full(property=home, starts_at=at(17))
    tomorrow, _tomorrow = full(property=home, starts_at=at(10, days=2))
    other = waits(tomorrow)
    day, slot = waits_all_day(evening), waits(evening)
    just_morning = waits(morning)
    assert inspections.positions([day, slot, just_morning, other]) == {
        day.pk: 1,
        slot.pk: 2,
        just_morning.pk: 2,
        other.pk: 1,
    }
    cancel(late)
    assert is_offered(day) == evening
    inspections.leave(wait=Wait.objects.get(pk=day.pk), actor=None, origin=CHAT)
    assert is_offered(slot) == evening
    assert is_offered(other) is None


def test_who_is_somewhere_else_then_is_passed_over_and_stays_in_line() -> None:
    slot, booked = full()
    busy, free = waits(slot), waits(slot)
    elsewhere = InspectionFactory(seeker=busy.seeker)
    cancel(booked)
    assert (state(busy), is_offered(free)) == (WaitState.WAITING, slot)
    cancel(elsewhere)
    inspections.leave(wait=Wait.objects.get(pk=free.pk), actor=None, origin=CHAT)
    assert is_offered(busy) == slot


def test_nobody_waits_for_what_is_free_theirs_gone_or_off_offer() -> None:
    free = SlotFactory()
    with pytest.raises(inspections.StillFree):
        waits(free)
    slot, booked = full()
    with pytest.raises(inspections.AlreadyBooked):
        waits(slot, seeker=booked.seeker)
    seeker = SeekerFactory()
    assert waits(slot, seeker=seeker) == waits(slot, seeker=seeker)
    closed, _booked = full(state="closed")
    with pytest.raises(inspections.SlotGone):
        waits(closed)
    gone, _booked = full(property=PropertyFactory(status="let"))
    with pytest.raises(inspections.NotLive):
        waits(gone)


def test_a_slot_that_is_closed_ends_the_waiting_and_gives_offers_of_its_day_back() -> None:
    home = PropertyFactory()
    slot, booked = full(property=home)
    other, _booked = full(property=home, starts_at=at(15))
    day, first, second = waits_all_day(slot), waits(slot), waits(other)
    cancel(booked)
    assert is_offered(day) == slot
    inspections.close_slot(slot=Slot.objects.get(pk=slot.pk), actor=None, origin=CHAT, cancel_booked=False)
    assert [state(each) for each in (day, first, second)] == ["waiting", "over", "waiting"]
    assert taken(slot) == 0
    inspections.close_slot(slot=other, actor=None, origin=CHAT, cancel_booked=True)
    assert [state(each) for each in (day, second)] == ["over", "over"]
    assert Change.objects.filter(kind="waiting_over", data__why="closed").count() == 3


def test_what_is_past_ends_the_waiting_and_no_place_stays_held() -> None:
    slot, booked = full()
    first, second = waits(slot), waits(slot)
    cancel(booked)
    clock.move(timedelta(days=3))
    inspections.tend_waiting()
    assert [state(first), state(second)] == ["unanswered", "over"]
    assert taken(slot) == 0


def test_who_gets_a_place_otherwise_waits_no_longer() -> None:
    slot, _booked = full()
    wait = waits(slot)
    Slot.objects.filter(pk=slot.pk).update(capacity=2)
    inspections.book(seeker=wait.seeker, slot=Slot.objects.get(pk=slot.pk), origin=Origin.API)
    inspections.tend_waiting()
    assert (state(wait), taken(slot)) == (WaitState.BOOKED, 2)


def test_a_place_too_soon_to_be_offered_is_free_for_all() -> None:
    slot, booked = full(starts_at=clock.now() + 10 * MINUTE)
    wait = waits(slot)
    cancel(booked)
    assert (is_offered(wait), taken(slot)) == (None, 0)


def test_the_database_refuses_two_offers_of_one_place() -> None:
    slot, booked = full()
    first, second = waits(slot), waits(slot)
    cancel(booked)
    assert is_offered(first) == slot
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=slot.pk).update(taken=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wait.objects.filter(pk=second.pk).update(state="offered")
    with pytest.raises(IntegrityError), transaction.atomic():
        Wait.objects.filter(pk=first.pk).update(state="booked")


def test_who_goes_back_to_their_old_time_gets_it_though_it_was_offered_meanwhile() -> None:
    """Inspector's backend refuses the new time of an inspection, whose old one somebody waited for."""
    slot, booked = full()
    later = SlotFactory(property=slot.property, starts_at=at(15))
    wait = waits(slot)
    moved = inspections.move(inspection=booked, slot=later, actor=None, origin=CHAT)
    assert is_offered(wait) == slot
    undo = {"slot": slot.pk, "stood": True, "asked_at": None, "asks": False}
    assert inspections.put_back(inspection=moved, undo=undo, origin=Origin.SYNC)
    assert (state(wait), taken(slot), taken(later)) == (WaitState.WAITING, 1, 0)
    cancel(Inspection.objects.get(pk=booked.pk))
    assert is_offered(wait) == slot
    again = inspections.reinstate(inspection=booked)
    assert (again.clash, state(wait), taken(slot)) == (False, WaitState.WAITING, 1)


def test_an_inspector_who_is_off_ends_the_waiting_for_what_was_only_offered() -> None:
    slot, booked = full(starts_at=at(10, days=2))
    wait = waits(slot)
    cancel(booked)
    assert slot.inspector is not None
    inspections.take_time_off(
        inspector=slot.inspector, starts_at=at(8, days=2), ends_at=at(18, days=2), actor=None, origin=CHAT
    )
    assert (state(wait), taken(slot)) == (WaitState.OVER, 0)
