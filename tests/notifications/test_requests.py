"""Who is told when an inspection needs the agent's yes."""

import icalendar
import pytest

from inspector_whatsapp import changes, clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage, Property, User
from inspector_whatsapp.models.listings import BookingRule
from inspector_whatsapp.outbox import Withheld
from notifications import reminders
from notifications.kind import by_name
from notifications.models import ReminderRule
from tests.factories import AgentFactory, InspectorFactory, PropertyFactory, SeekerFactory
from tests.notifications import scenes
from tests.notifications.scenes import HOUR, one

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


@pytest.fixture
def bola() -> User:
    return scenes.linked(AgentFactory(name="Bola Adeyemi"))


@pytest.fixture
def home(bola: User) -> Property:
    return PropertyFactory(agent=bola, booking_rule=BookingRule.ASK)


@pytest.fixture
def chidi() -> User:
    return scenes.linked(InspectorFactory(name="Chidi Eze"))


def asked(ada: User, home: Property, chidi: User, *, origin: Origin = Origin.CHAT) -> Inspection:
    return scenes.book(seeker=ada, property=home, inspector=chidi, origin=origin)


def confirmed(inspection: Inspection, *, origin: Origin = Origin.CHAT) -> Inspection:
    agent = inspection.property.agent
    return inspections.confirm(inspection=inspection, actor=agent, origin=origin)


def entries(kind: str, person: User) -> list[tuple[str, str]]:
    """(METHOD, STATUS) of the calendar entries that come with a letter."""
    message = one(kind, person, "email")
    attached = by_name(kind).mail(message, now=clock.now()).attachments
    calendars = [icalendar.Calendar.from_ical(each.content) for each in attached]
    return [(str(each["METHOD"]), str(each.events[0]["STATUS"])) for each in calendars]


def test_the_agent_is_asked_and_the_seeker_has_it_in_writing(ada: User, home: Property, chidi: User) -> None:
    asked(ada, home, chidi)
    assert scenes.written() == [
        ("inspection_requested", "Ada Obi", "email"),
        ("inspection_requested", "Bola Adeyemi", "whatsapp"),
        ("inspection_requested", "Bola Adeyemi", "email"),
    ]
    assert entries("inspection_requested", ada) == []
    assert entries("inspection_requested", home.agent) == []


def test_the_agent_confirms_or_declines_from_the_message(ada: User, home: Property, chidi: User) -> None:
    inspection = asked(ada, home, chidi)
    message = one("inspection_requested", home.agent)
    assert scenes.taps(message) == [
        f"confirm_request|{inspection.ref}.1",
        f"decline_request|{inspection.ref}.1",
    ]
    assert scenes.text(message).startswith("Ada asks for an inspection.\n3-bedroom flat")
    assert scenes.text(message).endswith("Does that time suit you?")
    assert "Answer in your WhatsApp chat" in scenes.letter(one("inspection_requested", home.agent, "email"))


def test_once_it_is_confirmed_all_three_have_it_in_their_calendars(
    ada: User, home: Property, chidi: User
) -> None:
    inspection = confirmed(asked(ada, home, chidi))
    assert scenes.written(kind="inspection_confirmed") == [
        ("inspection_confirmed", "Ada Obi", "whatsapp"),
        ("inspection_confirmed", "Ada Obi", "email"),
        ("inspection_confirmed", "Bola Adeyemi", "email"),
        ("inspection_confirmed", "Chidi Eze", "whatsapp"),
        ("inspection_confirmed", "Chidi Eze", "email"),
    ]
    for person in (ada, home.agent, chidi):
        assert entries("inspection_confirmed", person) == [("REQUEST", "CONFIRMED")]
    assert scenes.taps(one("inspection_confirmed", ada)) == [
        f"reschedule|{inspection.ref}.1",
        f"cancel|{inspection.ref}.1",
    ]
    assert scenes.taps(one("inspection_confirmed", chidi)) == [
        f"accept_visit|{inspection.ref}.1",
        f"hand_back_visit|{inspection.ref}.1",
    ]


def test_an_answered_request_is_not_asked_again(ada: User, home: Property, chidi: User) -> None:
    inspection = asked(ada, home, chidi)
    changes.record("request_unanswered", inspection, actor=None, origin=Origin.SERVICE)
    first, again = one("inspection_requested", home.agent), one("request_unanswered", home.agent)
    assert scenes.text(again).startswith("Ada is still waiting for your answer.")
    confirmed(inspection)
    for message in (first, again):
        with pytest.raises(Withheld, match="confirmed meanwhile"):
            scenes.said(message)


