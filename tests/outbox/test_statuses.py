"""What Meta says of a message afterwards: in any order, twice, too early, or of none of ours."""

import json
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.conf import settings
from django.db import connection

from bot import inbox, webhook
from bot.models import InboundEvent, InboundState
from inspector_whatsapp import clock, outbox
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from tests.at_once import at_once
from tests.factories import ContactFactory
from tests.outbox import scenes
from tests.outbox.witness import Meta, until

pytest_plugins = ("tests.outbox.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock")]

WORDS = ("sent", "delivered", "read", "failed")
AT = {word: datetime(2026, 11, 20, 9, 0, second, tzinfo=UTC) for second, word in enumerate(WORDS)}
UNDELIVERABLE = 131026


def status(word: str, message: OutboxMessage, **more: object) -> dict[str, object]:
    """One status as Meta writes it; it carries our key and comes back under Meta's id."""
    errors = [{"code": UNDELIVERABLE, "title": "Message undeliverable", "error_data": {"details": "No."}}]
    return {
        "id": f"wamid.of-{message.pk}",
        "status": word,
        "timestamp": str(int(AT[word].timestamp())),
        "recipient_id": "2348030000001",
        "biz_opaque_callback_data": f"outbox:{message.pk}.1",
        **({"errors": errors} if word == "failed" else {}),
        **more,
    }


