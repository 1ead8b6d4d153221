"""Safe visits: the code for the door, who is there and out again, who is looked for, who calls for help."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from inspector_whatsapp import changes, clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Distress, Incident, Inspection, Stay, User
from inspector_whatsapp.models.inspections import InspectionState, Outcome
from tests import at_once
from tests.factories import InspectionFactory, InspectorFactory, SeekerFactory, SlotFactory

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nobody_listens(settings: object) -> None:
    settings.CHANGE_LISTENERS = ()  # type: ignore[attr-defined]


def visit(*, seekers: int = 1, minutes: float = 30) -> Inspection:
    """The first of those who come to a visit of an hour that begins in so many minutes."""
    starts_at = clock.now() + minutes * MINUTE
    slot = SlotFactory(starts_at=starts_at, ends_at=starts_at + 60 * MINUTE, capacity=seekers, taken=seekers)
    return InspectionFactory.create_batch(seekers, slot=slot)[0]


def host(inspection: Inspection) -> User:
    assert inspection.inspector is not None
    return inspection.inspector


def arrive(inspection: Inspection) -> Stay:
    return inspections.arrive(inspection=inspection, actor=host(inspection), origin=CHAT)


def later(minutes: float) -> int:
    clock.move(minutes * MINUTE)
    return inspections.tend_visits()


def open_incidents() -> list[str]:
    return list(Incident.objects.filter(closed_at=None).order_by("pk").values_list("kind", flat=True))


def recorded() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("kind", flat=True))


def test_the_two_who_meet_know_the_same_code_on_the_day_and_nobody_else_does() -> None:
    inspection, other = visit(minutes=13 * 60), visit(minutes=13 * 60)
    know = (inspection.seeker_id, inspection.inspector_id)
    for person in know:
        assert inspections.code_for(inspection, person, now=clock.now()) == ""
    clock.move(61 * MINUTE)
    code = inspections.code_for(inspection, know[0], now=clock.now())
    assert code == inspections.code_for(inspection, know[1], now=clock.now())
    assert code == f"{inspections.KEY} {inspections.door_code(inspection)}"
    assert inspections.code_for(inspection, inspection.property.agent_id, now=clock.now()) == ""
    assert inspections.code_for(inspection, other.seeker_id, now=clock.now()) == ""
    codes = {inspections.door_code(Inspection(pk=pk, inspector_id=1)) for pk in range(50)}
    assert len(codes) > 40
    assert all(len(one) == 4 and one.isdecimal() for one in codes)


def test_whoever_had_the_visit_before_does_not_know_its_code() -> None:
    inspection = visit()
    before = inspections.door_code(inspection)
    new = [InspectorFactory() for _try in range(3)]
    assert {inspections.door_code(Inspection(pk=inspection.pk, inspector=one)) for one in new} != {before}
    inspection.inspector = None
    agent = inspection.property.agent_id
    assert inspections.code_for(inspection, agent, now=clock.now()).endswith(
        inspections.door_code(inspection)
    )
    inspection.state = InspectionState.CANCELLED
    assert inspections.code_for(inspection, agent, now=clock.now()) == ""


def test_whoever_is_there_and_leaves_in_time_is_asked_nothing() -> None:
    inspection = visit(seekers=2)
    stay = arrive(inspection)
    other = Inspection.objects.exclude(pk=inspection.pk).get()
    assert arrive(other) == stay
    assert Stay.objects.count() == 1
    assert later(100) == 0
    inspections.depart(inspection=other, actor=host(inspection), origin=CHAT)
    inspections.depart(inspection=inspection, actor=host(inspection), origin=CHAT)
    assert later(300) == 0
    assert recorded() == ["visit_arrived", "visit_left"]


def test_who_has_not_left_is_asked_and_then_the_admins_are_told_once() -> None:
    inspection = visit()
    stay = arrive(inspection)
    assert later(119) == 0  # 30 until it begins, an hour, and 30 more
    assert later(1) == 1
    assert (later(14), open_incidents()) == (0, [])
    assert (later(1), open_incidents()) == (1, ["visit_overdue"])
    assert later(600) == 0
    stay.refresh_from_db()
    assert (stay.alerted_at is not None, stay.due_at) == (True, None)
    assert recorded() == ["visit_arrived", "visit_overdue", "visit_unanswered"]
    inspections.depart(inspection=inspection, actor=host(inspection), origin=CHAT)
    assert open_incidents() == []


def test_a_sweep_that_comes_late_still_asks_before_it_tells() -> None:
    arrive(visit())
    assert later(24 * 60) == 1
    assert open_incidents() == []
    assert later(15) == 1
    assert open_incidents() == ["visit_overdue"]


def test_who_needs_more_time_is_asked_again_and_who_reports_is_out() -> None:
    inspection = visit()
    arrive(inspection)
    later(120)
    stay = partial(inspections.stay, inspection=inspection, actor=host(inspection), origin=CHAT)
    stay()
    assert later(29) == 0
    assert later(1) == 1
    assert open_incidents() == []
    inspections.report(
        inspection=inspection,
        outcome=Outcome.COMPLETED,
        note="",
        photos=(),
        actor=host(inspection),
        origin=CHAT,
    )
    assert later(600) == 0
    with pytest.raises(inspections.TooLate):
        stay()


def test_who_comes_back_is_there_again() -> None:
    inspection = visit()
    arrive(inspection)
    inspections.depart(inspection=inspection, actor=host(inspection), origin=CHAT)
    arrive(inspection)
    assert later(120) == 1


def test_a_seeker_says_that_they_are_done_and_that_takes_nobody_elses_watch_off() -> None:
    inspection = visit()
    arrive(inspection)
    clock.move(40 * MINUTE)
    inspections.depart(inspection=inspection, actor=inspection.seeker, origin=CHAT)
    assert Stay.objects.get(person=inspection.seeker).left_at is not None
    assert later(80) == 1


def test_who_came_is_looked_after_though_somebody_else_carries_it_out_by_now() -> None:
    inspection, other = visit(), visit()
    for one in (inspection, other):
        arrive(one)
        inspections.hand_back(inspection=one, actor=host(one), origin=CHAT)
    inspections.depart(inspection=other, actor=host(other), origin=CHAT)
    call = inspections.call_for_help(inspection=inspection, actor=host(inspection), origin=CHAT)
    assert call.person == host(inspection)
    assert inspections.still_at(host(inspection)).get() == inspection
    assert later(120) == 1
    assert later(15) == 1
    assert Stay.objects.get(inspection=inspection).left_at is None
    assert sorted(open_incidents()) == ["inspector_wanted", "inspector_wanted", "unsafe", "visit_overdue"]
    inspections.stay(inspection=inspection, actor=host(inspection), origin=CHAT)
    assert "visit_overdue" not in open_incidents()
    inspections.depart(inspection=inspection, actor=host(inspection), origin=CHAT)
    assert later(600) == 0


def moved(inspection: Inspection, *, hours: int) -> Inspection:
    """The whole visit at a time that is so much later."""
    starts_at = inspection.starts_at + hours * 60 * MINUTE
    slot = SlotFactory(
        property=inspection.property,
        inspector=inspection.inspector,
        starts_at=starts_at,
        ends_at=starts_at + 60 * MINUTE,
        capacity=2,
        taken=0,
    )
    inspections.move_visit(inspection=inspection, slot=slot, actor=host(inspection), origin=CHAT)
    return Inspection.objects.get(pk=inspection.pk)


def test_who_is_there_when_the_visit_is_moved_may_leave_and_come_again() -> None:
    inspection = visit(seekers=2)
    arrive(inspection)
    other = Inspection.objects.exclude(pk=inspection.pk).get()
    inspection = moved(inspection, hours=5)
    other.refresh_from_db()
    inspections.depart(inspection=other, actor=host(other), origin=CHAT)
    assert later(135) == 0
    clock.move(195 * MINUTE)  # it begins
    arrive(inspection)
    assert Stay.objects.count() == 2
    assert later(60) == 0
    assert later(31) == 1


def test_who_stays_until_the_new_time_of_a_visit_is_looked_after_until_then() -> None:
    inspection = visit()
    arrive(inspection)
    inspection = moved(inspection, hours=1)
    clock.move(40 * MINUTE)
    arrive(inspection)
    assert later(120) == 0  # 20 minutes later than it was to be
    assert later(30) == 1
    assert Stay.objects.count() == 1


def test_a_seeker_who_moves_theirs_takes_nobody_elses_watch_along() -> None:
    inspection = visit(seekers=2)
    other = Inspection.objects.exclude(pk=inspection.pk).get()
    stay = arrive(inspection)
    slot = SlotFactory(property=inspection.property, starts_at=inspection.starts_at + 60 * 60 * MINUTE)
    inspections.move(inspection=inspection, slot=slot, actor=inspection.seeker, origin=CHAT)
    assert inspections.stay_of(host(other), other) == stay
    inspections.depart(inspection=other, actor=host(other), origin=CHAT)
    assert later(600) == 0


def test_the_rules_say_who_may_be_where_and_when() -> None:
    inspection, stranger = visit(minutes=61), SeekerFactory()
    with pytest.raises(inspections.TooEarly):
        arrive(inspection)
    with pytest.raises(inspections.TooEarly):
        inspections.depart(inspection=inspection, actor=inspection.seeker, origin=CHAT)
    clock.move(2 * MINUTE)
    for actor in (inspection.seeker, inspection.property.agent, stranger):
        with pytest.raises(inspections.NotAssigned):
            inspections.arrive(inspection=inspection, actor=actor, origin=CHAT)
    with pytest.raises(inspections.NotAssigned):
        inspections.depart(inspection=inspection, actor=stranger, origin=CHAT)
    with pytest.raises(inspections.NotAssigned):
        inspections.stay(inspection=inspection, actor=host(inspection), origin=CHAT)
    with pytest.raises(inspections.NotAssigned):
        inspections.call_for_help(inspection=inspection, actor=stranger, origin=CHAT)
    inspection.state = InspectionState.CANCELLED
    inspection.save()
    with pytest.raises(inspections.TooLate):
        arrive(inspection)


def test_a_call_for_help_is_told_at_once_and_taken_back_both_stay() -> None:
    inspection = visit()
    call = partial(inspections.call_for_help, inspection=inspection, actor=inspection.seeker, origin=CHAT)
    first = call()
    assert call() == first
    assert open_incidents() == ["unsafe"]
    assert Incident.objects.get().times == 2
    fine = partial(inspections.take_back_call, inspection=inspection, actor=inspection.seeker, origin=CHAT)
    assert fine() == first
    assert fine() is None
    assert open_incidents() == ["unsafe", "unsafe_taken_back"]  # a person looks whether it is so
    assert call() != first
    assert open_incidents() == ["unsafe", "unsafe_taken_back", "unsafe"]
    assert Distress.objects.count() == 2
    assert recorded() == ["felt_unsafe", "felt_safe", "felt_unsafe"]


def test_help_is_called_again_though_an_admin_had_closed_the_first_call() -> None:
    inspection = visit()
    inspections.call_for_help(inspection=inspection, actor=host(inspection), origin=CHAT)
    Incident.objects.update(closed_at=clock.now())
    for _tap in range(2):
        inspections.call_for_help(inspection=inspection, actor=host(inspection), origin=CHAT)
    assert open_incidents() == ["unsafe"]
    assert recorded() == ["felt_unsafe", "felt_unsafe"]  # each opened one: by that the admins are told


def breaks(happened: changes.Happened) -> None:
    """A listener that cannot tell of one of the visits."""
    if happened.kind == "visit_overdue" and happened.data["inspection"] == "IN-9001":
        raise ValueError


def test_one_stay_that_breaks_keeps_nobody_else_from_being_looked_after(settings: Any) -> None:
    broken, good = visit(), visit(minutes=31)
    Inspection.objects.filter(pk=broken.pk).update(ref="IN-9001")
    arrive(broken)
    arrive(good)
    settings.CHANGE_LISTENERS = (f"{__name__}.breaks",)
    assert later(125) == 1
    assert Stay.objects.get(inspection=good).asked_at is not None
    assert Stay.objects.get(inspection=broken).asked_at is None


def test_whoever_arrives_holds_all_people_before_the_visit() -> None:
    inspection = visit()
    with CaptureQueriesContext(connection) as run:
        arrive(inspection)
    locks = [query["sql"] for query in run if "FOR NO KEY UPDATE" in query["sql"]]
    assert "inspector_whatsapp_user" in locks[0]
    assert {str(inspection.seeker_id), str(inspection.inspector_id)} <= set(re.findall(r"\d+", locks[0]))


def test_the_database_refuses_what_cannot_be() -> None:
    inspection = visit()
    now = clock.now()
    wrong: tuple[dict[str, object], ...] = (
        {},
        {"arrived_at": now, "left_at": now - MINUTE},
        {"left_at": now, "due_at": now},
        {"arrived_at": now, "alerted_at": now},
        {"arrived_at": now, "asked_at": now, "alerted_at": now, "due_at": now},
    )
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Stay.objects.create(
                inspection=inspection, starts_at=inspection.starts_at, person=host(inspection), **fields
            )
    Distress.objects.create(inspection=inspection, person=inspection.seeker, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Distress.objects.create(inspection=inspection, person=inspection.seeker, at=now)


@pytest.mark.django_db(transaction=True)
def test_taps_and_sweeps_at_the_same_moment_leave_one_of_each() -> None:
    inspection = visit(seekers=2)
    other = Inspection.objects.exclude(pk=inspection.pk).get()
    inspector = host(inspection)
    at_once.at_once(
        *(
            partial(inspections.arrive, inspection=one, actor=inspector, origin=CHAT)
            for one in (inspection, other)
        ),
        *[partial(inspections.call_for_help, inspection=inspection, actor=inspector, origin=CHAT)] * 4,
    )
    assert Stay.objects.count() == Distress.objects.count() == 1
    clock.move(121 * MINUTE)
    at_once.at_once(*[inspections.tend_visits] * 4)
    assert recorded().count("visit_overdue") == 1
    clock.move(16 * MINUTE)
    depart = partial(inspections.depart, inspection=inspection, actor=inspector, origin=CHAT)
    at_once.at_once(inspections.tend_visits, depart, inspections.tend_visits)
    assert Stay.objects.get().left_at is not None
    assert "visit_overdue" not in open_incidents()  # whoever came first, they are out
