"""Claim what is due, send it from threads that touch no database, record what became of it."""

import logging
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from inspector_whatsapp import clock, incidents, stopping
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority, Status
from inspector_whatsapp.outbox import circuit, settling
from inspector_whatsapp.outbox.channel import Held, Receipt, Withheld, by_name
from inspector_whatsapp.outbox.leases import LEASE, Renewal
from inspector_whatsapp.outbox.story import Step, told

logger = logging.getLogger(__name__)

PLACES = 16  # messages one drain has on the way at once by each channel: none waits for another
BULK = 0.75  # of a channel's places may be taken by what is many at once: an answer always finds one free
THREADS = 64  # of a process and channel: four drains side by side

# A message waits for those of its lane that are more urgent, or as urgent and older, unless they wait for
# longer than a minute themselves: the answers of one chat stay in order, and a notification that is tried
# again hours later stops nobody. Where a channel keeps its order they wait for as long as it takes. While one
# of a lane is on its way no other is claimed.
# MATERIALIZED: a subquery PostgreSQL may run again for each row, and lock more than the limit each time.
# The clock is asked by a subquery, which runs once and not for each row. Whoever is ahead is looked for by a
# scalar subquery: what is written as NOT EXISTS may become a join that reads all that waits. By channel and
# priority one index gives the rows in their order, so a claim reads no more than it takes.
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT taken.id
    FROM unnest(%s::text[], %s::int[], %s::int[], %s::bool[]) AS place (channel, most, bulk, in_order),
    LATERAL (
        SELECT found.id FROM (VALUES (0), (1), (2)) AS turn (priority),
        LATERAL (
            SELECT due.id FROM inspector_whatsapp_outboxmessage due
            WHERE due.channel = place.channel AND due.priority = turn.priority
              AND due.status IN ('pending', 'waiting', 'held')
              AND due.not_before <= (SELECT clock_now())
              AND (
                SELECT true FROM inspector_whatsapp_outboxmessage ahead
                WHERE ahead.lane = due.lane AND ahead.id <> due.id
                  AND ahead.status IN ('pending', 'waiting', 'held', 'sending')
                  AND (ahead.status = 'sending'
                       OR (ahead.priority, ahead.id) < (due.priority, due.id)
                          AND (place.in_order
                               OR ahead.not_before <= (SELECT clock_now() + interval '60 seconds')))
                LIMIT 1) IS NULL
            ORDER BY due.not_before, due.id
            LIMIT CASE turn.priority WHEN {Priority.BULK:d} THEN place.bulk ELSE place.most END
            FOR UPDATE SKIP LOCKED) AS found
        LIMIT place.most) AS taken)
UPDATE inspector_whatsapp_outboxmessage message SET status = 'sending', attempts = attempts + 1,
    lease_until = now() + interval '{LEASE} seconds', lease_token = gen_random_uuid()
FROM due WHERE message.id = due.id
RETURNING message.id
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True)
class Room:
    """How many messages of a channel may be claimed, and how many of them of those that are many at once.

    in_order: whether those of a lane wait for each other however long that takes.
    """

    channel: str
    most: int
    bulk: int
    in_order: bool = False


def claim(rooms: Sequence[Room]) -> list[OutboxMessage]:
    """Take due messages, one per lane, the urgent ones first, under a lease. Committed when this returns."""
    if stopping.is_told() or not any(room.most for room in rooms):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            [
                [room.channel for room in rooms],
                [room.most for room in rooms],
                [room.bulk for room in rooms],
                [room.in_order for room in rooms],
            ],
        )
        taken = [row[0] for row in cursor.fetchall()]
    if not taken:
        return []
    crash_point("messages_claimed")
    return list(
        OutboxMessage.objects.filter(pk__in=taken)
        .select_related("contact", "account", "cause")
        .order_by("priority", "not_before", "pk")
    )


_Flying = dict[Future[Receipt], OutboxMessage]
_Shut = dict[circuit.Scope, circuit.Shut]


def drain() -> int:
    """Send until nothing is due; how many were claimed. Several may run at once."""
    sent = 0
    flying: _Flying = {}
    renewal = Renewal()
    while True:
        shut = circuit.shut()
        claimed = claim([_room(channel, flying, shut) for channel in settings.CHANNELS])
        sent += len(claimed)
        for message in claimed:
            _start(message, flying, shut)
        if not flying and not claimed:
            return sent
        # Short, so that a slow one in flight keeps nobody waiting who has become due meanwhile.
        landed = wait(flying, timeout=0.1, return_when=FIRST_COMPLETED).done
        settling.settle([(flying.pop(future), future) for future in landed])
        renewal.look(flying.values())


def _room(channel: str, flying: _Flying, shut: _Shut) -> Room:
    """What this drain may claim of a channel: nothing while it is shut, then one to find out."""
    in_order = by_name(channel).in_order
    state = shut.get((channel, ""))
    if state is not None:
        probes = 0 if state.resting else 1
        return Room(channel, most=probes, bulk=probes, in_order=in_order)
    ours = [message for message in flying.values() if message.channel == channel]
    bulk = sum(message.priority == Priority.BULK for message in ours)
    most, of_bulk = PLACES - len(ours), max(int(PLACES * BULK) - bulk, 0)
    return Room(channel, most=most, bulk=of_bulk, in_order=in_order)


@cache
def _threads(channel: str) -> ThreadPoolExecutor:
    """The threads of this process that send by a channel. They stay, and with them their connections."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix=f"{channel}-sender")


def _start(message: OutboxMessage, flying: _Flying, shut: _Shut) -> None:
    """Put a claimed message into its channel's form and send it off, or say why it stays."""
    now = clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        settling.expire(message, waited=(message.channel, "") in shut)
        return
    if (state := _in_the_way(message, shut)) is not None:
        settling.hold(message, _until_open(state, now=now), status=Status.WAITING)
        return
    try:
        with transaction.atomic():
            sending = by_name(message.channel).prepare(message, now=now)
            OutboxMessage.objects.filter(pk=message.pk).update(
                body=sending.body, text=sending.text, story=told(sending.steps, at=now)
            )
    except Held as until:
        settling.hold(message, until)
    except Withheld as why:
        settling.close(message, why.status, str(why), steps=why.steps, instead=why.instead, then=why.then)
    except (OperationalError, InterfaceError) as error:
        # PostgreSQL's trouble, not the message's; and nothing has left.
        settling.put_back(message, f"could not be prepared: {type(error).__name__}")
    except Exception as error:
        # A row that cannot be put into words would fail for ever; a person must look.
        logger.exception("message %s could not be prepared", message.pk)
        settling.close(message, Status.FAILED, f"could not be prepared: {type(error).__name__}")
        incidents.report(
            "message_not_prepared", key=message.kind, sentence=f"Message {message.pk} could not be prepared."
        )
    else:
        crash_point("message_prepared")
        flying[_threads(message.channel).submit(sending.send)] = message


def _in_the_way(message: OutboxMessage, shut: _Shut) -> circuit.Shut | None:
    """What keeps a claimed message here: its channel or its category is shut, and it is not the probe."""
    for scope in ((message.channel, ""), (message.channel, message.category)):
        state = shut.get(scope)
        if state is not None and not circuit.probes(state, message):
            return state
    return None


def _until_open(state: circuit.Shut, *, now: datetime) -> Held:
    """Until the next probe, or until the one under way should have landed."""
    why = f"the channel is shut: {state.why}"
    until = max(state.until, now + circuit.PROBED_SOON)
    return Held(why, until=until, steps=[Step(settling.SHUT, why)])
