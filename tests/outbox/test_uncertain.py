"""Messages of which nobody can say whether they arrived: a grace, and then a rule per message."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import Contact, Incident, OutboxMessage
from inspector_whatsapp.models.outbox import IfUncertain, Status
from tests.outbox import scenes
from tests.outbox.witness import Meta

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


def lost(meta: Meta, message: OutboxMessage) -> OutboxMessage:
    """The message went out, and nothing was heard of it since: no answer, no status."""
    meta.control("faults", {"on": "webhook", "action": "drop", "of": "status", "times": None})
    meta.fault("cut")
    outbox.drain()
    meta.settle()
    message.refresh_from_db()
    assert message.status == Status.UNCERTAIN
    return message


def grace_passes(message: OutboxMessage) -> None:
    scenes.passes(minutes=2 if message.kind == "reply" else 10, seconds=1)
    outbox.sweep()
    outbox.drain()
    message.refresh_from_db()


def test_within_the_grace_nothing_is_said_again(meta: Meta) -> None:
    message = lost(meta, scenes.told(meta))
    scenes.passes(minutes=9, seconds=59)
    outbox.sweep()
    outbox.drain()
    message.refresh_from_db()
    assert message.status == Status.UNCERTAIN
    assert len(meta.requests()) == 1


def test_after_the_grace_it_is_said_once_more_and_marked_as_a_possible_duplicate(meta: Meta) -> None:
    message = lost(meta, scenes.told(meta))
    grace_passes(message)
    assert message.status == Status.FAILED
    assert "said again" in message.reason
    again = message.repeated_by.get()
    assert again.status == Status.ACCEPTED
    callbacks = [request["callback"] for request in meta.requests()]
    assert callbacks == [f"outbox:{message.pk}.1", f"outbox:{again.pk}.1"]


def test_what_was_said_again_and_lost_again_is_not_said_a_third_time(meta: Meta) -> None:
    message = lost(meta, scenes.reply(scenes.listener(meta)))
    meta.fault("cut")
    grace_passes(message)
    again = message.repeated_by.get()
    assert again.status == Status.UNCERTAIN
    grace_passes(again)
    assert again.status == Status.FAILED
    assert len(meta.requests()) == 2
    assert OutboxMessage.objects.count() == 2


def test_what_is_to_be_held_waits_for_a_person(meta: Meta) -> None:
    message = lost(meta, scenes.reply(scenes.listener(meta), if_uncertain=IfUncertain.HOLD))
    grace_passes(message)
    assert message.status == Status.FAILED
    assert message.reason.startswith("unknown whether it arrived")
    assert Incident.objects.filter(kind="message_uncertain", key=str(message.pk)).exists()
    assert len(meta.requests()) == 1


def test_an_answer_is_not_repeated_to_somebody_who_has_gone_on(meta: Meta) -> None:
    message = lost(meta, scenes.reply(scenes.listener(meta)))
    scenes.passes(minutes=1)
    Contact.objects.update(last_inbound_at=clock.now())
    grace_passes(message)
    assert (message.status, OutboxMessage.objects.count()) == (Status.FAILED, 1)


def test_what_is_of_no_use_any_more_is_not_repeated(meta: Meta) -> None:
    soon = clock.now() + timedelta(minutes=1)
    message = lost(meta, scenes.reply(scenes.listener(meta), expires_at=soon))
    grace_passes(message)
    assert (message.status, OutboxMessage.objects.count()) == (Status.FAILED, 1)


def test_a_status_after_the_grace_still_says_that_it_arrived(meta: Meta) -> None:
    contact = scenes.listener(meta)
    meta.control("people", {"phone": contact.phone, "online": False})
    message = lost(meta, scenes.reply(contact))
    grace_passes(message)
    assert message.status == Status.FAILED
    meta.faults_end()
    meta.control("people", {"phone": contact.phone, "online": True})
    meta.statuses_come_in()
    message.refresh_from_db()
    assert message.status == Status.READ


def test_a_dead_senders_message_becomes_uncertain_and_never_pending(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    (claimed,) = scenes.claimed()
    outbox.sweep()
    message.refresh_from_db()
    assert message.status == Status.SENDING
    scenes.lease_runs_out(claimed)
    outbox.sweep()
    assert outbox.drain() == 0
    message.refresh_from_db()
    assert message.status == Status.UNCERTAIN
    assert "gone" in message.reason
