"""Seekers say that they come; the place of who does not may go to who waits for it, and be theirs again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from inspector_whatsapp import clock, inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Property, Slot, User, Wait
from inspector_whatsapp.models.waiting import WaitState
from tests.factories import InspectionFactory, SeekerFactory, SlotFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CHAT = Origin.CHAT


@pytest.fixture(autouse=True)
def the_lists_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = ("inspector_whatsapp.inspections.offers.on_change",)


def booked(*, hours: float = 3, capacity: int = 1, rule: int | None = 4) -> Inspection:
    """In a slot that is full; its property gives places away so many hours before."""
    start = clock.now() + hours * HOUR
    slot = SlotFactory(capacity=capacity, taken=capacity, starts_at=start, ends_at=start + HOUR)
    Property.objects.filter(pk=slot.property_id).update(give_away_hours=rule)
    before = clock.now() - 90 * HOUR
    return [InspectionFactory(slot=slot, created_at=before + place * HOUR) for place in range(capacity)][-1]


def waits_for(inspection: Inspection, seeker: User | None = None) -> Wait:
    assert inspection.slot is not None
    slot = Slot.objects.select_related("property").get(pk=inspection.slot.pk)
    return inspections.join(seeker=seeker or SeekerFactory(), property=slot.property, place=slot, origin=CHAT)


def slot_of(inspection: Inspection) -> Slot:
    """As it is now."""
    assert inspection.slot_id is not None
    return Slot.objects.select_related("property").get(pk=inspection.slot_id)


def state(wait: Wait) -> str:
    return str(Wait.objects.get(pk=wait.pk).state)


def reclaim(inspection: Inspection) -> Inspection | Wait:
    return inspections.reclaim(inspection=inspection, actor=inspection.seeker, origin=CHAT)


def test_who_comes_says_so_once_and_a_move_asks_anew() -> None:
    inspection = booked()
    for _ in range(2):
        inspection = inspections.come(inspection=inspection, actor=inspection.seeker, origin=CHAT)
    assert inspection.coming_at is not None
    assert Change.objects.filter(kind="attendance_confirmed").count() == 1
    other = SlotFactory(property=inspection.property, starts_at=clock.now() + 50 * HOUR)
    assert inspections.move(inspection=inspection, slot=other, actor=None, origin=CHAT).coming_at is None
    clock.move(60 * HOUR)
    with pytest.raises(inspections.TooLate):
        inspections.come(inspection=inspection, actor=None, origin=CHAT)


def test_a_slot_that_moves_asks_anew() -> None:
    inspection = booked()
    inspections.come(inspection=inspection, actor=None, origin=CHAT)
    slot = slot_of(inspection)
    start = slot.starts_at + HOUR
    inspections.move_slot(slot=slot, starts_at=start, ends_at=start + HOUR, actor=None, origin=CHAT)
    inspection.refresh_from_db()
    assert inspection.coming_at is None


def test_a_place_goes_to_who_waits_in_one_transaction_and_nobody_else_sees_it_free() -> None:
    inspection = booked()
    wait = waits_for(inspection)
    assert inspections.unanswered() == [inspection]
    assert inspections.give_away(inspection=inspection)
    assert not inspections.give_away(inspection=inspection)
    inspection.refresh_from_db()
    assert inspection.state == "cancelled"
    assert inspections.given_away(inspection)
    assert state(wait) == WaitState.OFFERED
    slot = slot_of(inspection)
    assert slot.taken == slot.capacity


@pytest.mark.parametrize(
    "why",
    ["no rule", "too early", "they come", "nobody waits", "who waits is elsewhere", "too late to offer"],
)
def test_a_place_stays_where_the_rule_does_not_say_otherwise(why: str) -> None:
    inspection = booked(
        rule=None if why == "no rule" else 2 if why == "too early" else 4,
        hours=0.2 if why == "too late to offer" else 3,
    )
    if why == "they come":
        inspections.come(inspection=inspection, actor=None, origin=CHAT)
    if why != "nobody waits":
        wait = waits_for(inspection)
        if why == "who waits is elsewhere":
            other = SlotFactory(taken=1, starts_at=inspection.starts_at, ends_at=inspection.ends_at)
            InspectionFactory(slot=other, seeker=wait.seeker)
    assert inspections.unanswered() == []
    assert not inspections.give_away(inspection=inspection)
    inspection.refresh_from_db()
    assert inspection.state == "confirmed"


def test_of_several_only_as_many_go_as_wait_the_last_who_booked_first() -> None:
    last = booked(capacity=3)
    waits_for(last)
    given = [one for one in inspections.unanswered() if inspections.give_away(inspection=one)]
    assert given == [last]


def test_of_a_time_that_was_changed_since_they_were_asked_nobody_was_asked() -> None:
    booked_then = booked()
    waits_for(booked_then)
    [asked] = inspections.unanswered()
    slot, half = slot_of(asked), HOUR / 2
    inspections.move_slot(
        slot=slot, starts_at=slot.starts_at + half, ends_at=slot.ends_at + half, actor=None, origin=CHAT
    )
    [now] = inspections.unanswered()
    assert not inspections.give_away(inspection=asked)
    assert inspections.give_away(inspection=now)


def test_a_place_that_nobody_takes_stays_who_has_it(settings: Settings) -> None:
    inspection = booked()
    waits_for(inspection)
    settings.CHANGE_LISTENERS = ()  # as where who waits leaves in that very moment: it is offered to nobody
    assert not inspections.give_away(inspection=inspection)
    inspection.refresh_from_db()
    assert inspection.state == "confirmed"
    assert not Change.objects.filter(kind="place_given_away").exists()


def test_nobody_took_it_so_it_is_theirs_again() -> None:
    inspection = booked()
    wait = waits_for(inspection)
    inspections.give_away(inspection=inspection)
    inspections.leave(wait=wait, actor=None, origin=CHAT)
    again = reclaim(inspection)
    assert isinstance(again, Inspection)
    assert (again.slot_id, again.state) == (inspection.slot_id, "confirmed")
    assert again.coming_at is not None
    assert reclaim(inspection) == again  # a second tap
    assert inspections.unanswered() == []


def test_while_another_decides_they_are_first_in_line() -> None:
    inspection = booked()
    offered, second = waits_for(inspection), waits_for(inspection)
    inspections.give_away(inspection=inspection)
    mine = reclaim(inspection)
    assert isinstance(mine, Wait)
    assert reclaim(inspection) == mine
    inspections.leave(wait=Wait.objects.get(pk=offered.pk), actor=None, origin=CHAT)
    assert (state(mine), state(second)) == (WaitState.OFFERED, WaitState.WAITING)
    again = reclaim(inspection)  # the button of before takes what is kept for them
    assert isinstance(again, Inspection)
    assert state(mine) == WaitState.BOOKED


def test_what_was_cancelled_otherwise_was_not_given_away() -> None:
    inspection = booked()
    wait = waits_for(inspection)
    inspections.give_away(inspection=inspection)
    inspections.leave(wait=wait, actor=None, origin=CHAT)
    again = reclaim(inspection)
    assert isinstance(again, Inspection)
    again = inspections.cancel(inspection=again, actor=again.seeker, origin=CHAT)
    assert not inspections.given_away(again)
    stands = inspections.reinstate(inspection=inspection)  # as Inspector has it
    stands = inspections.cancel(inspection=stands, actor=None, origin=CHAT)
    assert not inspections.given_away(stands)


def test_a_slot_at_another_time_is_not_their_place() -> None:
    inspection = booked()
    wait = waits_for(inspection)
    inspections.give_away(inspection=inspection)
    inspections.leave(wait=wait, actor=None, origin=CHAT)
    Slot.objects.filter(pk=slot_of(inspection).pk).update(starts_at=inspection.starts_at + HOUR / 2)
    with pytest.raises(inspections.SlotGone):
        reclaim(inspection)


def test_the_rule_of_a_property_is_set_once_and_within_bounds() -> None:
    home = booked(rule=None).property
    for _ in range(2):
        home = listings.set_give_away(property=home, hours=3, actor=home.agent, origin=CHAT)
    assert Change.objects.filter(kind="give_away_rule_changed").count() == 1
    for hours in (0, 13):
        with pytest.raises(IntegrityError), transaction.atomic():
            listings.set_give_away(property=home, hours=hours, actor=None, origin=CHAT)
