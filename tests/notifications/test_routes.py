"""A notification on its way, over real HTTP and SMTP: where it goes, what takes its place, and why."""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from inspector_whatsapp import clock, inspections, listings, outbox, searches
from inspector_whatsapp.admin import story
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api.errors import from_code
from inspector_whatsapp.listings import Criteria
from inspector_whatsapp.models import (
    ChannelState,
    Contact,
    Incident,
    Inspection,
    Link,
    OutboxMessage,
    User,
)
from inspector_whatsapp.models.listings import Frequency, PropertyStatus
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Outgoing
from inspector_whatsapp.outbox.statuses import News
from inspector_whatsapp.outbox.statuses import moved as moved_by_meta
from notifications import alerts, consent, mornings, preferences, registry
from notifications import messages as direct
from notifications.kind import Topic
from notifications.models import ConsentEntry, MessageTemplate
from notifications.preferences import Quiet
from notifications.registry.noticing import notice_all
from tests.admin.conftest import log_in
from tests.factories import AgentFactory, PropertyFactory, SeekerFactory, UserFactory
from tests.notifications import scenes
from tests.notifications.approved import approve_all
from tests.notifications.scenes import HOUR, one
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db

LAGOS = ZoneInfo("Africa/Lagos")
NIGHT = (time(21), time(7))


@pytest.fixture
def ada(meta: Meta) -> User:
    """A seeker with a WhatsApp whose window is open."""
    ada = scenes.linked(SeekerFactory(name="Ada Obi"))
    meta.hears(Contact.objects.get(links__account=ada))
    return ada


def contact_of(account: User) -> Contact:
    return Contact.objects.get(links__account=account)


def says(message: OutboxMessage, step: str) -> str:
    """The last word of a step."""
    message.refresh_from_db()
    return str([told["says"] for told in message.story if told["step"] == step][-1])


def to(hour: int, *, minute: int = 0) -> None:
    """Let time pass until it is that hour in Lagos."""
    now = clock.now().astimezone(LAGOS)
    then = datetime.combine(now.date(), time(hour, minute), LAGOS)
    clock.move((then if then > now else then + timedelta(days=1)) - now)


def moved(inspection: Inspection, *, hours: float) -> OutboxMessage:
    """Whoever runs Inspector moves an inspection; what its seeker is told of it on WhatsApp."""
    free = scenes.slot(hours=hours, property=inspection.property, inspector=inspection.inspector)
    inspections.move(inspection=inspection, slot=free, actor=None, origin=Origin.ADMIN)
    return one("inspection_moved", inspection.seeker)


def an_offer(ada: User, *, linked: bool = True) -> OutboxMessage:
    wishes = Criteria(areas=("Lekki Phase 1",))
    searches.save(seeker=ada, criteria=wishes, frequency=Frequency.INSTANT, origin=Origin.CHAT)
    new = PropertyFactory(status=PropertyStatus.PENDING, published_at=None)
    listings.publish(property=new, actor=None, origin=Origin.ADMIN)
    alerts.tell()
    return one("search_match", ada, "whatsapp" if linked else "email")


# --- what a person wants ----------------------------------------------------------------------------------
def test_who_stopped_offers_gets_them_by_e_mail_and_their_inspections_as_ever(meta: Meta, ada: User) -> None:
    consent.stop_offers(contact=contact_of(ada), account=ada, how="word", at=clock.now())
    offer = an_offer(ada)
    scenes.book(seeker=ada)
    outbox.drain()
    offer.refresh_from_db()
    assert (offer.status, offer.reason) == (Status.WITHHELD, "they stopped offers on WhatsApp")
    assert one("search_match", ada, "email").status == Status.ACCEPTED
    assert [sent["type"] for sent in meta.sent(contact_of(ada))] == ["interactive"]


