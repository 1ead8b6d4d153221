"""Each invariant can fail: all of them hold of a small world, and each breakage is found by its own."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bot.models import BodyState, Conversation, InboundEvent, InboundState, WebhookBody
from inspector_whatsapp.models import Change, OutboxMessage
from inspector_whatsapp.models.changes import Origin
from inspector_whatsapp.models.outbox import Status
from tests.factories import ContactFactory, InspectionFactory, LinkFactory, now
from tests.faults.invariants import ALL, Evidence, broken
from tests.faults.ledger import Accepted, Ledger

SAID = ("wamid.one", "wamid.two")


def ask(sql: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("%%", "%") if not values else sql, values or None)
        return list(cursor.fetchall())


def change(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def world(db: None, tmp_path: Path) -> Evidence:
    """Somebody said two things and was answered; somebody is linked and has booked."""
    contact = ContactFactory()
    talk = Conversation.objects.create(contact=contact, turns=2)
    body = WebhookBody.objects.create(digest=b"1" * 32, body=b"{}", received_at=now(), state=BodyState.PARSED)
    ledger = Ledger(tmp_path / "ledger")
    for place, wamid in enumerate(SAID):
        event = InboundEvent.objects.create(
            key=wamid,
            body=body,
            kind="message",
            contact=contact,
            conversation=talk,
            content={},
            text="hi",
            provider_id=wamid,
            said_at=now(),
            received_at=now(),
            state=InboundState.DONE,
        )
        reply = OutboxMessage.objects.create(
            kind="reply",
            channel="whatsapp",
            contact=contact,
            lane=f"whatsapp:contact:{contact.pk}",
            key=f"reply:{event.pk}",
            status=Status.READ,
            attempts=1,
            created_at=now(),
            not_before=now(),
            accepted_at=now(),
        )
        ledger.messages.add(wamid)
        ledger.accepted.append(Accepted(reply.pk, contact.phone or "", place + 1, time.time()))
    inspection = InspectionFactory()
    Change.objects.create(kind="inspection_booked", subject=inspection.ref, origin=Origin.CHAT, at=now())
    return Evidence(ask=ask, ledger=ledger, places={SAID[0]: ("+1", 0), SAID[1]: ("+1", 1)})


def test_a_world_in_which_nothing_went_wrong_breaks_no_invariant(world: Evidence) -> None:
    assert broken(world) == []


def test_what_was_understood_as_part_of_a_later_message_is_answered_with_it(world: Evidence) -> None:
    first, second = InboundEvent.objects.order_by("pk")
    OutboxMessage.objects.filter(key=f"reply:{first.pk}").update(key=None)
    assert any("without answer" in line for line in broken(world))
    InboundEvent.objects.filter(pk=first.pk).update(prepared={"understood": {"joined": second.pk}})
    assert broken(world) == []


@pytest.mark.parametrize("hours", [2, -2])
def test_what_was_on_its_way_when_the_clock_was_moved_is_not_late(world: Evidence, hours: int) -> None:
    before, after = max(0, -hours) * 3600.0, max(0, hours) * 3600.0
    world.offsets = ((0.0, before), (time.time() - 5, after))
    OutboxMessage.objects.update(expires_at=now() + timedelta(hours=1))
    assert broken(world) == []


def lost(world: Evidence) -> None:
    world.ledger.messages.add("wamid.lost")


def a_lost_status(world: Evidence) -> None:
    world.ledger.statuses.add(("wamid.lost", "read"))


def set_aside(world: Evidence) -> None:
    change("UPDATE bot_webhookbody SET state = 'unparseable'")


def kept_twice(world: Evidence) -> None:
    event = InboundEvent.objects.get(provider_id=SAID[1])
    event.pk, event.key, event.state = None, "another", InboundState.IGNORED
    event.save(force_insert=True)


def not_answered(world: Evidence) -> None:
    change("UPDATE bot_inboundevent SET state = 'quarantined' WHERE provider_id = 'wamid.two'")


def two_turns_for_one(world: Evidence) -> None:
    change("UPDATE bot_conversation SET turns = 3")


def no_reply(world: Evidence) -> None:
    change("UPDATE inspector_whatsapp_outboxmessage SET key = NULL WHERE id = (SELECT max(id) FROM"
           " inspector_whatsapp_outboxmessage)")  # fmt: skip


def answered_the_wrong_way_round(world: Evidence) -> None:
    world.places = {SAID[0]: ("+1", 1), SAID[1]: ("+1", 0)}
    change("UPDATE bot_inboundevent SET received_at = '2026-01-01'")


def arrived_the_wrong_way_round(world: Evidence) -> None:
    first, second = world.ledger.accepted
    world.ledger.accepted = [first._replace(place=2), second._replace(place=1)]


def sent_twice(world: Evidence) -> None:
    world.ledger.accepted.append(world.ledger.accepted[-1])


def sent_by_nobody(world: Evidence) -> None:
    world.ledger.accepted.append(Accepted(10**9, "+1", 9, time.time()))


def never_sent(world: Evidence) -> None:
    world.ledger.accepted.pop()


def sent_too_late(world: Evidence) -> None:
    change("UPDATE inspector_whatsapp_outboxmessage SET expires_at = now() - interval '1 hour'")


def sent_too_late_by_the_moved_clock(world: Evidence) -> None:
    OutboxMessage.objects.update(expires_at=now() + timedelta(hours=1))
    world.offsets = ((0.0, 0.0), (time.time() - 60, 7200.0))


def a_reminder_of_what_was_cancelled(world: Evidence) -> None:
    inspection = InspectionFactory()
    change("UPDATE inspector_whatsapp_outboxmessage SET kind = 'reminder', created_at = '2026-01-01',"
           f" arguments = '{{\"inspection\": {inspection.pk}}}'")  # fmt: skip
    Change.objects.create(
        kind="inspection_cancelled", subject=inspection.ref, origin=Origin.CHAT, at=now() - timedelta(hours=1)
    )


def a_place_given_twice(world: Evidence) -> None:
    change("UPDATE inspector_whatsapp_slot SET taken = 0")


def a_link_without_proof(world: Evidence) -> None:
    link = LinkFactory()
    Change.objects.create(kind="link_made", subject=str(link.pk), origin=Origin.CHAT, at=now())


def a_code_in_a_text(world: Evidence) -> None:
    world.ledger.every_code.add("481516")
    change("UPDATE bot_inboundevent SET text = 'my code is 481516'")


def a_token_in_a_log(world: Evidence) -> None:
    log = world.ledger._path.with_name("worker.log")
    log.write_text("sent with Bearer 0123456789abcdef\n")
    world.files, world.secrets = [log], ["0123456789abcdef"]


def an_inspection_that_nobody_told_of(world: Evidence) -> None:
    InspectionFactory()


def a_forgotten_lease(world: Evidence) -> None:
    change("UPDATE bot_conversation SET lease_until = now() - interval '2 minutes'")


def a_long_transaction(world: Evidence) -> None:
    world.longest = 60.0


BREAKAGES: dict[Callable[[Evidence], None], str] = {
    lost: "I1",
    a_lost_status: "I1",
    set_aside: "I1",
    kept_twice: "I2",
    not_answered: "I3",
    two_turns_for_one: "I4",
    no_reply: "I4",
    answered_the_wrong_way_round: "I5",
    arrived_the_wrong_way_round: "I5",
    sent_twice: "I6",
    sent_by_nobody: "I6",
    never_sent: "I6",
    sent_too_late: "I7",
    sent_too_late_by_the_moved_clock: "I7",
    a_reminder_of_what_was_cancelled: "I8",
    a_place_given_twice: "I9",
    a_link_without_proof: "I10",
    a_code_in_a_text: "I11",
    a_token_in_a_log: "I11",
    an_inspection_that_nobody_told_of: "I12",
    a_forgotten_lease: "I13",
    a_long_transaction: "I14",
}


@pytest.mark.parametrize("breaks", BREAKAGES, ids=lambda breaks: breaks.__name__)
def test_what_is_broken_is_found(world: Evidence, breaks: Callable[[Evidence], None]) -> None:
    breaks(world)
    assert BREAKAGES[breaks] in {line.split()[0] for line in broken(world)}


def test_every_invariant_has_been_seen_to_fail() -> None:
    assert set(BREAKAGES.values()) == set(ALL)
