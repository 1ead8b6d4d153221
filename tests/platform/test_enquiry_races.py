"""Questions and answers at the same moment, on connections of their own."""

from collections.abc import Callable
from functools import partial

import pytest
from pytest_django import Settings

from inspector_whatsapp import clock, enquiries, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Enquirer, Enquiry, Inspection, Property, Slot
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.inspections import LIVE_STATES
from tests import at_once
from tests.factories import EnquiryFactory, InspectionFactory, PropertyFactory, SeekerFactory, SlotFactory, at

pytestmark = pytest.mark.django_db(transaction=True)
CHAT = Origin.CHAT
REFUSED = (inspections.CannotInspect, enquiries.Answered)


@pytest.fixture(autouse=True)
def all_listen(settings: Settings) -> None:
    settings.CHANGE_LISTENERS = (
        "inspector_whatsapp.inspections.offers.on_change",
        "inspector_whatsapp.enquiries.on_change",
    )


def refused(attempt: Callable[[], object]) -> object:
    try:
        return retried(attempt)
    except REFUSED as refusal:
        return type(refusal).__name__


def together(*attempts: Callable[[], object]) -> list[object]:
    return at_once.at_once(*(partial(refused, attempt) for attempt in attempts))


def says(enquiry: Enquiry, state: EnquiryState) -> Callable[[], object]:
    return partial(enquiries.answer, enquiry=enquiry, says=state, actor=None, origin=CHAT)


def test_many_who_ask_at_once_are_one_question_and_two_evening_runs_ask_once() -> None:
    clock.move(at(18) - clock.now())
    home, seekers = PropertyFactory(), SeekerFactory.create_batch(6)
    together(
        *(partial(enquiries.ask, seeker=each, property=home, origin=CHAT) for each in (*seekers, seekers[0]))
    )
    assert Enquirer.objects.filter(enquiry=Enquiry.objects.get()).count() == 6
    InspectionFactory(slot=SlotFactory(taken=1, starts_at=at(12, days=2)))
    counts = together(*(partial(enquiries.ask_before_inspections) for _run in range(3)))
    assert sorted(map(str, counts)) == ["0", "0", "1"]


def test_of_what_is_said_booked_and_given_up_at_once_nothing_stands_that_is_taken() -> None:
    for _ in range(4):
        slot = SlotFactory(capacity=3, taken=1, starts_at=at(12, days=3))
        InspectionFactory(slot=slot)
        enquiry = EnquiryFactory(property=slot.property)
        bookings = [
            partial(inspections.book, seeker=each, slot=Slot.objects.get(pk=slot.pk), origin=CHAT)
            for each in SeekerFactory.create_batch(2)
        ]
        there, taken, *_others = together(
            says(enquiry, EnquiryState.THERE),
            says(enquiry, EnquiryState.TAKEN),
            partial(enquiries.give_up, enquiry, unreached=True),
            *bookings,
        )
        assert [each for each in (there, taken) if isinstance(each, str)] in (["Answered"], ["NotLive"])
        enquiry.refresh_from_db()
        slot.refresh_from_db()
        status = Property.objects.get(pk=slot.property_id).status
        live = Inspection.objects.filter(slot=slot, state__in=LIVE_STATES).count()
        assert (enquiry.state, status, live, slot.taken) in (("there", "live", 3, 3), ("taken", "let", 0, 0))