def test_stop_all_leaves_security_news_by_e_mail_only(meta: Meta, ada: User) -> None:
    from linking import rules

    consent.stop_everything(contact=contact_of(ada), account=ada, how="word", at=clock.now())
    scenes.book(seeker=ada)
    rules.suspend(link=contact_of(ada).links.get(), why="admin", now=clock.now())
    outbox.drain()
    assert meta.sent(contact_of(ada)) == []
    mine = OutboxMessage.objects.filter(account=ada, channel="email").order_by("pk")
    assert [(row.kind, row.status) for row in mine] == [
        ("inspection_booked", Status.WITHHELD),
        ("link_suspended", Status.ACCEPTED),
    ]


def test_what_is_not_wanted_on_a_channel_is_withheld_there_and_what_is_of_today_is_not(
    meta: Meta, ada: User
) -> None:
    preferences.choose(account=ada, topic=Topic.INSPECTIONS, channels=["email"])
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    assert says(one("inspection_booked", ada), "preference") == (
        "they do not want it on WhatsApp: inspections"
    )
    assert one("inspection_booked", ada, "email").status == Status.ACCEPTED
    scenes.book(seeker=ada, hours=3)
    outbox.drain()
    today = one("inspection_booked", ada)
    assert today.status == Status.ACCEPTED
    assert says(today, "preference") == "not wanted on WhatsApp, but this cannot be turned off"


# --- quiet hours ------------------------------------------------------------------------------------------
@pytest.fixture
def nights(settings: Settings) -> None:
    settings.QUIET_HOURS = NIGHT


@pytest.mark.usefixtures("nights")
def test_at_night_a_message_is_held_and_leaves_in_the_morning(meta: Meta, ada: User) -> None:
    inspection = scenes.book(seeker=ada, hours=100)
    outbox.drain()
    to(22)
    held = moved(inspection, hours=40)
    outbox.drain()
    held.refresh_from_db()
    assert held.status == Status.HELD
    assert held.not_before.astimezone(LAGOS).time() == time(7)
    assert held.attempts == 0
    assert one("inspection_moved", ada, "email").status == Status.ACCEPTED  # a letter wakes nobody
    outbox.drain()
    assert len(meta.sent(contact_of(ada))) == 1
    to(7, minute=1)
    outbox.drain()
    held.refresh_from_db()
    assert held.status == Status.ACCEPTED
    assert len(meta.sent(contact_of(ada))) == 2


@pytest.mark.usefixtures("nights")
def test_several_that_were_held_are_told_in_one_message_in_the_morning(meta: Meta, ada: User) -> None:
    first, second, third = (scenes.book(seeker=ada, hours=hours) for hours in (100, 110, 120))
    outbox.drain()
    to(22)
    held = [moved(first, hours=40), moved(second, hours=50), moved(third, hours=60)]
    outbox.drain()
    assert OutboxMessage.objects.filter(status=Status.HELD).count() == 3
    scenes.cancel(inspection=Inspection.objects.get(pk=third.pk))
    outbox.drain()
    to(7, minute=1)
    outbox.drain()
    outbox.drain()
    *_booked, sent = meta.sent(contact_of(ada))
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
    assert len(meta.sent(contact_of(ada))) == 4


def held_overnight(ada: User, *, hours: tuple[float, ...] = (40, 50)) -> list[OutboxMessage]:
    """Inspections that were moved at ten in the evening, and what is held of them."""
    booked = [scenes.book(seeker=ada, hours=100 + 10 * number) for number in range(len(hours))]
    outbox.drain()
    to(22)
    messages = [moved(inspection, hours=far) for inspection, far in zip(booked, hours, strict=True)]
    outbox.drain()
    return messages


@pytest.mark.usefixtures("nights")
def test_who_makes_the_night_longer_hears_all_of_it_then(meta: Meta, ada: User) -> None:
    held_overnight(ada)
    preferences.set_quiet(account=ada, quiet=Quiet(time(21), time(9)))
    to(7, minute=1)
    outbox.drain()
    assert len(meta.sent(contact_of(ada))) == 2
    to(9, minute=1)
    outbox.drain()
    outbox.drain()
    assert meta.sent(contact_of(ada))[-1]["text"]["body"].count("•") == 2
    assert len(meta.sent(contact_of(ada))) == 3


