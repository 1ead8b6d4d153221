"""What goes wrong on the way out: networks that break, processes that die. Meta's ledger is the witness."""

import signal
import subprocess
import sys
from typing import Any

import pytest
from pytest_django import Settings

from inspector_whatsapp import clock, outbox
from inspector_whatsapp.models import ChannelState, Contact, Incident, OutboxMessage
from inspector_whatsapp.models.outbox import Status
from tests.factories import ContactFactory
from tests.outbox import scenes
from tests.outbox.witness import MANAGE, Meta, environment, until, worker
from tests.ports import free_port

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


def read_again(message: OutboxMessage) -> OutboxMessage:
    message.refresh_from_db()
    return message


# --- networks that break ---


def test_when_meta_cannot_be_reached_messages_wait_and_leave_later(meta: Meta, settings: Settings) -> None:
    message = scenes.reply(scenes.listener(meta))
    settings.WHATSAPP_API_URL = f"http://127.0.0.1:{free_port()}"
    waits = []
    for _ in range(5):
        outbox.drain()
        assert (read_again(message).status, message.attempts) == (Status.WAITING, 0)
        shut_until = ChannelState.objects.get().shut_until
        assert shut_until is not None
        waits.append(shut_until - clock.now())
        assert outbox.drain() == 0
        clock.move(shut_until - clock.now())
    assert waits == sorted(waits)
    assert Incident.objects.filter(kind="channel_shut").exists()
    assert meta.requests() == []
    settings.WHATSAPP_API_URL = meta.url
    outbox.drain()
    assert read_again(message).status == Status.ACCEPTED
    assert len(meta.sent()) == 1


