"""Taking what is due, under a lease: the urgent ones first, one of a lane at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from inspector_whatsapp import stopping
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Priority
from inspector_whatsapp.outbox.leases import LEASE

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
