"""Is it still there? One question to an agent for all who want to know, and what their answer does."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from inspector_whatsapp import clock, enquiries, inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Enquirer, Enquiry, Inspection, Property, Slot, User
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from tests.factories import (
    AgentFactory,
    EnquiryFactory,
    InspectionFactory,
    PropertyFactory,
    SeekerFactory,
    SlotFactory,
    WaitFactory,
)

pytestmark = pytest.mark.django_db
CHAT = Origin.CHAT
HOUR = timedelta(hours=1)
THERE, UNDER_OFFER, TAKEN = enquiries.ANSWERS


@pytest.fixture(autouse=True)
def the_questions_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = (
        "inspector_whatsapp.inspections.offers.on_change",
        "inspector_whatsapp.enquiries.on_change",
    )


@pytest.fixture(autouse=True)
def in_the_evening() -> None:
    """Whatever the hour is: when the service asks of tomorrow's inspections."""
    six = timezone.localtime(clock.now()).replace(hour=18, minute=0) + timedelta(days=1)
    clock.move(six - clock.now())


def ask(property: Property, seeker: User | None = None) -> Enquiry:
    return enquiries.ask(seeker=seeker or SeekerFactory(), property=property, origin=CHAT)


def answer(enquiry: Enquiry, says: EnquiryState) -> enquiries.Answer:
    return enquiries.answer(enquiry=enquiry, says=says, actor=enquiry.property.agent, origin=CHAT)


def unanswered(property: Property, seeker: User | None = None) -> Enquiry:
    """Its agent was told, and has not answered in time."""
    enquiry = ask(property, seeker)
    enquiries.told(enquiry, at=clock.now())
    clock.move(3 * HOUR)
    assert enquiries.give_up(enquiry)
    return Enquiry.objects.get(pk=enquiry.pk)


def asked() -> int:
    """How often agents were asked."""
    return Change.objects.filter(kind="enquiry_asked").count()


def stands(property: Property) -> str:
    known = enquiries.standing(Property.objects.get(pk=property.pk), now=clock.now())
    return str(known.state) if known else ""


def coming(property: Property, *, days: int = 1) -> Inspection:
    """An inspection in the middle of a day to come, by the service's clocks."""
    noon = timezone.localtime(clock.now()).replace(hour=12, minute=0) + timedelta(days=days)
    slot = SlotFactory(
        property=property, taken=1, starts_at=noon, ends_at=noon + HOUR, capacity=2, inspector=None
    )
    return InspectionFactory(slot=slot)


def test_many_who_ask_are_one_question_and_a_fresh_answer_is_enough_for_the_next() -> None:
    home, ada, ben = PropertyFactory(), SeekerFactory(), SeekerFactory()
    first = ask(home, ada)
    assert ask(home, ben) == first == ask(home, ada)
    assert (asked(), enquiries.enquirers(first), stands(home)) == (1, [ada, ben], "asked")
    answer(first, THERE)
    clock.move(71 * HOUR)
    late = ask(home)
    assert (late, late.state, asked(), len(enquiries.enquirers(first))) == (first, THERE, 1, 2)
    clock.move(2 * HOUR)
    assert stands(home) == ""
    assert (ask(home) == first, asked()) == (False, 2)


def test_what_is_left_unanswered_says_so_and_rests_for_a_day_while_a_late_answer_is_told_to_all() -> None:
    home, ben = PropertyFactory(), SeekerFactory()
    enquiry = unanswered(home)
    assert stands(home) == "unanswered"
    assert (ask(home, ben), asked(), len(enquiries.enquirers(enquiry))) == (enquiry, 1, 2)
    clock.move(24 * HOUR)
    again = ask(home)
    assert (again == enquiry, asked()) == (False, 2)
    late = unanswered(PropertyFactory())
    assert answer(late, THERE).enquiry.state == THERE


def test_still_there_said_to_an_older_question_answers_the_newest_and_what_changes_it_asks_first() -> None:
    home = PropertyFactory()
    old = unanswered(home)
    clock.move(24 * HOUR)
    new = ask(home)
    for says in (UNDER_OFFER, TAKEN):
        with pytest.raises(enquiries.Answered) as refused:
            answer(old, says)
        assert refused.value.enquiry == new
    assert answer(old, THERE).enquiry == new
    assert stands(home) == "there"
    with pytest.raises(enquiries.Answered):
        answer(old, THERE)


def test_an_answer_is_for_all_who_were_left_without_one_lately_and_for_each_once() -> None:
    home, before, ada, ben = PropertyFactory(), *SeekerFactory.create_batch(3)
    answer(unanswered(home, before), THERE)
    clock.move(73 * HOUR)
    old = unanswered(home, ada)
    clock.move(24 * HOUR)
    new = ask(home, ben)
    ask(home, ada)
    answered = answer(new, THERE).enquiry
    assert enquiries.to_be_told(answered) == [ada, ben]
    old.refresh_from_db()
    assert old.state == EnquiryState.UNANSWERED
    clock.move(73 * HOUR)
    unanswered(home, before)
    clock.move(73 * HOUR)
    assert enquiries.to_be_told(answer(ask(home, ben), THERE).enquiry) == [ben]


