"""Is it still there? What agents are asked, and what who wants to know hears, when, and by which way."""

from datetime import time, timedelta

import pytest

from inspector_whatsapp import clock, enquiries, listings, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Enquiry, Inspection, OutboxMessage, Property, User
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Withheld
from notifications import enquiries as questions
from notifications import kind, preferences
from notifications.kind import Topic
from notifications.preferences import Quiet
from tests.factories import LAGOS, AgentFactory, InterestFactory, PropertyFactory, SeekerFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon() -> None:
    """So that no test depends on the hour: nobody's quiet hours are on, whatever the time is."""
    noon = clock.now().astimezone(LAGOS).replace(hour=12, minute=0, second=0) + timedelta(days=1)
    clock.move(noon - clock.now())


def home(**agent: str) -> Property:
    return PropertyFactory(agent=scenes.linked(AgentFactory(name="Bola Adeyemi", **agent)))


def linked() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


def ask(property: Property, seeker: User) -> Enquiry:
    return enquiries.ask(seeker=seeker, property=property, origin=Origin.CHAT)


def answer(enquiry: Enquiry, says: EnquiryState) -> None:
    enquiries.answer(enquiry=enquiry, says=says, actor=enquiry.property.agent, origin=Origin.CHAT)


def left(message: OutboxMessage) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(status=Status.ACCEPTED, accepted_at=clock.now())


def kinds_to(person: User) -> list[str]:
    """What they are told, in the order of its being written; what has the words for it still."""
    found = []
    for message in OutboxMessage.objects.filter(account=person, channel="whatsapp").order_by("pk"):
        try:
            scenes.said(message)
        except Withheld:
            continue
        found.append(message.kind)
    return found


def test_the_agent_is_asked_once_with_three_buttons_and_all_who_asked_hear_the_answer() -> None:
    property, ada, ben = home(), linked(), SeekerFactory(name="Ben")
    enquiry = ask(property, ada)
    ask(property, ben)
    message = scenes.one("enquiry_asked", property.agent)
    assert "2 people want to know." in scenes.text(message)
    assert scenes.taps(message) == [
        f"{flow}|{enquiry.pk}" for flow in ("property_there", "property_under_offer", "property_taken")
    ]
    assert OutboxMessage.objects.filter(kind="enquiry_asked").count() == 1
    answer(enquiry, EnquiryState.THERE)
    assert scenes.text(scenes.one("enquiry_answered", ada)).startswith("Yes, it is still there:")
    assert "Yes, it is still there" in scenes.letter(scenes.one("enquiry_answered", ben, "email"))
    with pytest.raises(Withheld, match="there meanwhile"):
        scenes.said(message)


def test_three_hours_after_the_agent_was_told_who_asked_hears_that_it_is_not_confirmed() -> None:
    property, ada = home(), linked()
    enquiry = ask(property, ada)
    clock.move(40 * timedelta(minutes=1))  # Meta takes nothing
    questions.tend()
    left(scenes.one("enquiry_asked", property.agent))
    questions.tend()
    clock.move(3 * HOUR - timedelta(minutes=1))
    questions.tend()
    assert kinds_to(ada) == []
    clock.move(timedelta(minutes=1))
    questions.tend()
    assert scenes.text(scenes.one("enquiry_unanswered", ada)).startswith("Not confirmed: the agent was asked")
    answer(enquiry, EnquiryState.THERE)  # late
    assert kinds_to(ada) == ["enquiry_answered"]


def test_in_the_agents_quiet_hours_the_question_waits_by_itself_and_its_time_with_it() -> None:
    property, ada = home(), linked()
    preferences.set_quiet(account=property.agent, quiet=Quiet(time(21), time(7)))
    clock.move(10 * HOUR)  # ten at night
    ask(property, ada)
    outbox.drain()
    message = scenes.one("enquiry_asked", property.agent)
    assert message.status == Status.HELD
    clock.move(8 * HOUR)
    questions.tend()
    assert Enquiry.objects.get().state == EnquiryState.ASKED
    assert kind.by_name("enquiry_asked").alone


def test_an_agent_who_cannot_be_told_has_not_answered() -> None:
    property, ada = home(), linked()
    ask(property, ada)
    message = scenes.one("enquiry_asked", property.agent)
    OutboxMessage.objects.filter(pk=message.pk).update(status=Status.FAILED)
    questions.tend()
    assert kinds_to(ada) == ["enquiry_unanswered"]
    assert scenes.text(scenes.one("enquiry_unanswered", ada)).startswith(
        "Not confirmed: the agent could not be reached."
    )