@pytest.mark.usefixtures("nights")
def test_who_makes_the_night_shorter_hears_what_was_held_before_as_well(meta: Meta, ada: User) -> None:
    first, second, third = (scenes.book(seeker=ada, hours=hours) for hours in (100, 110, 120))
    outbox.drain()
    to(22)
    moved(first, hours=40)
    outbox.drain()
    preferences.set_quiet(account=ada, quiet=Quiet(time(21), time(6)))
    moved(second, hours=50)
    moved(third, hours=60)
    outbox.drain()
    for hour in (6, 7):
        to(hour, minute=1)
        outbox.drain()
        outbox.drain()
    said = str(meta.sent(contact_of(ada))[3:])
    assert all(said.count(one.ref) == 1 for one in (second, third))
    assert first.ref in said


@pytest.mark.usefixtures("nights")
def test_what_was_turned_off_over_night_is_not_told_in_the_morning(meta: Meta, ada: User) -> None:
    held_overnight(ada, hours=(90, 95))
    preferences.choose(account=ada, topic=Topic.INSPECTIONS, channels=["email"])
    to(7, minute=1)
    outbox.drain()
    outbox.drain()
    assert len(meta.sent(contact_of(ada))) == 2


@pytest.mark.usefixtures("nights")
def test_if_the_morning_cannot_be_told_each_goes_by_e_mail(meta: Meta, ada: User) -> None:
    held_overnight(ada)
    OutboxMessage.objects.filter(kind="inspection_moved", channel="email").delete()
    approve_all()
    MessageTemplate.objects.filter(name="morning_digest").update(status="paused")
    Contact.objects.update(last_inbound_at=clock.now() - timedelta(hours=30))
    to(7, minute=1)
    outbox.drain()
    outbox.drain()
    letters = OutboxMessage.objects.filter(kind="inspection_moved", channel="email")
    assert [letter.status for letter in letters] == [Status.ACCEPTED] * 2
    assert Incident.objects.get(kind="template_unusable").key == "morning_digest"


@pytest.mark.usefixtures("nights")
def test_what_is_of_no_use_in_the_morning_is_dropped_and_what_cannot_wait_goes(meta: Meta, ada: User) -> None:
    inspection = scenes.book(seeker=ada, hours=100)
    outbox.drain()
    to(22)
    urgent = moved(inspection, hours=8)  # to six in the morning
    dropped = an_offer(ada)
    OutboxMessage.objects.filter(pk=dropped.pk).update(expires_at=clock.now() + HOUR)
    outbox.drain()
    dropped.refresh_from_db()
    assert (dropped.status, dropped.reason) == (
        Status.EXPIRED,
        "too late to be of use once the quiet hours are over",
    )
    urgent.refresh_from_db()
    assert urgent.status == Status.ACCEPTED
    assert says(urgent, "quiet hours") == "on, but this cannot wait for their end"


@pytest.mark.usefixtures("nights")
def test_quiet_hours_are_by_the_readers_clock_and_their_own(meta: Meta, ada: User) -> None:
    inspection = scenes.book(seeker=ada, hours=100)
    outbox.drain()
    Contact.objects.update(time_zone="America/New_York")
    to(22)  # in Lagos: in New York it is the afternoon
    moved(inspection, hours=40)
    outbox.drain()
    assert one("inspection_moved", ada).status == Status.ACCEPTED
    here = clock.now().astimezone(ZoneInfo("America/New_York"))
    preferences.set_quiet(
        account=ada, quiet=Quiet((here - HOUR).time(), (here + 2 * HOUR).time().replace(microsecond=0))
    )
    moved(Inspection.objects.get(pk=inspection.pk), hours=60)
    outbox.drain()
    assert one("inspection_moved", ada).status == Status.HELD