def test_a_message_that_never_gets_through_is_given_up_in_the_end(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    meta.fault("error", code=131000, times=None)
    for _ in range(20):
        outbox.drain()
        scenes.passes(hours=4)
        Contact.objects.update(last_inbound_at=clock.now())
    assert (read_again(message).status, message.attempts) == (Status.FAILED, 7)


@pytest.mark.parametrize(
    "fault",
    [
        {"action": "hang", "seconds": 0.3},
        {"action": "cut"},
        {"action": "half"},
        {"action": "bad_json"},
    ],
    ids=lambda fault: fault["action"],
)
def test_a_message_whose_answer_is_lost_is_not_said_again_and_its_status_tells(
    meta: Meta, fault: dict[str, Any]
) -> None:
    message = scenes.told(meta)
    meta.fault(**fault)
    outbox.drain()
    assert read_again(message).status == Status.UNCERTAIN
    assert message.provider_id is None
    scenes.passes(minutes=9)
    outbox.sweep()
    assert outbox.drain() == 0
    meta.statuses_come_in()
    (request,) = meta.requests()
    assert (read_again(message).status, message.provider_id) == (Status.READ, request["wamid"])
    assert message.reason == ""
    scenes.passes(minutes=9)
    outbox.sweep()
    assert outbox.drain() == 0


@pytest.mark.parametrize(
    "fault",
    [{"action": "reset"}, {"action": "error", "status": 500}, {"action": "error", "status": 502}],
    ids=lambda fault: f"{fault['action']} {fault.get('status', '')}",
)
def test_a_message_that_meta_may_not_have_got_is_said_again_only_after_the_grace(
    meta: Meta, fault: dict[str, Any]
) -> None:
    message = scenes.told(meta)
    meta.fault(**fault)
    outbox.drain()
    assert read_again(message).status == Status.UNCERTAIN
    scenes.passes(minutes=9)
    outbox.sweep()
    assert outbox.drain() == 0
    scenes.passes(minutes=2)
    outbox.sweep()
    assert outbox.drain() == 1
    meta.statuses_come_in()
    assert message.repeated_by.get().status == Status.READ
    assert len(meta.sent()) == 1


def test_a_call_that_hangs_keeps_only_those_waiting_who_come_after_it_in_its_chat(meta: Meta) -> None:
    hung, *others = (scenes.listener(meta) for _ in range(6))
    meta.fault("hang", recipient=hung.phone)
    first, second = scenes.reply(hung, "first"), scenes.reply(hung, "second")
    for other in others:
        scenes.reply(other, "one")
        scenes.reply(other, "two")
    outbox.drain()
    assert (read_again(first).status, read_again(second).status) == (Status.UNCERTAIN, Status.ACCEPTED)
    assert all(meta.texts(other) == ["one", "two"] for other in others)
    assert meta.sent()[-1]["text"]["body"] == "second"
    assert meta.texts(hung) == ["first", "second"]


# --- processes that die ---


COMMITS_AND_DIES = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from inspector_whatsapp import outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact
with transaction.atomic():
    # Called after the commit, before what would ring the bell.
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    body = cloud.payload(cloud.Text("Booked"))
    contact = Contact.objects.get(pk=int(sys.argv[1]))
    outbox.add(outbox.Outgoing(kind="reply", channel="whatsapp", contact=contact, body=body, key="once"))
"""


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_sent_though_its_process_died_before_it_could_ring(meta: Meta) -> None:
    contact = scenes.listener(meta)
    died = subprocess.run(
        [sys.executable, "-c", COMMITS_AND_DIES, str(contact.pk)],
        env=environment() | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=MANAGE.parent,
        timeout=60,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    assert OutboxMessage.objects.get().status == Status.PENDING
    with worker() as process:
        assert process.wait(60) == 0
    assert meta.texts(contact) == ["Booked"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_sending_leaves_a_message_of_unknown_fate(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    meta.fault("delay", seconds=1.0)
    with worker() as process:
        until(meta.fault_has_struck)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    outbox.sweep()
    assert outbox.drain() == 0
    assert read_again(message).status == Status.SENDING
    scenes.lease_runs_out(message)
    outbox.sweep()
    assert outbox.drain() == 0
    assert read_again(message).status == Status.UNCERTAIN
    meta.statuses_come_in()  # Meta had taken it
    assert read_again(message).status == Status.READ
    assert len(meta.requests()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_stopped_for_too_long_cannot_write_what_it_knows_any_more(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    meta.control("faults", {"on": "webhook", "action": "drop", "of": "status", "times": None})
    meta.fault("delay", seconds=1.0)
    with worker() as process:
        until(lambda: OutboxMessage.objects.filter(status=Status.SENDING).exists())
        until(lambda: len(meta.tell("faults")["rules"]) == 1)
        process.send_signal(signal.SIGSTOP)
        until(meta.requests)
        scenes.lease_runs_out(message)
        outbox.sweep()
        before = OutboxMessage.objects.values().get()
        process.send_signal(signal.SIGCONT)
        assert process.wait(60) == 0
    assert before["status"] == Status.UNCERTAIN
    assert OutboxMessage.objects.values().get() == before
    assert len(meta.requests()) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_killed_in_the_middle_of_much_work_lose_nothing_and_send_nothing_twice(meta: Meta) -> None:
    contacts = ContactFactory.create_batch(60)
    meta.hears(*contacts)
    for contact in contacts:
        scenes.reply(contact)
    meta.fault("delay", times=None, seconds=0.2)
    with worker() as first, worker() as second:
        until(lambda: len(meta.requests()) > 5)
        for process in (first, second):
            process.send_signal(signal.SIGKILL)
            process.wait(30)
    meta.faults_end()
    outbox.drain()
    for message in OutboxMessage.objects.filter(status=Status.SENDING):
        scenes.lease_runs_out(message)
    outbox.sweep()
    outbox.drain()
    meta.statuses_come_in()
    # Of whatever was claimed but not posted yet nothing is heard: it is said again after the grace.
    unheard = OutboxMessage.objects.filter(status=Status.UNCERTAIN)
    assert {f"outbox:{pk}.1" for pk in unheard.values_list("pk", flat=True)}.isdisjoint(
        request["callback"] for request in meta.requests()
    )
    scenes.passes(minutes=3)
    outbox.sweep()
    outbox.drain()
    meta.statuses_come_in()
    assert {contact.pk: len(meta.sent(contact)) for contact in contacts} == {
        contact.pk: 1 for contact in contacts
    }
    assert OutboxMessage.objects.filter(status=Status.READ).count() == len(contacts)
