"""A WhatsApp that has long been silent may be somebody else's: it hears that there is news, and no more."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock
from inspector_whatsapp.contacts import SILENT
from inspector_whatsapp.models import Contact, Link, OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import Sending, Withheld, channel
from tests.factories import ContactFactory, SeekerFactory
from tests.notifications import scenes
from tests.notifications.scenes import one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("approved")]

DAY = timedelta(days=1)


@pytest.fixture
def phone() -> Contact:
    return ContactFactory(last_inbound_at=clock.now() - SILENT - DAY)


@pytest.fixture
def ada(phone: Contact) -> User:
    return scenes.linked(SeekerFactory(name="Ada Obi"), contact=phone, made_at=clock.now() - 2 * SILENT)


def sending(message: OutboxMessage) -> Sending:
    message.refresh_from_db()
    return channel.by_name(message.channel).prepare(message, now=clock.now())


def test_it_is_told_nothing_but_that_there_is_an_update(ada: User) -> None:
    inspection = scenes.book(seeker=ada)
    sent = sending(one("inspection_booked", ada))
    assert sent.body["template"]["name"] == "update_waiting"
    assert "components" not in sent.body["template"]
    assert inspection.ref not in str(sent.body)
    assert "Ada" not in str(sent.body)
    assert inspection.ref in sending(one("inspection_booked", ada, "email")).text


def test_it_is_asked_to_reply_once(ada: User, phone: Contact) -> None:
    inspection = scenes.book(seeker=ada)
    first = one("inspection_booked", ada)
    OutboxMessage.objects.filter(pk=first.pk).update(status=Status.DELIVERED, body=sending(first).body)
    scenes.move(inspection, hours=50)
    second = one("inspection_moved", ada)
    with pytest.raises(Withheld, match="silent since"):
        sending(second)
    clock.move(DAY)
    Contact.objects.filter(pk=phone.pk).update(last_inbound_at=clock.now())
    assert inspection.ref in sending(second).text


def test_the_days_count_from_the_last_word_or_from_the_proof(ada: User, phone: Contact) -> None:
    scenes.book(seeker=ada)
    message = one("inspection_booked", ada)
    Link.objects.update(made_at=clock.now() - SILENT + DAY)
    assert sending(message).body["template"]["name"] == "inspection_booked"
    Link.objects.update(made_at=clock.now() - 2 * SILENT)
    Contact.objects.filter(pk=phone.pk).update(last_inbound_at=clock.now() - SILENT + DAY)
    assert sending(message).body["template"]["name"] == "inspection_booked"


def test_a_silent_one_that_has_switched_hears_no_name_either(phone: Contact) -> None:
    scenes.linked(SeekerFactory(), contact=phone, made_at=clock.now() - 2 * SILENT)
    ada = SeekerFactory(name="Ada Obi")
    scenes.linked(ada, contact=phone, current=False, made_at=clock.now() - 2 * SILENT)
    scenes.book(seeker=ada)
    assert sending(one("inspection_booked", ada)).body["template"]["name"] == "update_waiting"


def test_times_are_in_the_zone_that_was_chosen_in_the_chat(ada: User, phone: Contact) -> None:
    Contact.objects.filter(pk=phone.pk).update(time_zone="Asia/Tokyo", last_inbound_at=clock.now())
    inspection = scenes.book(seeker=ada)
    in_lagos = scenes.when(inspection.starts_at)
    assert in_lagos not in sending(one("inspection_booked", ada)).text
    assert in_lagos in sending(one("inspection_booked", ada, "email")).text
