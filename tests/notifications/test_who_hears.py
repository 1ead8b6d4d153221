"""Who is told of a change, through which channel, and in which words."""

import pytest

from inspector_whatsapp import clock, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage, User
from inspector_whatsapp.outbox import Withheld, channel
from tests.factories import (
    AgentFactory,
    ContactFactory,
    InspectorFactory,
    InterestFactory,
    PropertyFactory,
    SeekerFactory,
)
from tests.notifications import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("approved")]


@pytest.fixture
def ada() -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"))


def booked(seeker: User, *, origin: Origin = Origin.API) -> Inspection:
    home = PropertyFactory(agent=AgentFactory(name="Bola Adeyemi"))
    return scenes.book(hours=30, seeker=seeker, property=home, origin=origin)


def test_seeker_agent_and_inspector_hear_of_a_booking(ada: User) -> None:
    booked(ada)
    assert scenes.written() == [
        ("inspection_booked", "Ada Obi", "whatsapp"),
        ("inspection_booked", "Ada Obi", "email"),
        ("inspection_booked", "Bola Adeyemi", "email"),
        ("inspection_booked", "Chidi Eze", "email"),
    ]


def test_whoever_acts_in_the_chat_is_answered_there_and_gets_the_calendar_entry_by_mail(ada: User) -> None:
    inspection = booked(ada, origin=Origin.CHAT)
    assert ("inspection_booked", "Ada Obi", "whatsapp") not in scenes.written()
    assert ("inspection_booked", "Ada Obi", "email") in scenes.written()
    scenes.linked(inspection.inspector or ada)
    scenes.move(inspection, hours=50, origin=Origin.CHAT)
    assert scenes.written(kind="inspection_moved", channel="whatsapp") == [
        ("inspection_moved", "Chidi Eze", "whatsapp")
    ]


def test_an_ended_link_is_not_written_to() -> None:
    ada = scenes.linked(SeekerFactory(name="Ada Obi"), state="ended", current=False, ended_at=clock.now())
    booked(ada)
    assert scenes.written(channel="whatsapp") == []


def test_somebody_with_two_parts_hears_once() -> None:
    bola = AgentFactory(name="Bola Adeyemi")
    scenes.book(seeker=bola, property=PropertyFactory(agent=bola), inspector=bola)
    assert scenes.written() == [("inspection_booked", "Bola Adeyemi", "email")]
    message = OutboxMessage.objects.get()
    assert message.arguments["role"] == "seeker"


def test_every_change_is_told_once_with_its_own_key(ada: User) -> None:
    inspection = scenes.move(scenes.move(booked(ada), hours=50), hours=70)
    scenes.cancel(inspection=inspection)
    scenes.cancel(inspection=inspection)
    mine = OutboxMessage.objects.filter(account=ada, channel="email").order_by("pk")
    assert [message.kind for message in mine] == [
        *("inspection_booked", "inspection_moved", "inspection_moved", "inspection_cancelled")
    ]
    assert mine[1].key == f"inspection_moved:{inspection.pk}:2:{ada.pk}:email"


def test_an_older_notice_is_withheld_once_there_is_a_newer_one(ada: User) -> None:
    inspection = booked(ada)
    notice = OutboxMessage.objects.get(kind="inspection_booked", account=ada, channel="whatsapp")
    moved = scenes.move(inspection, hours=50)
    with pytest.raises(Withheld, match="moved meanwhile"):
        scenes.said(notice)
    scenes.cancel(inspection=moved)
    with pytest.raises(Withheld, match="cancelled meanwhile"):
        scenes.said(OutboxMessage.objects.get(kind="inspection_moved", account=ada, channel="whatsapp"))
    scenes.said(OutboxMessage.objects.get(kind="inspection_cancelled", account=ada, channel="whatsapp"))


def test_the_seeker_hears_what_where_when_and_whom_they_meet(ada: User) -> None:
    inspection = booked(ada)
    message = OutboxMessage.objects.get(account=ada, channel="whatsapp")
    for words in (scenes.text(message), scenes.letter(message)):
        assert "3-bedroom flat, Lekki Phase 1 (PR-" in words
        assert "14 Admiralty Way" in words
        assert "You will meet Chidi Eze." in words
        assert f"Ref {inspection.ref}" in words


def test_agent_and_inspector_hear_who_comes_by_first_name(ada: User) -> None:
    inspection = booked(ada)
    for person in (inspection.property.agent, inspection.inspector):
        words = scenes.letter(OutboxMessage.objects.get(account=person))
        assert "Ada booked an inspection." in words
        assert "Obi" not in words
        assert ada.email not in words
        assert ada.phone not in words


def test_a_moved_inspection_says_when_it_was_to_be(ada: User) -> None:
    inspection = booked(ada)
    scenes.move(inspection, hours=54)
    words = scenes.text(OutboxMessage.objects.get(kind="inspection_moved", account=ada, channel="whatsapp"))
    assert words.startswith("Your inspection has been moved. It was to be ")


def test_booked_and_moved_can_be_changed_or_called_off_from_the_message(ada: User) -> None:
    inspection = scenes.move(booked(ada), hours=50)
    message = OutboxMessage.objects.get(kind="inspection_moved", account=ada, channel="whatsapp")
    assert [id for id, _title in scenes.said(message).buttons] == [
        f"v1|start|reschedule|{inspection.ref}.2",
        f"v1|start|cancel|{inspection.ref}.2",
    ]


def test_a_property_without_an_inspector_is_shown_by_its_agent(ada: User) -> None:
    home = PropertyFactory(agent=AgentFactory(name="Bola Adeyemi"))
    scenes.book(seeker=ada, property=home, inspector=None)
    words = scenes.text(OutboxMessage.objects.get(account=ada, channel="whatsapp"))
    assert "You will meet Bola Adeyemi." in words


def test_an_account_without_a_name_is_nobody_in_particular() -> None:
    inspection = booked(SeekerFactory(name=""))
    words = scenes.letter(OutboxMessage.objects.get(account=inspection.inspector))
    assert "Somebody booked an inspection." in words


def test_other_changes_of_the_platform_are_not_told() -> None:
    seeker, home = SeekerFactory(), PropertyFactory()
    InterestFactory(seeker=seeker, property=home)
    listings.remove_interest(seeker=seeker, property=home, origin=Origin.API)
    assert scenes.written() == []


def test_the_other_side_hears_why_an_inspection_was_cancelled(ada: User) -> None:
    inspection = booked(ada)
    scenes.cancel(inspection=inspection, why="The house is being painted.")
    words = scenes.text(OutboxMessage.objects.get(kind="inspection_cancelled", channel="whatsapp"))
    assert words.startswith("Your inspection has been cancelled. The reason: “The house is being painted.”\n")


def test_an_account_that_is_not_current_is_named_and_no_details_are_shown() -> None:
    shared = ContactFactory()
    scenes.linked(InspectorFactory(name="Tunde"), contact=shared)
    ada = scenes.linked(SeekerFactory(name="Ada Obi"), contact=shared, current=False)
    inspection = booked(ada)
    message = OutboxMessage.objects.get(account=ada, channel="whatsapp")
    sending = channel.by_name("whatsapp").prepare(message, now=clock.now())
    assert sending.text == "For Ada Obi: there is news on Inspector. Write *switch* to see it."
    assert inspection.ref not in str(sending.body)
    shared.last_inbound_at = None
    shared.save()
    message.refresh_from_db()
    sending = channel.by_name("whatsapp").prepare(message, now=clock.now())
    assert sending.body["template"]["name"] == "account_news"
    assert inspection.ref not in str(sending.body)