@pytest.mark.usefixtures("nights")
def test_the_answer_to_what_somebody_did_on_the_website_comes_at_night_too(meta: Meta) -> None:
    bola = scenes.linked(AgentFactory(name="Bola"))
    meta.hears(contact_of(bola))
    to(23)
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


# --- what Meta says ---------------------------------------------------------------------------------------
def test_who_has_no_whatsapp_any_more_gets_letters_until_they_write_again(meta: Meta, ada: User) -> None:
    rule = scenes.rule(channels=["whatsapp"], minutes_before=120)
    scenes.book(seeker=ada, hours=3)
    outbox.drain()
    OutboxMessage.objects.all().delete()
    meta.fault("error", status=400, code=131026)
    clock.move(HOUR + timedelta(seconds=5))
    from notifications import reminders

    reminders.tick(rule.pk)
    outbox.drain()
    failed = one("reminder", ada)
    assert (failed.status, failed.error_code) == (Status.FAILED, 131026)
    letter = one("reminder", ada, "email")
    assert letter.status == Status.ACCEPTED
    assert says(letter, "instead").startswith("WhatsApp: (#131026)")
    assert contact_of(ada).blocked_reason
    scenes.book(seeker=ada, hours=40)
    outbox.drain()
    assert one("inspection_booked", ada).reason == contact_of(ada).blocked_reason
    assert one("inspection_booked", ada, "email").status == Status.ACCEPTED


def test_who_stopped_offers_at_meta_is_believed_and_gets_this_one_by_e_mail(meta: Meta, ada: User) -> None:
    offer = an_offer(ada)
    meta.fault("error", status=400, code=131050)
    OutboxMessage.objects.filter(kind="search_match", channel="email").delete()
    outbox.drain()
    outbox.drain()
    offer.refresh_from_db()
    assert (offer.status, offer.error_code) == (Status.FAILED, 131050)
    assert contact_of(ada).offers_stopped_at is not None
    entry = ConsentEntry.objects.get()
    assert (entry.given, entry.how, entry.evidence) == (False, "131050", str(offer.pk))
    assert one("search_match", ada, "email").status == Status.ACCEPTED


