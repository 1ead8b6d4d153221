"""Quiet hours: what is held, what is told in the morning and how, what goes all the same."""

from datetime import time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from inspector_whatsapp import clock, listings, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import (
    Contact,
    Incident,
    Inspection,
    OutboxMessage,
    User,
)
from inspector_whatsapp.models.outbox import Status
from notifications import mornings, preferences, reminders
from notifications.kind import Topic
from notifications.models import MessageTemplate
from notifications.preferences import Quiet
from tests.factories import AgentFactory, SeekerFactory
from tests.notifications import scenes, ways
from tests.notifications.approved import approve_all
from tests.notifications.scenes import HOUR, one
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nights")]


@pytest.fixture
def ada(meta: Meta) -> User:
    return ways.reached(meta, SeekerFactory(name="Ada Obi"))


def test_at_night_a_message_is_held_and_leaves_in_the_morning(meta: Meta, ada: User) -> None:
    inspection = scenes.book(seeker=ada, hours=100)
    outbox.drain()
    ways.to(22)
    held = ways.moved(inspection, hours=40)
    outbox.drain()
    held.refresh_from_db()
    assert held.status == Status.HELD
    assert held.not_before.astimezone(ways.LAGOS).time() == time(7)
    assert held.attempts == 0
    assert one("inspection_moved", ada, "email").status == Status.ACCEPTED  # a letter wakes nobody
    outbox.drain()
    assert len(meta.sent(ways.contact_of(ada))) == 1
    ways.to(7, minute=1)
    outbox.drain()
    held.refresh_from_db()
    assert held.status == Status.ACCEPTED
    assert len(meta.sent(ways.contact_of(ada))) == 2


def test_several_that_were_held_are_told_in_one_message_in_the_morning(meta: Meta, ada: User) -> None:
    first, second, third = (scenes.book(seeker=ada, hours=hours) for hours in (100, 110, 120))
    outbox.drain()
    ways.to(22)
    held = [ways.moved(first, hours=40), ways.moved(second, hours=50), ways.moved(third, hours=60)]
    outbox.drain()
    assert OutboxMessage.objects.filter(status=Status.HELD).count() == 3
    scenes.cancel(inspection=Inspection.objects.get(pk=third.pk))
    outbox.drain()
    ways.to(7, minute=1)
    outbox.drain()
    outbox.drain()
    *_booked, sent = meta.sent(ways.contact_of(ada))
    text = sent["text"]["body"]
    assert text.startswith("Good morning. Since last night:\n\n• 3-bedroom flat, Lekki Phase 1")
    assert text.count("•") == 3
    assert text.count("has been moved") == 2  # what is no longer so is not told
    assert text.count("has been cancelled") == 1
    assert first.ref in text
    assert second.ref in text
    for message in held[:2]:
        message.refresh_from_db()
        assert (message.status, message.reason) == (Status.WITHHELD, mornings.TOGETHER)
    outbox.drain()
    assert len(meta.sent(ways.contact_of(ada))) == 4


def test_a_question_is_asked_by_itself_in_the_morning(meta: Meta, ada: User) -> None:
    ways.held_overnight(ada)
    rule = scenes.rule(minutes_before=44 * 60 - 30, channels=["whatsapp"])
    scenes.book(seeker=ada, hours=44)
    clock.move(HOUR / 2 + timedelta(seconds=1))
    reminders.tick(rule.pk)
    outbox.drain()
    assert one("reminder", ada).status == Status.HELD
    ways.to(7, minute=1)
    outbox.drain()
    outbox.drain()
    assert one("reminder", ada).status == Status.ACCEPTED
    assert one("inspection_moved", ada).reason == mornings.TOGETHER
    assert "Are you coming?" in str(meta.sent(ways.contact_of(ada)))


def test_who_makes_the_night_longer_hears_all_of_it_then(meta: Meta, ada: User) -> None:
    ways.held_overnight(ada)
    preferences.set_quiet(account=ada, quiet=Quiet(time(21), time(9)))
    ways.to(7, minute=1)
    outbox.drain()
    assert len(meta.sent(ways.contact_of(ada))) == 2
    ways.to(9, minute=1)
    outbox.drain()
    outbox.drain()
    assert meta.sent(ways.contact_of(ada))[-1]["text"]["body"].count("•") == 2
    assert len(meta.sent(ways.contact_of(ada))) == 3


def test_who_makes_the_night_shorter_hears_what_was_held_before_as_well(meta: Meta, ada: User) -> None:
    first, second, third = (scenes.book(seeker=ada, hours=hours) for hours in (100, 110, 120))
    outbox.drain()
    ways.to(22)
    ways.moved(first, hours=40)
    outbox.drain()
    preferences.set_quiet(account=ada, quiet=Quiet(time(21), time(6)))
    ways.moved(second, hours=50)
    ways.moved(third, hours=60)
    outbox.drain()
    for hour in (6, 7):
        ways.to(hour, minute=1)
        outbox.drain()
        outbox.drain()
    said = str(meta.sent(ways.contact_of(ada))[3:])
    assert all(said.count(one.ref) == 1 for one in (second, third))
    assert first.ref in said


