"""A visit that its inspector cannot make: others of the area are asked in order, and then the admins."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Ask, Incident, Inspection, Property, Slot, User
from inspector_whatsapp.models.asks import AskState
from inspector_whatsapp.models.inspections import SlotState
from tests.factories import (
    AskFactory,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    SlotFactory,
    TimeOffFactory,
    at,
)

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT
MINUTE = timedelta(minutes=1)
SOON = 15 * MINUTE  # as REASSIGN_MINUTES says


def knows(property: Property, *, busy: bool = False, **fields: object) -> User:
    """An inspector who has been in the area of a property."""
    inspector = InspectorFactory(**fields)
    there = PropertyFactory(area=property.area, city=property.city)
    SlotFactory(property=there, inspector=inspector, starts_at=at(10) if busy else at(10, days=-20))
    return inspector


def visit(people: int = 2) -> list[Inspection]:
    """Tomorrow at ten."""
    slot = SlotFactory(capacity=people, taken=people)
    return [InspectionFactory(slot=slot) for _ in range(people)]


def hand_back(inspection: Inspection) -> None:
    inspection.refresh_from_db()
    assert inspection.inspector is not None
    inspections.hand_back(inspection=inspection, actor=inspection.inspector, origin=CHAT)


def asked() -> Ask | None:
    """Who is asked now."""
    return Ask.objects.filter(state=AskState.ASKED).first()


def who() -> User | None:
    ask = asked()
    return ask.inspector if ask else None


def decline() -> None:
    ask = asked()
    assert ask is not None
    inspections.pass_ask_on(ask, state=AskState.DECLINED, actor=ask.inspector, origin=CHAT)


def take(ask: Ask | None, inspector: User | None = None) -> Inspection:
    assert ask is not None
    return inspections.take_over(ask=ask, actor=inspector or ask.inspector, origin=CHAT)


def incidents() -> list[bool]:
    """Whether each is open."""
    found = Incident.objects.filter(kind="inspector_wanted").order_by("pk")
    return [incident.closed_at is None for incident in found]


def states() -> list[str]:
    return list(Ask.objects.order_by("pk").values_list("state", flat=True))


def test_those_who_know_the_area_and_are_free_are_asked_in_order_and_then_the_admins_hear() -> None:
    one, _other = visit()
    home = one.property
    knows(PropertyFactory(area="Yaba"))  # somewhere else
    knows(home, busy=True)
    knows(home, is_active=False)
    TimeOffFactory(inspector=knows(home))
    second, first = knows(home), knows(home)
    # Who has the least to do that day is asked first.
    InspectionFactory(inspector=second, slot=SlotFactory(inspector=second, starts_at=at(15), taken=1))
    hand_back(one)
    assert who() == first
    assert incidents() == []
    decline()
    assert who() == second
    decline()
    assert who() is None
    assert incidents() == [True]
    assert states() == [AskState.DECLINED, AskState.DECLINED]


def test_who_takes_it_has_the_whole_visit_and_will_be_there() -> None:
    one, other = visit()
    new = knows(one.property)
    hand_back(one)
    taken = take(asked())
    assert taken.pk in (one.pk, other.pk)
    for inspection in Inspection.objects.filter(pk__in=[one.pk, other.pk]).select_related("slot"):
        assert inspection.inspector == new
        assert inspection.accepted_at is not None
        assert inspection.slot is not None
        assert (inspection.slot.inspector, inspection.slot.state) == (new, SlotState.OPEN)
    assert states() == [AskState.ACCEPTED]
    with pytest.raises(inspections.AskOver):
        take(Ask.objects.get())
    hand_back(one)  # and it is not asked of either of the two again
    assert who() is None
    assert incidents() == [True]


def test_days_off_ask_for_every_visit_of_them() -> None:
    slots = [SlotFactory(starts_at=at(hour), taken=1) for hour in (9, 13)]
    chidi = slots[0].inspector
    assert chidi is not None
    Slot.objects.update(inspector=chidi, property=slots[0].property)
    visits = [InspectionFactory(slot=Slot.objects.get(pk=slot.pk)) for slot in slots]
    new = knows(slots[0].property)
    inspections.take_time_off(inspector=chidi, starts_at=at(8), ends_at=at(18), actor=chidi, origin=CHAT)
    assert [ask.inspector for ask in Ask.objects.all()] == [new, new]
    for ask in Ask.objects.all():
        take(ask)
    assert set(Inspection.objects.filter(pk__in=[one.pk for one in visits], inspector=new)) == set(visits)


def test_only_who_is_asked_answers_and_only_in_time() -> None:
    one, _other = visit()
    knows(one.property)
    second = knows(one.property)
    hand_back(one)
    ask = asked()
    assert ask is not None
    with pytest.raises(inspections.AskOver):
        take(ask, second)
    inspections.tend_asks()
    assert states() == [AskState.ASKED]  # their time runs only once they were told
    inspections.ask_told(ask, at=clock.now())
    clock.move(SOON)
    with pytest.raises(inspections.AskOver):
        take(ask)
    inspections.tend_asks()
    assert states() == [AskState.UNANSWERED, AskState.ASKED]
    assert who() == second


def test_what_is_no_longer_wanted_is_withdrawn_and_cannot_be_taken() -> None:
    one, other = visit()
    knows(one.property)
    hand_back(one)
    ask = asked()
    inspections.assign(inspection=one, inspector=InspectorFactory(), actor=None, origin=Origin.ADMIN)
    with pytest.raises(inspections.AskOver):
        take(ask)
    inspections.tend_asks()
    assert states() == [AskState.WITHDRAWN]
    hand_back(one)
    for each in (one, other):
        inspections.cancel(inspection=each, actor=None, origin=CHAT)
    inspections.tend_asks()
    assert who() is None
    assert incidents() == [False] * len(incidents())


def test_who_has_got_something_else_meanwhile_is_refused_and_nothing_has_changed() -> None:
    one, _other = visit()
    new = knows(one.property)
    hand_back(one)
    InspectionFactory(inspector=new, slot=SlotFactory(inspector=new, starts_at=at(10, 30), taken=1))
    with pytest.raises(inspections.Overlapping):
        take(asked())
    assert states() == [AskState.ASKED]
    assert Inspection.objects.get(pk=one.pk).inspector is None


def test_who_is_moved_away_leaves_the_others_to_be_taken_over_and_is_asked_for_anew() -> None:
    one, other = visit()
    knows(one.property)
    knows(one.property)
    hand_back(one)
    ask = asked()
    assert ask is not None
    named = ask.inspection
    elsewhere = SlotFactory(property=one.property, starts_at=at(15))
    inspections.move(inspection=named, slot=elsewhere, actor=None, origin=CHAT)
    hand_back(named)
    open_asks = Ask.objects.filter(state=AskState.ASKED)
    assert {each.slot for each in open_asks} == {ask.slot, elsewhere}
    assert take(ask) in (one, other)
    assert Inspection.objects.filter(inspector=ask.inspector, slot=ask.slot).count() == 1


def test_where_its_slot_was_moved_meanwhile_they_are_asked_for_the_new_time() -> None:
    one, other = visit()
    knows(one.property)
    hand_back(one)
    later = one.starts_at + timedelta(hours=5)
    for rows in (Slot.objects.filter(pk=one.slot_id or 0), Inspection.objects.filter(slot=one.slot_id or 0)):
        rows.update(starts_at=later, ends_at=later + timedelta(hours=1))
    inspections.tend_asks()
    ask = asked()
    assert ask is not None
    assert ask.starts_at == later
    assert states() == [AskState.WITHDRAWN, AskState.ASKED]
    assert take(ask) in (one, other)


def test_so_near_its_beginning_that_no_admin_could_do_it_after_them_the_admins_hear_at_once() -> None:
    start = clock.now() + 2 * SOON - MINUTE
    one = InspectionFactory(slot=SlotFactory(starts_at=start, ends_at=start + SOON, taken=1))
    knows(one.property)
    hand_back(one)
    assert who() is None
    assert incidents() == [True]


def test_an_inspection_without_a_slot_is_asked_for_too() -> None:
    one, _other = visit()
    Inspection.objects.filter(pk=one.pk).update(slot=None)
    new = knows(one.property)
    hand_back(one)
    assert take(asked()).pk == one.pk
    assert Inspection.objects.get(pk=one.pk).inspector == new


def test_the_database_keeps_one_open_ask_of_a_visit() -> None:
    ask = AskFactory()
    without = AskFactory(slot=None)
    for again in (
        {"inspection": ask.inspection},
        {"slot": ask.slot, "inspection": InspectionFactory()},
        {"slot": None, "inspection": without.inspection},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AskFactory(**again)
    with pytest.raises(IntegrityError), transaction.atomic():
        AskFactory(state=AskState.DECLINED)
    inspections.pass_ask_on(ask, state=AskState.DECLINED, actor=None, origin=CHAT)
    AskFactory(inspection=ask.inspection)
