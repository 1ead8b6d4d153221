"""Letters and the mail server's moods."""

import socket
import threading
import time
from contextlib import suppress

import pytest
from pytest_django import Settings

from inspector_whatsapp import outbox
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox.channel import PLACES
from tests.at_once import at_once
from tests.factories import InspectionFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta, until
from tests.ports import free_port

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]


def drained(message: OutboxMessage) -> OutboxMessage:
    outbox.drain()
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("answer", [421, 450, 451, 452])
def test_a_server_that_asks_for_patience_gets_the_letter_later(meta: Meta, answer: int) -> None:
    meta.fault("reject", on="mail", status=answer)
    message = drained(scenes.letter())
    assert (message.status, message.error_code) == (Status.WAITING, answer)
    assert drained(message).status == Status.WAITING  # not before its time
    scenes.passes(minutes=1)
    assert drained(message).status == Status.ACCEPTED
    (mail,) = meta.mails()
    assert mail["headers"]["Message-ID"] == message.provider_id


@pytest.mark.parametrize("answer", [550, 552, 554])
def test_a_letter_that_is_refused_for_good_is_not_tried_again(meta: Meta, answer: int) -> None:
    meta.fault("reject", on="mail", status=answer)
    message = drained(scenes.letter())
    assert (message.status, message.error_code) == (Status.FAILED, answer)
    scenes.passes(days=1)
    assert outbox.drain() == 0
    assert meta.mails() == []


@pytest.mark.parametrize("how", ["not there", "hangs up"])
def test_a_server_that_lets_nobody_in_gets_the_letter_later(meta: Meta, settings: Settings, how: str) -> None:
    if how == "not there":
        settings.EMAIL_PORT = free_port()
    else:
        meta.fault("refuse", on="mail")
    message = drained(scenes.letter())
    assert message.status == Status.WAITING
    settings.EMAIL_PORT = meta.smtp_port
    scenes.passes(minutes=1)
    assert drained(message).status == Status.ACCEPTED
    assert len(meta.mails()) == 1


def test_a_server_that_says_nothing_after_the_letter_leaves_its_fate_unknown(
    meta: Meta, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    meta.fault("hang", on="mail")
    message = drained(scenes.letter(InspectionFactory()))
    assert message.status == Status.UNCERTAIN
    scenes.passes(minutes=9)
    outbox.sweep()
    assert outbox.drain() == 0
    assert len(meta.mails()) == 1


def test_a_letter_that_is_sent_again_to_be_sure_is_the_same_one_to_a_mailbox(
    meta: Meta, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    meta.fault("hang", on="mail")
    message = drained(scenes.letter())
    scenes.passes(minutes=10, seconds=1)
    outbox.sweep()
    outbox.drain()
    assert message.repeated_by.get().status == Status.ACCEPTED
    first, second = meta.mails()
    assert first["headers"]["Message-ID"] == second["headers"]["Message-ID"]


def test_a_mailbox_that_is_refused_holds_up_no_other(meta: Meta) -> None:
    refused, taken = InspectionFactory(), InspectionFactory()
    meta.fault("reject", on="mail", status=550, recipient=refused.seeker.email)
    scenes.letter(refused)
    scenes.letter(taken)
    outbox.drain()
    assert [mail["to"] for mail in meta.mails()] == [[taken.seeker.email]]


# --- servers that take their time ---


def test_a_server_that_says_a_byte_now_and_then_is_given_up_in_the_end(
    settings: Settings, meta: Meta
) -> None:
    settings.EMAIL_TIMEOUT = 0.2  # four times that for all of it
    greeting, said = b"220 " + b"." * 300, []
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]

        def drips() -> None:
            client, _ = server.accept()
            with client, suppress(OSError):
                for byte in greeting:
                    client.sendall(bytes([byte]))
                    said.append(byte)
                    time.sleep(0.05)

        dripping = threading.Thread(target=drips)
        dripping.start()
        message = drained(scenes.letter())
        dripping.join()
    assert message.status == Status.WAITING
    assert len(said) < len(greeting)


@pytest.mark.django_db(transaction=True)
def test_a_server_that_hangs_holds_up_no_answer_on_whatsapp(settings: Settings, meta: Meta) -> None:
    contact = scenes.listener(meta)
    for _ in range(PLACES + 2):  # more than its places
        scenes.letter()
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:  # takes connections, says nothing
        settings.EMAIL_PORT = server.getsockname()[1]

        def answers() -> None:
            until(lambda: OutboxMessage.objects.filter(channel="email", status=Status.SENDING).exists())
            for number in range(5):
                scenes.reply(contact, f"{number}")
            until(lambda: len(meta.texts(contact)) == 5)
            assert OutboxMessage.objects.filter(channel="email", status=Status.SENDING).exists()
            over.set()
            server.close()

        at_once(outbox.drain, answers)
    assert over.is_set()