@pytest.mark.parametrize("window", [23, 25])
def test_without_a_template_that_can_be_used_a_letter_goes(
    meta: Meta, ada: User, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes.book(seeker=ada, hours=50)
    OutboxMessage.objects.filter(channel="email").delete()
    Contact.objects.update(last_inbound_at=clock.now() - window * HOUR)
    paused = registry.Unusable("inspection_booked (en) is paused by Meta")
    monkeypatch.setattr(registry, "find", lambda *_args, **_more: paused)
    outbox.drain()
    outbox.drain()
    message = one("inspection_booked", ada)
    if window == 23:
        assert message.status == Status.ACCEPTED
        return
    assert (message.status, message.reason) == (Status.WITHHELD, paused.why)
    assert one("inspection_booked", ada, "email").status == Status.ACCEPTED


def test_what_is_said_again_has_the_letter_of_what_it_says_again(meta: Meta, ada: User) -> None:
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    first = one("inspection_booked", ada)
    news = News(status="failed", at=None, error=from_code(131000, "unknown"))
    assert moved_by_meta(news, id=first.pk, provider_id=str(first.provider_id))
    clock.move(timedelta(minutes=2))
    meta.fault("error", status=400, code=131026)
    outbox.drain()
    outbox.drain()
    again = one("inspection_booked", ada)
    assert (again.status, again.key) == (Status.FAILED, f"{first.key}:again")
    assert OutboxMessage.objects.filter(account=ada, channel="email").count() == 1


def test_a_template_that_meta_refuses_is_left_alone_until_it_is_another(meta: Meta, ada: User) -> None:
    approve_all()  # as far as we know; Meta has none
    Contact.objects.update(last_inbound_at=clock.now() - timedelta(hours=30))
    for hours in (50, 60, 70):
        scenes.book(seeker=ada, hours=hours)
        outbox.drain()
        notice_all()
    assert len(meta.requests()) == 1
    booked = OutboxMessage.objects.filter(kind="inspection_booked", channel="whatsapp", account=ada)
    assert sorted(booked.values_list("status", flat=True)) == ["failed", "withheld", "withheld"]
    incident = Incident.objects.get(kind="template_unusable")
    assert (incident.key, incident.closed_at, incident.times) == ("inspection_booked", None, 3)
    clock.move(HOUR)
    notice_all()
    incident.refresh_from_db()
    assert incident.closed_at is not None


def test_a_template_that_meta_counts_as_an_offer_is_one(meta: Meta, ada: User) -> None:
    approve_all()
    MessageTemplate.objects.update(category_at_meta="marketing")
    consent.stop_offers(contact=contact_of(ada), account=ada, how="word", at=clock.now())
    Contact.objects.update(last_inbound_at=clock.now() - timedelta(hours=30))
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    message = one("inspection_booked", ada)
    assert (message.status, message.reason) == (
        Status.WITHHELD,
        "they stopped offers, and Meta counts inspection_booked as one",
    )


def test_a_row_of_a_kind_that_is_no_more_holds_up_nobody(ada: User) -> None:
    gone = Outgoing(
        kind="a_kind_of_old",
        channel="whatsapp",
        contact=contact_of(ada),
        account=ada,
        key="old:whatsapp",
        expires_at=clock.now(),
    )
    outbox.add(gone)
    ChannelState.objects.create(
        channel="whatsapp", shut_until=clock.now() + HOUR, since=clock.now(), why="down", times=1
    )
    outbox.sweep()
    assert OutboxMessage.objects.get(key="old:whatsapp").status == Status.EXPIRED


@pytest.mark.usefixtures("nights")
def test_what_answers_an_act_of_the_afternoon_waits_at_night_like_all_else(meta: Meta, ada: User) -> None:
    to(15)
    scenes.book(seeker=ada, hours=50)
    to(23)  # nothing left meanwhile
    outbox.drain()
    assert one("inspection_booked", ada).status == Status.HELD


def test_who_is_gone_is_written_to_nowhere_and_their_rows_say_so(meta: Meta, ada: User) -> None:
    """Deleted, unlinked, or switched off between the event and its message."""
    direct.tell(account=ada, text="Our office is closed on Friday.", name="a note")
    unlinked = scenes.linked(SeekerFactory())
    direct.tell(account=unlinked, text="Our office is closed on Friday.", name="a note")
    Link.objects.filter(account=unlinked).update(state="ended", current=False, ended_at=clock.now())
    off = SeekerFactory(is_active=False)
    direct.tell(account=off, text="Our office is closed on Friday.", name="a note")
    Link.objects.filter(account=ada).delete()
    ada.delete()
    outbox.drain()
    rows = OutboxMessage.objects.order_by("pk")
    assert list(rows.values_list("channel", "status", "reason")) == [
        ("whatsapp", Status.WITHHELD, "this WhatsApp no longer speaks for the account"),
        ("email", Status.WITHHELD, "no mailbox to send it to"),
        ("whatsapp", Status.WITHHELD, "this WhatsApp no longer speaks for the account"),
        ("email", Status.ACCEPTED, ""),
        ("email", Status.WITHHELD, "the account is no longer active"),
    ]
    assert meta.requests() == []


def test_the_same_event_many_times_at_once_is_told_once(meta: Meta, ada: User) -> None:
    for _ in range(5):
        direct.tell(account=ada, text="Our office is closed on Friday.", name="a note")
    direct.tell(account=ada, text="Our office is closed on Monday, too.", name="another note")
    outbox.drain()
    assert len(meta.sent(contact_of(ada))) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 901])