def test_what_goes_where_an_answer_was_promised_answers_it() -> None:
    home, ada = PropertyFactory(), SeekerFactory()
    enquiry = unanswered(home, ada)
    listings.set_availability(property=home, status=PropertyStatus.LET, actor=home.agent, origin=CHAT)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiries.to_be_told(enquiry)) == (TAKEN, [ada])
    other = unanswered(PropertyFactory(), ada)
    clock.move(73 * HOUR)
    gone = PropertyStatus.UNAVAILABLE
    listings.set_availability(property=other.property, status=gone, actor=None, origin=Origin.ADMIN)
    other.refresh_from_db()
    assert other.state == EnquiryState.UNANSWERED


def test_the_time_for_an_answer_does_not_run_until_its_agent_was_told() -> None:
    enquiry = ask(PropertyFactory())
    clock.move(48 * HOUR)
    assert not enquiries.give_up(enquiry)
    enquiries.told(enquiry, at=clock.now())
    assert not enquiries.give_up(enquiry, unreached=True)
    enquiries.told(enquiry, at=clock.now() - 3 * HOUR)  # told again: it counts once
    assert not enquiries.give_up(enquiry)
    clock.move(3 * HOUR)
    assert enquiries.give_up(enquiry)
    assert not enquiries.give_up(enquiry)
    other = ask(PropertyFactory())
    assert enquiries.give_up(other, unreached=True)


def test_taken_lets_or_sells_it_and_calls_off_what_is_to_come() -> None:
    home = PropertyFactory()
    first, second, over = coming(home), coming(home, days=2), coming(home, days=-1)
    wait = WaitFactory(slot=first.slot, property=home)
    done = answer(ask(home), TAKEN)
    assert done.enquiry.property.status == PropertyStatus.LET
    assert {each.ref for each in done.cancelled} == {first.ref, second.ref}
    for each in (first, second):
        each.refresh_from_db()
        assert (each.state, each.why) == (InspectionState.CANCELLED, "The property has been let")
    wait.refresh_from_db()
    assert wait.state == "over"
    over.refresh_from_db()
    assert over.state == InspectionState.CONFIRMED
    assert not Slot.objects.filter(pk__in=[first.slot_id, second.slot_id], taken__gt=0).exists()
    told = Change.objects.get(kind="enquiry_answered")
    assert (told.subject, told.data["answer"]) == (home.ref, "taken")
    sold = answer(ask(PropertyFactory(listing_type="sale", period="")), TAKEN)
    assert sold.enquiry.property.status == PropertyStatus.SOLD


def test_what_has_just_begun_is_not_called_off_with_the_rest() -> None:
    home = PropertyFactory()
    soon, later = coming(home), coming(home, days=2)
    clock.move(soon.starts_at - clock.now())
    let = PropertyStatus.LET
    off = inspections.call_off(inspections=[soon, later], status=let, actor=None, origin=CHAT)
    assert [(each.ref, each.why) for each in off] == [(later.ref, "The property has been let")]


def test_under_offer_it_is_not_available_and_its_inspections_stay() -> None:
    home = PropertyFactory()
    inspection = coming(home)
    done = answer(ask(home), UNDER_OFFER)
    assert (done.enquiry.property.status, done.cancelled) == (PropertyStatus.UNAVAILABLE, [])
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CONFIRMED
    with pytest.raises(inspections.NotLive):
        ask(home)


def test_an_answer_counts_once_and_only_to_the_last_question_about_what_is_on_offer() -> None:
    home = PropertyFactory()
    enquiry = ask(home)
    answer(enquiry, THERE)
    with pytest.raises(enquiries.Answered) as refused:
        answer(enquiry, TAKEN)
    assert refused.value.enquiry.state == THERE
    gone = unanswered(PropertyFactory())
    Property.objects.filter(pk=gone.property_id).update(status=PropertyStatus.LET)
    with pytest.raises(inspections.NotLive):
        answer(gone, THERE)


@pytest.mark.parametrize(
    ("status", "state"),
    [(PropertyStatus.LET, TAKEN), (PropertyStatus.SOLD, TAKEN), (PropertyStatus.UNAVAILABLE, UNDER_OFFER)],
)
def test_what_is_taken_off_offer_otherwise_answers_the_question(
    status: PropertyStatus, state: EnquiryState
) -> None:
    home = PropertyFactory()
    enquiry = ask(home)
    listings.set_availability(property=home, status=status, actor=None, origin=Origin.ADMIN)
    enquiry.refresh_from_db()
    assert enquiry.state == state
    assert Change.objects.get(kind="enquiry_answered").data["enquiry"] == enquiry.pk
    listings.set_availability(property=home, status=PropertyStatus.LIVE, actor=None, origin=Origin.ADMIN)
    assert stands(home) == ""
    assert ask(home) != enquiry