def test_what_was_turned_off_over_night_is_not_told_in_the_morning(meta: Meta, ada: User) -> None:
    ways.held_overnight(ada, hours=(90, 95))
    preferences.choose(account=ada, topic=Topic.INSPECTIONS, channels=["email"])
    ways.to(7, minute=1)
    outbox.drain()
    outbox.drain()
    assert len(meta.sent(ways.contact_of(ada))) == 2


def test_if_the_morning_cannot_be_told_each_goes_by_e_mail(meta: Meta, ada: User) -> None:
    ways.held_overnight(ada)
    OutboxMessage.objects.filter(kind="inspection_moved", channel="email").delete()
    approve_all()
    MessageTemplate.objects.filter(name="morning_digest").update(status="paused")
    Contact.objects.update(last_inbound_at=clock.now() - timedelta(hours=30))
    ways.to(7, minute=1)
    outbox.drain()
    outbox.drain()
    letters = OutboxMessage.objects.filter(kind="inspection_moved", channel="email")
    assert [letter.status for letter in letters] == [Status.ACCEPTED] * 2
    assert Incident.objects.get(kind="template_unusable").key == "morning_digest"


def test_if_its_reader_cannot_be_reached_in_the_morning_each_goes_by_e_mail(meta: Meta, ada: User) -> None:
    ways.held_overnight(ada)
    OutboxMessage.objects.filter(kind="inspection_moved", channel="email").delete()
    ways.to(7, minute=1)
    meta.fault("error", status=400, code=130429)
    outbox.drain()  # they are one message now, which waits
    Contact.objects.update(blocked_reason="their number is not on WhatsApp")
    clock.move(timedelta(minutes=5))
    outbox.drain()
    outbox.drain()
    letters = OutboxMessage.objects.filter(kind="inspection_moved", channel="email")
    assert [letter.status for letter in letters] == [Status.ACCEPTED] * 2


def test_what_is_of_no_use_in_the_morning_is_dropped_and_what_cannot_wait_goes(meta: Meta, ada: User) -> None:
    inspection = scenes.book(seeker=ada, hours=100)
    outbox.drain()
    ways.to(22)
    urgent = ways.moved(inspection, hours=8)  # to six in the morning
    dropped = ways.an_offer(ada)
    OutboxMessage.objects.filter(pk=dropped.pk).update(expires_at=clock.now() + HOUR)
    outbox.drain()
    dropped.refresh_from_db()
    assert (dropped.status, dropped.reason) == (
        Status.EXPIRED,
        "too late to be of use once the quiet hours are over",
    )
    urgent.refresh_from_db()
    assert urgent.status == Status.ACCEPTED
    assert ways.says(urgent, "quiet hours") == "on, but this cannot wait for their end"


def test_quiet_hours_are_by_the_readers_clock_and_their_own(meta: Meta, ada: User) -> None:
    inspection = scenes.book(seeker=ada, hours=100)
    outbox.drain()
    Contact.objects.update(time_zone="America/New_York")
    ways.to(22)  # in Lagos: in New York it is the afternoon
    ways.moved(inspection, hours=40)
    outbox.drain()
    assert one("inspection_moved", ada).status == Status.ACCEPTED
    here = clock.now().astimezone(ZoneInfo("America/New_York"))
    preferences.set_quiet(
        account=ada, quiet=Quiet((here - HOUR).time(), (here + 2 * HOUR).time().replace(microsecond=0))
    )
    ways.moved(Inspection.objects.get(pk=inspection.pk), hours=60)
    outbox.drain()
    assert one("inspection_moved", ada).status == Status.HELD


def test_the_answer_to_what_somebody_did_on_the_website_comes_at_night_too(meta: Meta) -> None:
    bola = scenes.linked(AgentFactory(name="Bola"))
    meta.hears(ways.contact_of(bola))
    ways.to(23)
    from inspector_whatsapp.listings import Submission
    from inspector_whatsapp.models.listings import Kind, ListingType

    fields = Submission(
        kind=Kind.LAND,
        listing_type=ListingType.SALE,
        price=Decimal(5_000_000),
        area="Ajah",
        city="Lagos",
        state="Lagos",
    )
    listings.submit(agent=bola, fields=fields, photos=(), origin=Origin.API)
    outbox.drain()
    assert one("property_submitted", bola).status == Status.ACCEPTED


def test_what_answers_an_act_of_the_afternoon_waits_at_night_like_all_else(meta: Meta, ada: User) -> None:
    ways.to(15)
    scenes.book(seeker=ada, hours=50)
    ways.to(23)  # nothing left meanwhile
    outbox.drain()
    assert one("inspection_booked", ada).status == Status.HELD
