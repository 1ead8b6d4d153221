"""Writing messages: with what brought them about, and each once."""

from functools import partial

import pytest
from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import outbox
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from tests.at_once import at_once
from tests.factories import ContactFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


class ChangedOurMind(Exception):
    """What makes a transaction fail."""


def fails_after_writing() -> None:
    with transaction.atomic():
        scenes.reply(ContactFactory())
        raise ChangedOurMind


def test_what_is_rolled_back_takes_its_message_along(meta: Meta) -> None:
    with pytest.raises(ChangedOurMind):
        fails_after_writing()
    assert outbox.drain() == 0
    assert not OutboxMessage.objects.exists()
    assert meta.requests() == []


def test_the_same_key_is_written_once(meta: Meta) -> None:
    contact = scenes.listener(meta)
    scenes.reply(contact, "Booked", key="once")
    scenes.reply(contact, "Booked again", key="once")
    assert outbox.drain() == 1
    scenes.reply(contact, "And again", key="once")
    assert outbox.drain() == 0
    assert meta.texts(contact) == ["Booked"]


@pytest.mark.django_db(transaction=True)
def test_the_same_key_is_written_once_by_many_at_the_same_moment() -> None:
    contact = ContactFactory()
    for key in ("a", "b", "c", "d", "e"):
        at_once(*[partial(scenes.reply, contact, key=key)] * 8)
        assert OutboxMessage.objects.filter(key=key).count() == 1


def test_one_key_written_before_does_not_keep_the_others_out() -> None:
    contact = ContactFactory()
    scenes.reply(contact, key="before")
    outbox.add_all(
        outbox.Outgoing(kind="reply", channel="whatsapp", contact=contact, key=key)
        for key in ("before", "after")
    )
    assert OutboxMessage.objects.count() == 2


def test_what_has_left_is_not_withheld_any_more(meta: Meta) -> None:
    contact = scenes.listener(meta)
    gone = scenes.reply(contact)
    outbox.drain()
    waiting = scenes.reply(contact)
    assert outbox.withhold(Q(contact=contact), why="they left") == 1
    outbox.drain()
    assert len(meta.texts(contact)) == 1
    gone.refresh_from_db()
    waiting.refresh_from_db()
    assert gone.status == Status.ACCEPTED
    assert (waiting.status, waiting.reason) == (Status.WITHHELD, "they left")
