"""A channel whose provider takes nothing: it waits, one message finds out, and nothing is burned."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from inspector_whatsapp import clock, health, outbox
from inspector_whatsapp.models import ChannelState, Contact, Incident, OutboxMessage
from inspector_whatsapp.models.outbox import Category, Priority, Status
from inspector_whatsapp.outbox.channel import by_name
from tests.admin.conftest import log_in
from tests.at_once import at_once
from tests.factories import ContactFactory, UserFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta
from tests.ports import free_port

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

NOT_ALLOWED = (190, 368, 131031, 131042)


def people(meta: Meta, many: int) -> list[Contact]:
    contacts: list[Contact] = ContactFactory.create_batch(many, last_inbound_at=clock.now())
    meta.hears(*contacts)
    return contacts


def state(channel: str = "whatsapp", category: str = "") -> ChannelState:
    return ChannelState.objects.get(channel=channel, category=category)


@pytest.mark.parametrize("code", NOT_ALLOWED)
def test_while_the_account_is_refused_nothing_is_claimed_and_nothing_lost(
    meta: Meta, settings: Settings, code: int
) -> None:
    settings.WHATSAPP_MESSAGES_PER_SECOND = 10
    waiting = [scenes.reply(person) for person in people(meta, 30)]
    meta.fault("error", code=code, times=None)
    outbox.drain()
    tried = len(meta.requests())
    assert tried <= by_name("whatsapp").places() < len(waiting)
    scenes.passes(seconds=59)
    assert outbox.drain() == 0
    scenes.passes(seconds=2)
    assert outbox.drain() == 1  # the one that finds out
    assert len(meta.requests()) == tried + 1
    assert set(OutboxMessage.objects.values_list("status", "attempts")) == {
        (Status.WAITING, 0),
        (Status.PENDING, 0),
    }
    assert Incident.objects.get(kind="token_refused").closed_at is None
    meta.faults_end()
    scenes.passes(minutes=2)
    outbox.drain()
    assert OutboxMessage.objects.filter(status=Status.ACCEPTED).count() == len(waiting)
    assert state().shut_until is None
    assert Incident.objects.get(kind="token_refused").closed_at is not None


def test_the_pause_doubles_up_to_a_quarter_of_an_hour(meta: Meta) -> None:
    scenes.reply(scenes.listener(meta))
    meta.fault("error", code=190, times=None)
    pauses = []
    for _ in range(7):
        outbox.drain()
        until = state().shut_until
        assert until is not None
        pauses.append(round((until - clock.now()).total_seconds() / 60))
        clock.move(until - clock.now())
    assert pauses == [1, 2, 4, 8, 15, 15, 15]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_finds_out(meta: Meta) -> None:
    for person in people(meta, 20):
        scenes.reply(person)
    meta.fault("error", code=190, times=None)
    outbox.drain()
    tried = len(meta.requests())
    scenes.passes(minutes=2)
    at_once(*[outbox.drain] * 6)
    assert len(meta.requests()) == tried + 1


def test_a_probe_whose_sender_died_is_followed_by_another(meta: Meta) -> None:
    contact = scenes.listener(meta)
    scenes.reply(contact)
    meta.fault("error", code=190)
    outbox.drain()
    scenes.passes(minutes=2)
    ChannelState.objects.update(probe=1, probing_until=clock.now() + timedelta(minutes=1))
    assert outbox.drain() == 0
    ChannelState.objects.update(probing_until=clock.now() - timedelta(hours=1))
    outbox.drain()
    assert len(meta.texts(contact)) == 1


def test_the_other_channel_goes_on(meta: Meta) -> None:
    scenes.reply(scenes.listener(meta))
    meta.fault("error", code=190)
    outbox.drain()
    letter = scenes.letter()
    outbox.drain()
    letter.refresh_from_db()
    assert letter.status == Status.ACCEPTED


@pytest.mark.parametrize("code", [4, 80007, 130429, 133016, 131016])
def test_the_whole_channel_waits_as_long_as_meta_asks(meta: Meta, code: int) -> None:
    first, second = people(meta, 2)
    message = scenes.reply(first)
    meta.fault("error", code=code, retry_after=120)
    outbox.drain()
    scenes.reply(second)
    scenes.passes(seconds=119)
    assert outbox.drain() == 0
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.WAITING, 0)
    assert not Incident.objects.exists()
    scenes.passes(seconds=2)
    outbox.drain()
    assert len(meta.texts(first)) == len(meta.texts(second)) == 1


def test_a_restriction_for_spam_stops_offers_only_for_an_hour(meta: Meta) -> None:
    offered, other, asking = people(meta, 3)
    offer = scenes.reply(offered, category=Category.MARKETING, priority=Priority.BULK)
    meta.fault("error", code=131048)
    outbox.drain()
    later = scenes.reply(other, category=Category.MARKETING, priority=Priority.BULK)
    scenes.reply(asking)
    outbox.drain()
    assert len(meta.texts(asking)) == 1
    for message in (offer, later):
        message.refresh_from_db()
        assert (message.status, message.attempts) == (Status.WAITING, 0)
    assert Incident.objects.filter(kind="channel_shut", key="whatsapp:marketing").exists()
    scenes.passes(minutes=59)
    outbox.drain()
    assert meta.texts(other) == []
    scenes.passes(minutes=2)
    outbox.drain()
    scenes.passes(seconds=10)
    outbox.drain()
    assert len(meta.texts(offered)) == len(meta.texts(other)) == 1


def test_what_meta_holds_back_from_one_person_is_tried_a_day_later_and_then_two(meta: Meta) -> None:
    contact = scenes.listener(meta)
    message = scenes.reply(contact, category=Category.MARKETING)
    meta.fault("error", code=131049, times=2)
    for hours in (24, 48):
        outbox.drain()
        message.refresh_from_db()
        assert message.status == Status.WAITING
        assert message.not_before >= clock.now() + timedelta(hours=hours) - timedelta(minutes=1)
        clock.move(message.not_before - clock.now())
        Contact.objects.update(last_inbound_at=clock.now())
        meta.hears(contact)
    outbox.drain()
    assert len(meta.texts(contact)) == 1


def test_what_is_too_late_while_its_channel_is_shut_ends_and_says_why(meta: Meta) -> None:
    first = scenes.listener(meta)
    soon = clock.now() + timedelta(seconds=90)
    tried, untried = scenes.reply(first, expires_at=soon), scenes.reply(first, expires_at=soon)
    meta.fault("error", code=190, times=None)
    outbox.drain()
    scenes.passes(seconds=91)
    outbox.sweep()
    for message in (tried, untried):
        message.refresh_from_db()
        assert message.status == Status.EXPIRED
    assert "190" in tried.reason
    assert "shut" in untried.reason


@pytest.mark.parametrize("shut", [True, False])
def test_what_waits_for_a_shut_channel_does_not_make_us_unwell(meta: Meta, shut: bool) -> None:
    scenes.reply(scenes.listener(meta))
    if shut:
        meta.fault("error", code=190)
        outbox.drain()
        scenes.passes(seconds=50)
        ChannelState.objects.update(shut_until=clock.now() + timedelta(minutes=10))
    scenes.passes(minutes=2)
    assert ("outbox" in health.failures()) is not shut


def test_a_mail_server_that_does_not_let_us_in_is_asked_again_by_one_letter(
    meta: Meta, settings: Settings
) -> None:
    letters = [scenes.letter() for _ in range(20)]
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    outbox.drain()
    assert state("email").shut_until is not None
    assert set(OutboxMessage.objects.values_list("attempts", flat=True)) == {0}
    settings.EMAIL_PORT = right
    scenes.passes(minutes=1)
    outbox.drain()
    assert len(meta.mails()) == len(letters)


def test_an_admin_may_have_it_tried_now(meta: Meta, client: Client) -> None:
    contact = scenes.listener(meta)
    scenes.reply(contact)
    meta.fault("error", code=190)
    outbox.drain()
    assert outbox.drain() == 0
    log_in(client, UserFactory(is_staff=True, is_superuser=True))
    chosen = {"action": "try_now", "_selected_action": [state().pk]}
    answer = client.post("/admin/inspector_whatsapp/channelstate/", chosen, follow=True)
    assert "1 channel is tried now" in answer.content.decode()
    outbox.drain()
    assert len(meta.texts(contact)) == 1
