"""Claim what is due, send it from threads that touch no database, record what became of it."""

import logging
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache

from django.db import InterfaceError, OperationalError, connection, transaction

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import settling
from inspector_whatsapp.outbox.channel import Held, Receipt, Withheld, by_name
from inspector_whatsapp.outbox.story import told

logger = logging.getLogger(__name__)

IN_FLIGHT = 32  # messages one drain has on the way at once
THREADS = 128  # of a process: four drains side by side
LEASE = 120  # seconds; longer than a photo's upload and two tries at its message, each cut off after 20

# A message waits for those before it in its lane, unless they wait for longer than a minute themselves:
# the answers of one chat stay in order, and a notification that is tried again hours later stops nobody.
# MATERIALIZED: a subquery PostgreSQL may run again for each row, and lock more than the limit each time.
# The clock is asked by a subquery, which runs once and not for each row.
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT due.id FROM inspector_whatsapp_outboxmessage due
    WHERE due.status IN ('pending', 'waiting', 'held') AND due.not_before <= (SELECT clock_now())
      AND NOT EXISTS (
        SELECT 1 FROM inspector_whatsapp_outboxmessage ahead
        WHERE ahead.lane = due.lane AND ahead.id < due.id
          AND ahead.status IN ('pending', 'waiting', 'held', 'sending')
          AND (ahead.status = 'sending'
               OR ahead.not_before <= (SELECT clock_now() + interval '60 seconds')))
    ORDER BY due.not_before, due.id
    LIMIT %s FOR UPDATE SKIP LOCKED)
UPDATE inspector_whatsapp_outboxmessage message SET status = 'sending', attempts = attempts + 1,
    lease_until = now() + interval '{LEASE} seconds', lease_token = gen_random_uuid()
FROM due WHERE message.id = due.id
RETURNING message.id
"""  # noqa: S608 - a constant of ours


def claim(most: int) -> list[OutboxMessage]:
    """Take up to `most` due messages, one per lane, under a lease. Committed when this returns."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [most])
        taken = [row[0] for row in cursor.fetchall()]
    if not taken:
        return []
    return list(
        OutboxMessage.objects.filter(pk__in=taken)
        .select_related("contact", "account", "cause")
        .order_by("not_before", "pk")
    )


def drain() -> int:
    """Send until nothing is due; how many were claimed. Several may run at once."""
    sent = 0
    flying: dict[Future[Receipt], OutboxMessage] = {}
    while True:
        claimed = claim(IN_FLIGHT - len(flying)) if len(flying) < IN_FLIGHT else []
        sent += len(claimed)
        for message in claimed:
            _start(message, flying)
        if not flying and not claimed:
            return sent
        # Short, so that a slow one in flight keeps nobody waiting who has become due meanwhile.
        landed = wait(flying, timeout=0.1, return_when=FIRST_COMPLETED).done
        settling.settle([(flying.pop(future), future) for future in landed])


@cache
def _threads() -> ThreadPoolExecutor:
    """The threads of this process that send. They stay, and with them their connections to Meta."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="sender")


def _start(message: OutboxMessage, flying: dict[Future[Receipt], OutboxMessage]) -> None:
    """Put a claimed message into its channel's form and send it off, or say why it stays."""
    now = clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        settling.close(message, Status.EXPIRED, "too late to be of use")
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
        flying[_threads().submit(sending.send)] = message
