"""What leaves, when, in which order, and what does not leave any more."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from inspector_whatsapp import clock, inspections, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, Incident, Inspection, OutboxMessage, PropertyPhoto
from inspector_whatsapp.models.outbox import Status
from linking import rules
from tests.at_once import at_once
from tests.bot.phone import Phone
from tests.factories import ContactFactory, PropertyFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta
from tests.ports import free_port

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

PHOTO = Path("inspector_whatsapp/simulator/static/sample.jpg")


def test_a_reply_leaves_and_its_way_is_followed_to_the_reader(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta), "Booked: IN-3107.")
    outbox.drain()
    message.refresh_from_db()
    (request,) = meta.requests()
    assert (message.status, message.provider_id) == (Status.ACCEPTED, request["wamid"])
    meta.statuses_come_in()
    message.refresh_from_db()
    assert message.status == Status.READ
    assert None not in (message.accepted_at, message.sent_at, message.delivered_at, message.read_at)


# --- many senders ---


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_every_message_once(meta: Meta) -> None:
    contacts = ContactFactory.create_batch(400)
    meta.hears(*contacts)
    body = cloud.payload(cloud.Text("Hello"))
    outbox.add_all(
        outbox.Outgoing(kind="reply", channel="whatsapp", contact=contact, body=body) for contact in contacts
    )
    claimed = at_once(*[outbox.drain] * 8)
    assert sum(claimed) == 400
    callbacks = Counter(request["callback"] for request in meta.requests())
    assert callbacks == {f"outbox:{pk}.1": 1 for pk in OutboxMessage.objects.values_list("pk", flat=True)}
    assert OutboxMessage.objects.filter(status=Status.ACCEPTED).count() == 400


def test_a_claim_takes_no_more_than_it_asked_for_however_postgresql_goes_about_it() -> None:
    """Without statistics it may pick a plan that runs the search again for each row."""
    for contact in ContactFactory.create_batch(40):
        scenes.reply(contact)
    with connection.cursor() as cursor:
        for way in ("hashjoin", "mergejoin", "material", "memoize", "hashagg", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert len(scenes.claimed(5)) == 5
    assert OutboxMessage.objects.filter(status=Status.SENDING).count() == 5


@pytest.mark.django_db(transaction=True)
def test_answers_to_one_person_leave_in_their_order_whoever_sends_them(meta: Meta) -> None:
    people = ContactFactory.create_batch(6)
    meta.hears(*people)
    words = [f"{number}" for number in range(8)]
    for word in words:
        for person in people:
            scenes.reply(person, word)
    meta.fault("delay", times=12, seconds=0.1)
    at_once(*[outbox.drain] * 4)
    assert {person.pk: meta.texts(person) for person in people} == {person.pk: words for person in people}


def test_a_notification_that_waits_for_hours_does_not_hold_up_answers(meta: Meta, settings: Settings) -> None:
    message = scenes.told(meta)
    assert message.contact is not None
    for _ in range(4):
        meta.fault("error", code=131000)
        outbox.drain()
        scenes.passes(minutes=20)
    message.refresh_from_db()
    assert message.status == Status.WAITING
    OutboxMessage.objects.update(not_before=clock.now() + timedelta(hours=3))
    scenes.reply(message.contact, "Here I am")
    outbox.drain()
    assert meta.texts(message.contact) == ["Here I am"]


def test_an_answer_that_is_tried_again_in_seconds_keeps_its_place(meta: Meta) -> None:
    contact = scenes.listener(meta)
    meta.fault("error", code=131016)
    scenes.reply(contact, "first")
    scenes.reply(contact, "second")
    outbox.drain()
    assert meta.texts(contact) == []
    scenes.passes(minutes=1)
    outbox.drain()
    assert meta.texts(contact) == ["first", "second"]


# --- too late, not wanted ---


def test_what_came_too_late_is_never_sent(meta: Meta) -> None:
    contact = scenes.listener(meta)
    late = scenes.reply(contact, "Your inspection is now", expires_at=clock.now() + timedelta(minutes=5))
    scenes.passes(minutes=5)
    outbox.drain()
    late.refresh_from_db()
    assert late.status == Status.EXPIRED
    assert meta.requests() == []


def test_what_would_be_tried_again_too_late_is_given_up(meta: Meta, settings: Settings) -> None:
    message = scenes.reply(scenes.listener(meta), expires_at=clock.now() + timedelta(seconds=5))
    settings.WHATSAPP_API_URL = f"http://127.0.0.1:{free_port()}"
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.WAITING
    scenes.passes(seconds=5)
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.EXPIRED
    assert "not sent" in message.reason


def test_what_was_written_before_they_unlinked_is_withheld(meta: Meta) -> None:
    message = scenes.told(meta)
    link = message.contact.links.get() if message.contact else None
    assert link is not None
    rules.unlink(link=link, why=rules.Why.CHAT, now=clock.now())
    # Somebody has claimed it already, and puts it into words only now.
    OutboxMessage.objects.filter(pk=message.pk).update(status=Status.PENDING, reason="")
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.WITHHELD
    assert message.reason == "this WhatsApp no longer speaks for the account"
    assert meta.sent(message.contact) == []


def test_news_of_what_is_off_by_now_is_withheld(meta: Meta) -> None:
    message = scenes.told(meta)
    inspection = Inspection.objects.get()
    inspections.cancel(inspection=inspection, actor=None, origin=Origin.API)
    outbox.drain()
    message.refresh_from_db()
    assert (message.status, message.reason) == (
        Status.WITHHELD,
        "the inspection has been cancelled meanwhile",
    )
    assert all("is booked" not in str(body) for body in meta.sent(message.contact))


def test_who_says_stop_all_gets_answers_but_no_notifications(meta: Meta) -> None:
    message = scenes.told(meta)
    contact = _contact_of(message)
    assert contact.phone is not None
    phone = Phone(contact.phone)
    phone.says("stop all")
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.WITHHELD
    assert message.reason == "they stopped everything on WhatsApp"
    scenes.reply(contact, "What you asked for")
    outbox.drain()
    assert meta.texts(contact) == ["What you asked for"]
    phone.says("start")
    outbox.drain()
    later = scenes.notification(Inspection.objects.get(), contact)
    outbox.drain()
    later.refresh_from_db()
    assert later.status == Status.ACCEPTED


def test_who_stops_offers_in_whatsapp_itself_still_hears_of_their_inspections(meta: Meta) -> None:
    message = scenes.told(meta)
    contact = _contact_of(message)
    meta.control("people", {"phone": contact.phone, "opted_out": True})
    meta.statuses_come_in()
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED
    contact.refresh_from_db()
    assert contact.offers_stopped_at is not None


def test_a_message_that_cannot_be_put_into_words_stops_nobody_else(meta: Meta) -> None:
    contact = scenes.listener(meta)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind=kind,
            channel=channel,
            contact=contact,
            lane=kind,
            created_at=clock.now(),
            not_before=clock.now(),
        )
        for kind, channel in (("unheard_of", "whatsapp"), ("reply", "pigeon"))
    )
    scenes.reply(contact, "Hello")
    outbox.drain()
    outbox.sweep()
    assert meta.texts(contact) == ["Hello"]
    broken = OutboxMessage.objects.exclude(status=Status.ACCEPTED)
    assert list(broken.order_by("pk").values_list("status", "reason")) == [
        (Status.FAILED, "could not be prepared: KeyError"),
        (Status.FAILED, "there is no channel of that name"),
    ]
    assert set(Incident.objects.values_list("kind", flat=True)) == {"message_not_prepared"}


# --- photos ---


@pytest.fixture
def photo(settings: Settings, tmp_path: Path) -> PropertyPhoto:
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "properties").mkdir()
    (tmp_path / "properties/front.jpg").write_bytes(PHOTO.read_bytes())
    return PropertyPhoto.objects.create(property=PropertyFactory(), image="properties/front.jpg")


def card(contact: Contact, photo: PropertyPhoto) -> OutboxMessage:
    """An answer with the photo on top."""
    message = scenes.reply(contact)
    header = cloud.Media(file=photo.image.name)
    message.body = cloud.payload(cloud.Buttons("3-bedroom flat", (cloud.Button("v1|x|y", "Book"),), header))
    message.save(update_fields=["body"])
    return message


def test_a_photo_is_uploaded_once_and_then_sent_by_its_id(meta: Meta, photo: PropertyPhoto) -> None:
    people = [scenes.listener(meta), scenes.listener(meta)]
    for person in people:
        card(person, photo)
        outbox.drain()
    assert len(meta.requests("/media")) == 1
    photo.refresh_from_db()
    shown = [body["interactive"]["header"]["image"]["id"] for body in meta.sent()]
    assert shown == [photo.media_id] * 2


def test_a_photo_that_meta_may_have_forgotten_is_uploaded_again(meta: Meta, photo: PropertyPhoto) -> None:
    contact = scenes.listener(meta)
    card(contact, photo)
    outbox.drain()
    scenes.passes(days=29)
    Contact.objects.update(last_inbound_at=clock.now())
    card(contact, photo)
    outbox.drain()
    assert len(meta.requests("/media")) == 2


def test_a_photo_whose_upload_broke_is_tried_again_with_its_message(meta: Meta, photo: PropertyPhoto) -> None:
    message = card(scenes.listener(meta), photo)
    meta.fault("cut", path="/media")
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.WAITING
    assert meta.requests() == []
    scenes.passes(minutes=1)
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED


# --- the channel is shut ---


def test_while_the_token_is_refused_messages_wait_and_lose_nothing(meta: Meta, settings: Settings) -> None:
    contact = scenes.listener(meta)
    message = scenes.reply(contact)
    right, settings.WHATSAPP_ACCESS_TOKEN = settings.WHATSAPP_ACCESS_TOKEN, "expired"
    for _ in range(10):
        outbox.drain()
        message.refresh_from_db()
        assert (message.status, message.attempts, message.error_code) == (Status.WAITING, 0, 190)
        scenes.passes(minutes=15)
    incident = Incident.objects.get(kind="token_refused", key="whatsapp")
    assert incident.times == 10
    assert "expired" not in f"{incident.sentence} {message.reason}".replace("has expired", "")
    settings.WHATSAPP_ACCESS_TOKEN = right
    outbox.drain()
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.ACCEPTED, 1)


def _contact_of(message: OutboxMessage) -> Contact:
    assert message.contact is not None
    return message.contact
