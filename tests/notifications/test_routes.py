"""A notification on its way, over real HTTP and SMTP: where it goes, what takes its place, and why."""

from datetime import timedelta
from functools import partial

import pytest

from inspector_whatsapp import clock, listings, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api.errors import from_code
from inspector_whatsapp.models import (
    ChannelState,
    Contact,
    Incident,
    Link,
    OutboxMessage,
    Property,
    User,
)
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Outgoing
from inspector_whatsapp.outbox.statuses import News
from inspector_whatsapp.outbox.statuses import moved as moved_by_meta
from notifications import alerts, consent, preferences, registry
from notifications import messages as direct
from notifications.kind import Topic
from notifications.models import ConsentEntry, MessageTemplate
from notifications.registry.noticing import notice_all
from tests.factories import LinkFactory, SeekerFactory
from tests.notifications import scenes, ways
from tests.notifications.approved import approve_all
from tests.notifications.scenes import HOUR, one
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(meta: Meta) -> User:
    return ways.reached(meta, SeekerFactory(name="Ada Obi"))


# --- what a person wants ----------------------------------------------------------------------------------
def test_who_stopped_offers_gets_them_by_e_mail_and_their_inspections_as_ever(meta: Meta, ada: User) -> None:
    consent.stop_offers(contact=ways.contact_of(ada), account=ada, how="word", at=clock.now())
    offer = ways.an_offer(ada)
    scenes.book(seeker=ada)
    outbox.drain()
    offer.refresh_from_db()
    assert (offer.status, offer.reason) == (Status.WITHHELD, "they stopped offers on WhatsApp")
    assert one("search_match", ada, "email").status == Status.ACCEPTED
    assert [sent["type"] for sent in meta.sent(ways.contact_of(ada))] == ["interactive"]


def test_a_no_to_everything_holds_on_a_shared_phone_when_another_connects(meta: Meta, ada: User) -> None:
    phone, bola = ways.contact_of(ada), SeekerFactory(name="Bola Ade")
    consent.stop_everything(contact=phone, account=ada, how="word", at=clock.now())
    LinkFactory(contact=phone, account=bola, current=False)
    consent.agreed(contact=phone, account=bola, wording="Connect?", how="tap", at=clock.now())
    for seeker in (ada, bola):
        scenes.book(seeker=seeker)
    outbox.drain()
    assert one("inspection_booked", ada).reason == "they stopped everything on WhatsApp"
    assert one("inspection_booked", bola).status == Status.ACCEPTED


def test_stop_all_leaves_security_news_by_e_mail_only(meta: Meta, ada: User) -> None:
    from linking import rules

    consent.stop_everything(contact=ways.contact_of(ada), account=ada, how="word", at=clock.now())
    scenes.book(seeker=ada)
    rules.suspend(link=ways.contact_of(ada).links.get(), why="admin", now=clock.now())
    outbox.drain()
    assert meta.sent(ways.contact_of(ada)) == []
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
    assert ways.says(one("inspection_booked", ada), "preference") == (
        "they do not want it on WhatsApp: inspections"
    )
    assert one("inspection_booked", ada, "email").status == Status.ACCEPTED
    scenes.book(seeker=ada, hours=3)
    outbox.drain()
    today = one("inspection_booked", ada)
    assert today.status == Status.ACCEPTED
    assert ways.says(today, "preference") == "not wanted on WhatsApp, but this cannot be turned off"


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
    assert ways.says(letter, "instead").startswith("WhatsApp: (#131026)")
    assert ways.contact_of(ada).blocked_reason
    scenes.book(seeker=ada, hours=40)
    outbox.drain()
    assert one("inspection_booked", ada).reason == ways.contact_of(ada).blocked_reason
    assert one("inspection_booked", ada, "email").status == Status.ACCEPTED


def test_where_meta_refuses_a_form_the_list_is_named(meta: Meta, ada: User) -> None:
    contact = ways.contact_of(ada)
    Contact.objects.filter(pk=contact.pk).update(last_inbound_at=clock.now())
    form = {"type": "interactive", "interactive": {"type": "flow", "body": {"text": "Choose a day"}}}
    outbox.add(
        Outgoing(kind="reply", channel="whatsapp", contact=contact, body=form, text="Form", key="reply:1")
    )
    meta.fault("error", status=400, code=132068)
    outbox.drain()
    assert OutboxMessage.objects.get(key="reply:1").status == Status.FAILED
    instead = OutboxMessage.objects.get(key="reply:1:list")
    assert "*list*" in instead.text
    assert OutboxMessage.objects.count() == 2, "what is refused as well has nothing in its place"


def test_who_stopped_offers_at_meta_is_believed_and_gets_this_one_by_e_mail(meta: Meta, ada: User) -> None:
    offer = ways.an_offer(ada)
    meta.fault("error", status=400, code=131050)
    OutboxMessage.objects.filter(kind="search_match", channel="email").delete()
    outbox.drain()
    outbox.drain()
    offer.refresh_from_db()
    assert (offer.status, offer.error_code) == (Status.FAILED, 131050)
    assert ways.contact_of(ada).offers_stopped_at is not None
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
    assert (again.status, again.key) == (Status.FAILED, f"{first.key}:again:{first.pk}")
    assert OutboxMessage.objects.filter(account=ada, channel="email").count() == 1


def test_however_often_something_is_said_again_its_name_stays_known(meta: Meta, ada: User) -> None:
    scenes.book(seeker=ada, hours=50)
    name = str(one("inspection_booked", ada).key)
    for _round in range(30):
        outbox.drain()
        message = one("inspection_booked", ada)
        news = News(status="failed", at=None, error=from_code(131000, "unknown"))
        assert moved_by_meta(news, id=message.pk, provider_id=str(message.provider_id))
        OutboxMessage.objects.filter(status=Status.PENDING).update(attempts=0)
        clock.move(timedelta(minutes=2))
        meta.hears(ways.contact_of(ada))
    keys = OutboxMessage.objects.filter(account=ada, channel="whatsapp").values_list("key", flat=True)
    assert len(keys) == 31
    assert all(str(key).startswith(name) for key in keys)


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
    consent.stop_offers(contact=ways.contact_of(ada), account=ada, how="word", at=clock.now())
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
        contact=ways.contact_of(ada),
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
    assert len(meta.sent(ways.contact_of(ada))) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 901])
def test_a_message_in_our_own_words_has_some_and_not_too_many(ada: User, text: str) -> None:
    with pytest.raises(direct.NotAMessage, match="A message"):
        direct.tell(account=ada, text=text, name="a note")


def test_an_alert_that_could_not_be_told_is_told_when_the_property_comes_back(meta: Meta, ada: User) -> None:
    offer = ways.an_offer(ada)
    home = Property.objects.get(pk=offer.arguments["property"])
    change = partial(listings.set_availability, actor=None, origin=Origin.ADMIN)
    change(property=home, status=PropertyStatus.UNAVAILABLE)
    outbox.drain()
    offer.refresh_from_db()
    assert (offer.status, offer.reason) == (Status.WITHHELD, "the property is no longer live")
    change(property=home, status=PropertyStatus.LIVE)
    alerts.tell()
    outbox.drain()
    assert one("search_match", ada).status == Status.ACCEPTED
    assert one("search_match", ada, "email").status == Status.ACCEPTED
    for status in (PropertyStatus.UNAVAILABLE, PropertyStatus.LIVE):
        change(property=home, status=status)
    alerts.tell()
    outbox.drain()
    assert len(meta.sent(ways.contact_of(ada))) == 1
