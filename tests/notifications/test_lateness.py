"""Who is told that an inspector is late, when, and that they are told again only if it changes."""

from datetime import time, timedelta

import icalendar
import pytest

from inspector_whatsapp import clock, inspections, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, OutboxMessage, Slot, User
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.words import Reader, say
from notifications import preferences, reminders
from notifications.kind import Topic, by_name
from notifications.preferences import Quiet
from notifications.recipients import EMAIL, WHATSAPP
from tests.factories import InspectionFactory, SeekerFactory
from tests.notifications import scenes

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CHAT = Origin.CHAT
NOT_SENT = (Status.HELD, Status.WITHHELD, Status.EXPIRED)


def visit(people: int = 1) -> list[Inspection]:
    """In an hour, at one o'clock; everybody has a WhatsApp."""
    scenes.at_noon()
    slot = scenes.slot(hours=1, capacity=people, taken=people)
    found = [InspectionFactory(slot=slot, seeker=SeekerFactory(name=f"Ada{n} Obi")) for n in range(people)]
    for person in (slot.inspector, slot.property.agent, *(each.seeker for each in found)):
        assert person is not None
        scenes.linked(person)
    return found


def late(inspection: Inspection, minutes: int = 20) -> None:
    assert inspection.inspector is not None
    inspections.run_late(inspection=inspection, minutes=minutes, actor=inspection.inspector, origin=CHAT)


def here(inspection: Inspection) -> None:
    assert inspection.inspector is not None
    inspections.be_there(inspection=inspection, actor=inspection.inspector, origin=CHAT)


def at(moment: object) -> str:
    return say("{at:time}", at=moment).put(Reader())


def told(kind: str, person: User) -> int:
    return OutboxMessage.objects.filter(kind=kind, account=person, channel=WHATSAPP).count()


def test_each_seeker_is_told_when_to_expect_them_and_the_agent_once_for_all() -> None:
    one, other = visit(2)
    late(one)
    expected = at(one.starts_at + 20 * MINUTE)
    for each in (one, other):
        message = scenes.one("inspector_late", each.seeker)
        assert f"is running late, and will be there at about {expected}." in scenes.text(message)
        assert message.expires_at == one.starts_at + 20 * MINUTE
        assert expected in scenes.letter(scenes.one("inspector_late", each.seeker, EMAIL))
    agent = one.property.agent
    assert told("inspector_late", agent) == 1
    assert "late for Ada0, Ada1," in scenes.text(scenes.one("inspector_late", agent))
    assert one.inspector is not None
    assert told("inspector_late", one.inspector) == 0


def test_they_are_told_again_only_if_it_changes_and_what_is_out_of_date_is_not_said() -> None:
    (one,) = visit()
    late(one)
    late(one)
    assert told("inspector_late", one.seeker) == 1
    first = scenes.one("inspector_late", one.seeker)
    late(one, 45)
    late(one, 20)
    late(one, 45)
    assert told("inspector_late", one.seeker) == told("inspector_late", one.property.agent) == 4
    outbox.drain()
    first.refresh_from_db()
    assert (first.status, first.reason) == (Status.WITHHELD, "they will be there at another time by now")
    assert scenes.one("inspector_late", one.seeker).status not in NOT_SENT


def test_that_they_are_there_is_told_where_it_is_sooner_than_was_said() -> None:
    (one,) = visit()
    late(one)
    here(one)
    message = scenes.one("inspector_there", one.seeker)
    assert f"will be there in time after all, at {at(one.starts_at)}." in scenes.text(message)
    late(one, 30)
    clock.move(70 * MINUTE)
    here(one)
    assert "is there now." in scenes.text(scenes.one("inspector_there", one.seeker))
    late(one, 45)
    clock.move(40 * MINUTE)
    here(one)
    assert told("inspector_there", one.seeker) == 2
    assert told("inspector_there", one.property.agent) == 2


def test_it_goes_at_any_hour_and_whatever_they_prefer() -> None:
    (one,) = visit()
    preferences.set_quiet(account=one.seeker, quiet=Quiet(time(11), time(18)))
    preferences.refuse(account=one.seeker, topic=Topic.INSPECTIONS, channel=WHATSAPP)
    clock.move(65 * MINUTE)  # it has begun
    late(one)
    outbox.drain()
    assert scenes.one("inspector_late", one.seeker).status not in NOT_SENT


def test_nobody_waits_for_what_its_agent_has_not_agreed_to() -> None:
    (one,) = visit()
    Inspection.objects.filter(pk=one.pk).update(state="requested", asked_at=clock.now())
    late(one)
    assert not OutboxMessage.objects.filter(kind="inspector_late").exists()


def test_reminders_bookings_and_calendars_say_when_to_expect_them() -> None:
    (one,) = visit()
    rule = scenes.rule(roles=["seeker", "agent"], channels=["whatsapp"], minutes_before=30)
    reminders.replan_rule(rule)
    late(one)
    expected = at(one.starts_at + 20 * MINUTE)
    clock.move(31 * MINUTE)
    reminders.tick(rule.pk)
    for person in (one.seeker, one.property.agent):
        assert f"will be there at about {expected}." in scenes.text(scenes.one("reminder", person))
    assert one.slot is not None
    Slot.objects.filter(pk=one.slot.pk).update(capacity=2)
    ben = scenes.linked(SeekerFactory())
    inspections.book(seeker=ben, slot=one.slot, origin=Origin.API)
    booked = scenes.one("inspection_booked", ben)
    assert f"will be there at about {expected}." in scenes.text(booked)
    letter = scenes.one("inspector_late", one.seeker, EMAIL)
    (entry,) = by_name("inspector_late").mail(letter, now=clock.now()).attachments
    (event,) = icalendar.Calendar.from_ical(entry.content).walk("VEVENT")
    assert f"expected at about {expected}." in str(event["description"])
    start: icalendar.vDDDTypes = event["dtstart"]  # type: ignore[assignment]
    assert start.dt == one.starts_at.replace(microsecond=0)  # what was booked