def test_an_agent_who_does_not_want_it_on_whatsapp_is_asked_by_a_letter() -> None:
    property = home()
    preferences.refuse(account=property.agent, topic=Topic.LISTINGS, channel="whatsapp")
    ask(property, linked())
    outbox.drain()
    assert scenes.one("enquiry_asked", property.agent).status == Status.WITHHELD
    letter = scenes.one("enquiry_asked", property.agent, "email")
    left(letter)
    questions.tend()
    enquiry = Enquiry.objects.get()
    assert enquiry.state == EnquiryState.ASKED
    assert enquiry.answer_by is not None


def test_without_whatsapp_the_question_is_a_letter_whose_night_counts_for_nothing() -> None:
    property = PropertyFactory()
    preferences.set_quiet(account=property.agent, quiet=Quiet(time(21), time(7)))
    clock.move(10 * HOUR)
    ask(property, linked())
    message = scenes.one("enquiry_asked", property.agent, "email")
    assert "Say how it is on the page behind this link." in scenes.letter(message)
    left(message)
    questions.tend()
    by = Enquiry.objects.get().answer_by
    assert by is not None
    assert by.astimezone(LAGOS).strftime("%H:%M") == "10:00"


def test_taken_offers_similar_homes_to_who_had_an_inspection_and_to_who_asked_each_told_once() -> None:
    property, ada, ben, kemi = home(), linked(), linked(), linked()
    booked = scenes.book(hours=30, seeker=ada, property=property)
    similar = PropertyFactory(price=8_500_000)
    first, second = (scenes.slot(hours=hours, property=similar) for hours in (50, 60))
    scenes.slot(hours=70, property=similar)
    PropertyFactory(price=8_400_000)  # nothing free there
    InterestFactory(property=property, seeker=ben)
    for seeker in (ada, ben, kemi):
        enquiry = ask(property, seeker)
    answer(enquiry, EnquiryState.TAKEN)
    message = scenes.one("inspection_cancelled", ada)
    assert "The reason: “The property has been let”" in scenes.text(message)
    rows = [f"v1|start|book_inspection|{similar.ref}.{slot.pk}" for slot in (first, second)]
    assert [row.id for row in scenes.said(message).rows] == rows
    assert scenes.said(message).template == "inspection_instead"
    assert similar.ref in scenes.letter(scenes.one("inspection_cancelled", ada, "email"))
    agents = scenes.one("inspection_cancelled", property.agent, "email")
    assert similar.ref not in scenes.letter(agents)
    assert [kinds_to(each)[-1:] for each in (ada, ben, kemi)] == [
        ["inspection_cancelled"],
        ["enquiry_answered"],
        ["enquiry_answered"],
    ]
    assert "The property has been let." in scenes.text(scenes.one("enquiry_answered", kemi))
    assert [row.id for row in scenes.said(scenes.one("enquiry_answered", kemi)).rows] == rows
    assert Inspection.objects.get(pk=booked.pk).state == "cancelled"


def test_under_offer_who_has_an_inspection_is_asked_about_that_and_not_told_twice() -> None:
    property, ada = home(), linked()
    scenes.book(hours=30, seeker=ada, property=property)
    enquiry = ask(property, ada)
    answer(enquiry, EnquiryState.UNDER_OFFER)
    assert kinds_to(ada)[-1] == "inspected_property_changed"
    assert "enquiry_answered" not in kinds_to(ada)


def test_what_is_on_offer_again_before_it_was_told_is_not_told() -> None:
    property, ada = home(), linked()
    answer(ask(property, ada), EnquiryState.UNDER_OFFER)
    listings.set_availability(property=property, status=PropertyStatus.LIVE, actor=None, origin=Origin.ADMIN)
    assert "enquiry_answered" not in kinds_to(ada)


def test_the_evening_before_the_agent_reads_of_the_day_and_the_seeker_that_it_stands() -> None:
    property, ada = home(), linked()
    scenes.book(hours=24, seeker=ada, property=property)
    assert enquiries.ask_before_inspections() == 1
    message = scenes.one("enquiry_asked", property.agent)
    assert "It is to be inspected on " in scenes.text(message)
    left(message)
    questions.tend()
    clock.move(3 * HOUR)
    questions.tend()
    assert "Your inspection stands." in scenes.text(scenes.one("enquiry_unanswered", ada))