def test_a_declined_request_says_why_and_what_is_free_instead(ada: User, home: Property, chidi: User) -> None:
    inspection = asked(ada, home, chidi)
    free = scenes.slot(hours=50, property=home)
    inspections.decline(
        inspection=inspection, actor=home.agent, origin=Origin.CHAT, why="The tenant is in *that* day."
    )
    assert scenes.written(kind="inspection_declined") == [
        ("inspection_declined", "Ada Obi", "whatsapp"),
        ("inspection_declined", "Ada Obi", "email"),
    ]
    message = one("inspection_declined", ada)
    words = scenes.text(message)
    assert "Sorry, the agent can't do that time. The reason: “The tenant is in ∗that∗ day.”" in words
    assert f"Free instead: {scenes.when(free.starts_at)}." in words
    assert scenes.taps(message) == [f"book_inspection|{home.ref}"]
    assert entries("inspection_declined", ada) == []


def test_where_nothing_else_is_free_no_other_time_is_offered(ada: User, home: Property, chidi: User) -> None:
    inspection = asked(ada, home, chidi)
    inspections.decline(inspection=inspection, actor=home.agent, origin=Origin.CHAT)
    assert inspection.slot is not None
    scenes.close(inspection.slot)
    message = one("inspection_declined", ada)
    assert scenes.said(message).template == "inspection_news"
    assert scenes.said(message).buttons == ()
    assert "no other free times at the moment" in scenes.text(message)


def test_a_released_request_is_told_to_seeker_and_agent(ada: User, home: Property, chidi: User) -> None:
    asked(ada, home, chidi)
    clock.move(25 * HOUR)
    inspections.chase_requests()
    assert scenes.written(kind="inspection_released") == [
        ("inspection_released", "Ada Obi", "whatsapp"),
        ("inspection_released", "Ada Obi", "email"),
        ("inspection_released", "Bola Adeyemi", "whatsapp"),
        ("inspection_released", "Bola Adeyemi", "email"),
    ]
    assert "Sorry, the agent did not answer in time." in scenes.text(one("inspection_released", ada))
    assert "You did not answer Ada in time." in scenes.text(one("inspection_released", home.agent))


def test_asking_for_another_time_tells_everybody_who_counted_on_the_old_one(
    ada: User, home: Property, chidi: User
) -> None:
    inspection = confirmed(asked(ada, home, chidi))
    scenes.move(inspection, hours=60, origin=Origin.CHAT)
    again = OutboxMessage.objects.filter(kind="inspection_requested", arguments__revision=2)
    assert {(message.account.name, message.channel) for message in again if message.account} == {
        ("Ada Obi", "email"),
        *(("Bola Adeyemi", channel) for channel in ("whatsapp", "email")),
        *(("Chidi Eze", channel) for channel in ("whatsapp", "email")),
    }
    words = scenes.text(again.get(account=home.agent, channel="whatsapp"))
    assert words.startswith("Ada asks for another time. It was to be ")
    message = again.get(account=chidi, channel="email")
    (entry,) = by_name(message.kind).mail(message, now=clock.now()).attachments
    assert b"STATUS:TENTATIVE" in entry.content
    inspections.decline(
        inspection=Inspection.objects.get(pk=inspection.pk), actor=home.agent, origin=Origin.CHAT
    )
    assert entries("inspection_declined", chidi) == [("CANCEL", "CANCELLED")]


def test_an_inspector_hears_nothing_of_a_request_that_came_to_nothing(
    ada: User, home: Property, chidi: User
) -> None:
    scenes.cancel(inspection=asked(ada, home, chidi))
    assert scenes.written(account=chidi) == []
    assert entries("inspection_cancelled", ada) == []


def test_nobody_is_reminded_of_what_is_only_asked_for(
    ada: User, home: Property, chidi: User, day_before: ReminderRule
) -> None:
    inspection = asked(ada, home, chidi)
    assert scenes.states() == []
    inspection = confirmed(inspection)
    assert scenes.states() == ["planned"]
    scenes.move(inspection, hours=60)
    assert scenes.states() == ["cancelled"]
    clock.move(40 * HOUR)
    assert reminders.tick(day_before.pk) == 0


def test_who_is_to_carry_out_a_request_hears_once_it_is_confirmed(
    ada: User, home: Property, chidi: User
) -> None:
    inspection = asked(ada, home, chidi)
    OutboxMessage.objects.all().delete()
    inspections.hand_back(inspection=inspection, actor=chidi, origin=Origin.API)
    tunde = scenes.linked(InspectorFactory(name="Tunde Bello"))
    inspection = Inspection.objects.get(pk=inspection.pk)
    inspection = inspections.assign(inspection=inspection, inspector=tunde, actor=None, origin=Origin.ADMIN)
    assert scenes.written() == []
    confirmed(inspection)
    assert scenes.written(account=tunde, channel="whatsapp") == [
        ("inspection_confirmed", "Tunde Bello", "whatsapp")
    ]