def post(statuses: Iterable[dict[str, object]], *, batch: str = "") -> None:
    """Meta posts them together; `batch` makes the bytes other ones."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": settings.WHATSAPP_PHONE_NUMBER.lstrip("+"),
            "phone_number_id": settings.WHATSAPP_PHONE_NUMBER_ID,
        },
        "statuses": list(statuses),
    }
    entry = {"id": batch or "102290129340398", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    assert webhook.receive(body, signature.sign(body, settings.WHATSAPP_APP_SECRETS[0])) == 200


def accepted(**fields: object) -> OutboxMessage:
    message = scenes.reply(ContactFactory())
    fields = {"status": Status.ACCEPTED, "attempts": 1, "accepted_at": clock.now()} | fields
    OutboxMessage.objects.filter(pk=message.pk).update(**fields)
    return message


def after(message: OutboxMessage, *words: str) -> OutboxMessage:
    """The message once these statuses have come, one by one."""
    for word in words:
        post([status(word, message)], batch=f"{word}{datetime.now(UTC).timestamp()}")
        inbox.drain()
    message.refresh_from_db()
    return message


def _times(message: OutboxMessage) -> dict[str, datetime | None]:
    return {word: getattr(message, f"{word}_at") for word in WORDS}


ORDERS = [order for length in range(1, 5) for order in permutations(WORDS, length)]


def highest(words: Sequence[str]) -> str:
    """Where a message stands of which these were said: what arrived has not failed."""
    return next(word for word in ("read", "delivered", "failed", "sent") if word in words)


def test_in_whatever_order_and_however_often_statuses_come_the_end_is_the_same() -> None:
    messages = {order: accepted() for order in ORDERS}
    for order, message in messages.items():
        for word in order:
            post([status(word, message)])
            post([status(word, message)], batch="again")
    inbox.drain()
    for order, message in messages.items():
        post([status(word, message) for word in order], batch="all once more")
    inbox.drain()
    for order, message in messages.items():
        message.refresh_from_db()
        assert message.status == highest(order), order
        assert _times(message) == {word: AT[word] if word in order else None for word in WORDS}, order
        assert message.provider_id == f"wamid.of-{message.pk}"
        assert message.error_code == (UNDELIVERABLE if "failed" in order else None)
        assert bool(message.reason) == (message.status == Status.FAILED), order


def test_having_been_delivered_undoes_failed() -> None:
    assert after(accepted(), "failed", "delivered").status == Status.DELIVERED


@pytest.mark.parametrize("last", ["failed", "read"])
def test_a_late_sent_undoes_nothing(last: str) -> None:
    message = after(accepted(), last, "sent")
    assert message.status == last
    assert message.sent_at == AT["sent"]


def test_read_without_delivered_is_read() -> None:
    message = after(accepted(), "read")
    assert (message.status, message.delivered_at) == (Status.READ, None)


def test_a_voice_message_that_was_played_was_read() -> None:
    message = accepted()
    post([status("read", message, status="played")])
    inbox.drain()
    message.refresh_from_db()
    assert message.status == Status.READ


def test_statuses_that_the_simulator_sends_twice_and_reordered_end_in_read(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    meta.control("faults", [{"on": "webhook", "action": "reorder", "of": "sent"}])
    meta.control("faults", [{"on": "webhook", "action": "duplicate", "of": "delivered"}])
    outbox.drain()
    meta.statuses_come_in()
    message.refresh_from_db()
    assert message.status == Status.READ
    assert None not in (message.sent_at, message.delivered_at, message.read_at)


# --- before our own call returned ---


@pytest.mark.django_db(transaction=True)
def test_a_status_may_come_before_our_own_call_has_returned(meta: Meta) -> None:
    message = scenes.reply(scenes.listener(meta))
    meta.fault("status_first")
    meta.door.at_once = True  # the answer waits for what this status brings about
    (sent,) = at_once(outbox.drain)
    assert sent == 1
    meta.settle()
    until(lambda: OutboxMessage.objects.filter(status=Status.READ).exists())
    message.refresh_from_db()
    (request,) = meta.requests()
    assert message.provider_id == request["wamid"]
    assert None not in (message.accepted_at, message.sent_at)
    assert message.lease_token is None


@pytest.mark.django_db(transaction=True)
def test_that_it_failed_may_come_before_our_own_call_has_returned(meta: Meta) -> None:
    contact = scenes.listener(meta)
    meta.control("people", {"phone": contact.phone, "on_whatsapp": False})
    message = scenes.reply(contact)
    meta.fault("delay", seconds=0.5)
    with_status = threading.Thread(target=_fails_meanwhile, args=[message])
    with_status.start()
    outbox.drain()
    with_status.join()
    message.refresh_from_db()
    assert (message.status, message.error_code, message.reason) == (Status.FAILED, UNDELIVERABLE, "No.")
    assert message.accepted_at is not None


def _fails_meanwhile(message: OutboxMessage) -> None:
    try:
        until(lambda: OutboxMessage.objects.filter(pk=message.pk, status=Status.SENDING).exists())
        post([status("failed", message)])
        inbox.drain()
    finally:
        connection.close()


# --- of a message that is not known ---


def unknown(wamid: str, *, callback: str | None) -> dict[str, object]:
    keys = {} if callback is None else {"biz_opaque_callback_data": callback}
    return {"id": wamid, "status": "delivered", "timestamp": "1795251600", "recipient_id": "234", **keys}


def test_a_status_without_our_key_is_parked_until_its_message_is_known() -> None:
    post([unknown("wamid.later", callback=None)])
    inbox.drain()
    parked = InboundEvent.objects.get()
    assert parked.state == InboundState.PARKED
    message = accepted(provider_id="wamid.later")
    inbox.join_parked()
    message.refresh_from_db()
    parked.refresh_from_db()
    assert (message.status, parked.state) == (Status.DELIVERED, InboundState.DONE)


@pytest.mark.parametrize(
    "callback",
    [
        None,
        "",
        "outbox:",
        "outbox:999999999.1",
        "outbox:x.1",
        "outbox:-1.1",
        "outbox:" + "9" * 40,
        "theirs:1.1",
    ],
)
def test_a_status_of_no_message_of_ours_changes_nothing(callback: str | None) -> None:
    message = accepted(provider_id="wamid.ours")
    post([unknown("wamid.theirs", callback=callback)])
    inbox.drain()
    scenes.passes(days=2)
    inbox.join_parked()
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED
    assert InboundEvent.objects.get().state == InboundState.PARKED


def test_a_status_of_another_number_of_the_account_changes_nothing() -> None:
    message = accepted(provider_id=None)
    body = {"phone_number_id": "999", "display_phone_number": "2347000000001"}
    value = {"messaging_product": "whatsapp", "metadata": body, "statuses": [status("read", message)]}
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    raw = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    assert webhook.receive(raw, signature.sign(raw, settings.WHATSAPP_APP_SECRETS[0])) == 200
    inbox.drain()
    message.refresh_from_db()
    assert message.status == Status.ACCEPTED


def test_a_status_without_a_time_gets_ours() -> None:
    message = accepted()
    before = clock.now() - timedelta(seconds=1)
    post([status("sent", message, timestamp="soon")])
    inbox.drain()
    message.refresh_from_db()
    assert message.sent_at is not None
    assert before < message.sent_at <= clock.now()