def test_nobody_is_asked_too_often_nor_asks_too_often_nor_of_their_own() -> None:
    agent, eager = AgentFactory(), SeekerFactory()
    for _ in range(enquiries.MOST):
        ask(PropertyFactory(agent=agent))
        ask(PropertyFactory(), eager)
    with pytest.raises(enquiries.AskedEnough):
        ask(PropertyFactory(agent=agent))
    with pytest.raises(enquiries.AskedEnough):
        ask(PropertyFactory(), eager)
    with pytest.raises(enquiries.YourOwn):
        ask(PropertyFactory(agent=eager), eager)
    clock.move(25 * HOUR)
    ask(PropertyFactory(agent=agent), eager)


def test_the_evening_before_its_agent_is_asked_once_for_all_who_come() -> None:
    home = PropertyFactory()
    ada, ben = coming(home), InspectionFactory(slot=SlotFactory(property=home, taken=1))
    Inspection.objects.filter(pk=ben.pk).update(starts_at=ada.starts_at, ends_at=ada.ends_at)
    coming(PropertyFactory(), days=2)
    gone = PropertyFactory(status=PropertyStatus.LET)
    coming(gone)
    assert enquiries.ask_before_inspections() == 1
    assert enquiries.ask_before_inspections() == 0
    enquiry = Enquiry.objects.get()
    assert {each.pk for each in enquiries.enquirers(enquiry)} == {ada.seeker_id, ben.seeker_id}
    answer(enquiry, THERE)
    assert enquiries.ask_before_inspections() == 0
    clock.move(24 * HOUR)
    coming(home)
    assert enquiries.ask_before_inspections() == 2  # said so a day ago, and the one that comes in two days
    assert Enquiry.objects.filter(property=home).count() == 2


def test_a_run_that_is_made_up_after_midnight_asks_of_the_day_that_has_begun() -> None:
    home, tomorrows = PropertyFactory(), PropertyFactory()
    coming(home)
    coming(tomorrows, days=2)
    clock.move(6 * HOUR + HOUR / 2)  # half past midnight
    assert enquiries.ask_before_inspections() == 1
    assert Enquiry.objects.get().property == home
    clock.move(9 * HOUR)
    over = InspectionFactory(slot=SlotFactory(starts_at=clock.now() - HOUR, ends_at=clock.now()))
    assert enquiries.ask_before_inspections() == 0
    assert not Enquiry.objects.filter(property=over.property).exists()


def test_what_taken_locks_it_locks_in_the_order_of_all(connection_locks: list[str]) -> None:
    home = PropertyFactory()
    coming(home)
    enquiry = ask(home)
    connection_locks.clear()
    answer(enquiry, TAKEN)
    first = list(dict.fromkeys(connection_locks))
    assert first[:4] == ["user", "inspection", "property", "slot"]


@pytest.fixture
def connection_locks() -> Iterator[list[str]]:
    """Of which tables rows are locked, in their order."""
    found: list[str] = []

    def look(execute: Any, sql: str, *others: Any) -> Any:
        locks = re.search(r'FROM "?inspector_whatsapp_(\w+)', sql) if "FOR NO KEY UPDATE" in sql else None
        found.extend([locks[1]] if locks else [])
        return execute(sql, *others)

    with connection.execute_wrapper(look):
        yield found


def test_the_evening_before_nobody_is_asked_who_is_being_asked_or_has_just_said_so() -> None:
    open_one, fresh = PropertyFactory(), PropertyFactory()
    inspection = coming(open_one)
    coming(fresh)
    enquiry, other = ask(open_one), ask(fresh)
    answer(other, THERE)
    assert enquiries.ask_before_inspections() == 0
    assert inspection.seeker in enquiries.enquirers(enquiry)
    enquiry.refresh_from_db()
    assert enquiry.day == timezone.localdate(inspection.starts_at)
    assert asked() == 2


def test_the_database_refuses_a_second_open_question_and_a_second_before_a_day() -> None:
    enquiry = EnquiryFactory(day="2026-11-28")
    with pytest.raises(IntegrityError), transaction.atomic():
        EnquiryFactory(property=enquiry.property)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnquiryFactory(property=enquiry.property, day="2026-11-28", state="unanswered", ended_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(state="there")
    seeker = SeekerFactory()
    row = {"enquiry": enquiry, "seeker": seeker, "created_at": clock.now()}
    Enquirer.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquirer.objects.create(**row)