def test_a_message_in_our_own_words_has_some_and_not_too_many(ada: User, text: str) -> None:
    with pytest.raises(direct.NotAMessage, match="A message"):
        direct.tell(account=ada, text=text, name="a note")


# --- the page of a message --------------------------------------------------------------------------------
def test_an_admin_reads_on_one_page_why_somebody_did_not_get_it(
    meta: Meta, ada: User, client: Client
) -> None:
    preferences.choose(account=ada, topic=Topic.INSPECTIONS, channels=["email"])
    inspection = scenes.book(seeker=ada, hours=50)
    outbox.drain()
    page = _page(client, one("inspection_booked", ada))
    assert "Withheld: they do not want it on WhatsApp: inspections" in page
    assert f"inspection booked {inspection.ref}, by Ada Obi (api)" in page
    assert "consent" in page
    letter = one("inspection_booked", ada, "email")
    assert f'<a href="/admin/inspector_whatsapp/outboxmessage/{letter.pk}/change/">email</a>' in page
    assert "by e-mail, at any hour" in _page(client, letter)


def test_while_a_channel_is_shut_the_page_says_until_when_and_why(
    meta: Meta, ada: User, client: Client
) -> None:
    scenes.book(seeker=ada, hours=50)
    meta.fault("error", status=401, code=190, times=None)
    outbox.drain()
    scenes.book(seeker=ada, hours=60)
    outbox.drain()
    page = _page(client, one("inspection_booked", ada))
    assert "Pending: whatsapp is shut until" in page
    assert "(#190)" in page


def test_a_mail_that_was_refused_is_not_blamed_on_meta(meta: Meta, ada: User, client: Client) -> None:
    meta.fault("reject", on="mail", status=550)
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    failed = OutboxMessage.objects.get(channel="email", status=Status.FAILED)
    page = _page(client, failed)
    assert "the mail server said 550" in page
    assert "Meta" not in story.standing(failed)


def test_the_story_is_told_in_the_order_in_which_it_must_have_been(meta: Meta, ada: User) -> None:
    scenes.book(seeker=ada, hours=50)
    outbox.drain()
    meta.statuses_come_in()
    message = one("inspection_booked", ada)
    steps = [line.step for line in story.of(message)]
    first = ["trigger", "message", "consent", "preference", "quiet hours", "window"]
    assert steps == [*first, "accepted", "sent", "delivered", "read"]


@pytest.mark.parametrize("wanted", ["ada@example.com", "+2348030000001", "0803 000 0001", "Ada Obi"])
def test_somebodys_messages_are_found_by_who_they_are(meta: Meta, client: Client, wanted: str) -> None:
    ada = SeekerFactory(name="Ada Obi", email="ada@example.com", phone="+2348030000001")
    scenes.book(seeker=ada, hours=50)
    scenes.book(seeker=SeekerFactory(name="Tobi"), hours=60)
    root = UserFactory(is_staff=True, is_superuser=True)
    address = reverse("admin:inspector_whatsapp_outboxmessage_changelist")
    page = log_in(client, root).get(address, {"q": wanted}).content.decode()
    mine = OutboxMessage.objects.filter(account=ada).values_list("pk", flat=True)
    shown = {int(found) for found in re.findall(r"/outboxmessage/(\d+)/change/", page)}
    assert shown == set(mine)


def test_an_unlinked_persons_letter_says_why_there_is_nothing_on_whatsapp(client: Client) -> None:
    ada = SeekerFactory(name="Ada Obi")
    scenes.book(seeker=ada)
    assert "no WhatsApp is connected to this account" in _page(client, one("inspection_booked", ada, "email"))


def _page(client: Client, message: OutboxMessage) -> Any:
    root = UserFactory(is_staff=True, is_superuser=True)
    answer = log_in(client, root).get(
        reverse("admin:inspector_whatsapp_outboxmessage_change", args=[message.pk])
    )
    assert answer.status_code == 200
    return answer.content.decode()
