"""Conversations are claimed, each with all its pending messages, and answered in order: a turn per message.

Claiming the conversation, not the message, is what keeps the order; SKIP LOCKED lets workers pass each other.
"""

import json
import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from structlog.contextvars import bound_contextvars

from bot import floods, redacting, replies, speakers, turn
from bot.models import Conversation, InboundEvent, InboundState
from bot.said import said
from bot.speakers import Speaker
from inspector_whatsapp import clock, deadlocks, doorbell, incidents, outbox, stopping
from inspector_whatsapp.alone import OneAtATime
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import Contact
from inspector_whatsapp.prepared import Among, Given, Prepared
from inspector_whatsapp.words import Reader, say

logger = logging.getLogger(__name__)

TOGETHER = 20  # conversations per transaction
MOST_TURNS = 20  # of one conversation per transaction: somebody who floods us keeps nobody else waiting
ENOUGH = 0.5  # seconds after which a transaction is ended, with everybody's next messages left for another
# Seconds, by PostgreSQL's real time. Turns hold the lock of their conversations besides, so that a lease may
# run out under them; what is found out before a turn takes its time, and holds nothing.
LEASE, SLOW_LEASE = 20, 45
MOST_ATTEMPTS = 5  # of one message; then it is set aside, and the chat goes on

# MATERIALIZED: a subquery PostgreSQL may run again for each row, and lock more than the limit each time.
# The attempt is that of the message whose turn is next: those behind it have done nothing yet.
_CLAIM = """
WITH waiting AS MATERIALIZED (
    SELECT id FROM bot_conversation
    WHERE pending_since IS NOT NULL AND slow = %s AND (lease_until IS NULL OR lease_until < now())
    ORDER BY pending_since LIMIT %s FOR UPDATE SKIP LOCKED),
claimed AS (
    UPDATE bot_conversation talk SET lease_until = now() + %s * interval '1 second', lease_token = %s
    FROM waiting WHERE talk.id = waiting.id
    RETURNING talk.id),
counted AS (
    UPDATE bot_inboundevent SET attempts = attempts + 1
    WHERE id IN (
        SELECT next.id FROM claimed CROSS JOIN LATERAL (
            SELECT id FROM bot_inboundevent
            WHERE conversation_id = claimed.id AND state = 'pending'
            ORDER BY said_at, id LIMIT 1) next)
    RETURNING id, conversation_id, attempts)
SELECT claimed.id, counted.id, counted.attempts
FROM claimed LEFT JOIN counted ON counted.conversation_id = claimed.id
"""


@dataclass(frozen=True)
class Claim:
    """Conversations that are ours until the lease runs out.

    tried: the message whose turn is next was tried before, and may have killed its worker.
    """

    token: uuid.UUID
    ids: tuple[int, ...]
    tried: bool = False


@OneAtATime
def drain() -> int:
    """Answer until nobody waits; how many conversations were claimed. Several processes may be at it."""
    answered = 0
    while not stopping.is_told() and (claimed := claim(slow=False, most=TOGETHER)):
        crash_point("conversation_claimed")
        _answer(claimed)
        answered += len(claimed.ids)
    return answered


def drain_slow() -> int:
    """Do what has to be found out before a turn, for whoever waits for it; then let the turn go on."""
    done = 0
    while not stopping.is_told() and (claimed := claim(slow=True, most=1)):
        find_out(claimed)
        done += 1
    return done


def claim(*, slow: bool, most: int) -> Claim | None:
    """Take conversations with work, and count the attempt on their next message: committed before the work.

    One whose message was tried before is taken alone: should it kill this worker too, the others live.
    """
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [slow, most, SLOW_LEASE if slow else LEASE, token])
        counted = cursor.fetchall()
    if not counted:
        return None
    ids = [talk for talk, _event, _attempts in counted]
    tried = next((talk for talk, _event, attempts in counted if attempts and attempts > 1), None)
    if tried is not None and len(ids) > 1:
        others = [(talk, event) for talk, event, _attempts in counted if talk != tried]
        with transaction.atomic():
            InboundEvent.objects.filter(pk__in=[event for _talk, event in others]).update(
                attempts=F("attempts") - 1
            )
            Conversation.objects.filter(pk__in=[talk for talk, _event in others]).update(
                lease_until=None, lease_token=None
            )
        ids = [tried]
    return Claim(token, tuple(ids), tried=tried is not None)


def _answer(claimed: Claim) -> None:
    """All claimed conversations in one transaction; if that fails, each message in its own."""
    if not claimed.tried:
        try:
            deadlocks.retried(lambda: _turns(claimed, claimed.ids))
            return
        except Exception as error:
            logger.info("a batch of turns failed (%s); each message goes alone", type(error).__name__)
    for id in claimed.ids:
        _answer_alone(claimed, id)


def _answer_alone(claimed: Claim, id: int) -> None:
    """One conversation; a message that fails changes nothing, is kept with its error, and gets a sentence."""
    more = True
    while more:
        try:
            more = deadlocks.retried(lambda: _turns(claimed, [id], one_by_one=True))
        except _Failed as failed:
            _report(failed)


class _Failed(Exception):
    """A turn raised; its cause is what it raised."""

    def __init__(self, event: InboundEvent) -> None:
        super().__init__()
        self.event = event


def _about(event: InboundEvent) -> AbstractContextManager[None]:
    """What is logged meanwhile says whose turn it was."""
    return bound_contextvars(webhook=event.body_id, inbound=event.pk, conversation=event.conversation_id)


def _report(failed: _Failed) -> None:
    with _about(failed.event):
        logger.error("turn of inbound %s failed", failed.event.pk, exc_info=failed.__cause__)
    deadlocks.retried(partial(_give_up, failed.event, type(failed.__cause__).__name__))


_OURS = Prepared(
    # NO KEY: a message that comes in meanwhile only points at its conversation, and need not wait.
    lambda: (
        Conversation.objects.select_for_update(no_key=True, of=("self",))
        .filter(Among("pk", Given("ids")), lease_token=Given("token"))
        .select_related("contact")
        .annotate(now=clock.Now())
        .order_by("pk")
    )
)


def _turns(claimed: Claim, ids: Sequence[int], *, one_by_one: bool = False) -> bool:
    """The turns of these conversations, as far as the lease holds; replies and marks are written together.

    one_by_one: of one conversation the next message only, whose failure is raised as _Failed; True when
    there are more. That PostgreSQL is gone is no failure of the message's.
    """
    talks: list[Any] = _OURS.of(ids=list(ids), token=claimed.token)
    if not talks:
        return False
    now, began = talks[0].now, time.monotonic()
    waiting = _pending(talks)
    outgoing: list[outbox.Outgoing] = []
    done: list[InboundEvent] = []
    for talk in talks:
        talk.slow = False
    for place in range(1 if one_by_one else MOST_TURNS):
        # The next message of each: a turn may link, unlink or switch, so whose chats these are is read again.
        going = [talk for talk in talks if len(waiting.get(talk.pk, ())) > place and not talk.slow]
        # The first of each in any case: it is those whose attempt was counted.
        if not going or (place and time.monotonic() - began > ENOUGH):
            break
        talking = speakers.of(going)
        for talk in going:
            event = waiting[talk.pk][place]
            if event.attempts > MOST_ATTEMPTS:
                _give_up(event, "its turn never came to an end")
                continue
            with _about(event), _blaming(event if one_by_one else None):
                reply = _turn(talk, event, talking.get(talk.contact_id, speakers.NOBODY), now)
                if isinstance(reply, turn.Before):
                    talk.slow = True
                    continue
                outgoing = [*replies.unsettled(talk, outgoing), *replies.rows(talk, event, reply, now)]
            done.append(event)
            crash_point("turn_taken")
    more = one_by_one and any(len(waiting.get(talk.pk, ())) > 1 and not talk.slow for talk in talks)
    for talk in talks:
        if more:
            continue
        talk.lease_until = talk.lease_token = None
        if not talk.slow:
            talk.pending_since = None
    with _blaming(done[0] if one_by_one and done else None):
        _write(talks, done, outgoing, now)
    crash_point("turn_written")
    return more


@contextmanager
def _blaming(event: InboundEvent | None) -> Iterator[None]:
    """What goes wrong in the block is the failure of `event`, unless it is PostgreSQL's."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if event is None:
            raise
        raise _Failed(event) from error


def _turn(
    talk: Conversation, event: InboundEvent, speaker: Speaker, now: datetime
) -> turn.Reply | turn.Before:
    message = said(event)
    person = speakers.person(talk, speaker, now, event)
    reply = floods.notice(talk, person, event) or turn.take(talk, person, message)
    if isinstance(reply, turn.Reply):
        if not message.tap and redacting.is_secret(event, linked=speaker.account is not None, now=now):
            redacting.redact(event)
        talk.turned_at = now
        talk.turns += 1
    else:
        talk.minute_count -= 1  # its turn comes again
    return reply


_NEXT = Prepared(
    lambda: (
        InboundEvent.objects.filter(Among("conversation", Given("talks")), state=InboundState.PENDING)
        .annotate(place=Window(RowNumber(), partition_by="conversation", order_by=("said_at", "pk")))
        .filter(place__lte=MOST_TURNS)
        .order_by("said_at", "pk")
    )
)


def _pending(talks: Sequence[Conversation]) -> dict[int, list[InboundEvent]]:
    """What waits for an answer, by Meta's time, then arrival: MOST_TURNS of each conversation."""
    found: dict[int, list[InboundEvent]] = {}
    for event in _NEXT.of(talks=[talk.pk for talk in talks]):
        assert event.conversation_id is not None
        found.setdefault(event.conversation_id, []).append(event)
    return found


# What a turn may change. Said once for all rows; the table says what each column is.
_KEPT = (
    *(
        "account_id",
        "flow",
        "argument",
        "answers",
        "shown",
        "aside",
        "wish",
        "understood",
        "turned_at",
        "turns",
    ),
    *("human_since", "human_until", "human_by_id", "minute_began_at", "minute_count", "settling"),
    *("slow", "lease_until", "lease_token"),
)
# More than MOST_TURNS: the conversation still has work, and goes to the end of the queue. What comes in while
# it is answered waits for its row, and says so afterwards.
_KEEP = f"""
UPDATE bot_conversation talk SET
    ({", ".join(_KEPT)}) = ({", ".join(f"new.{name}" for name in _KEPT)}),
    pending_since = COALESCE(new.pending_since, CASE WHEN EXISTS (
        SELECT FROM bot_inboundevent WHERE conversation_id = talk.id AND state = 'pending'
    ) THEN clock_now() END)
FROM jsonb_populate_recordset(NULL::bot_conversation, %s) new
WHERE talk.id = new.id
"""  # noqa: S608 - constants of ours


def _write(
    talks: Sequence[Conversation],
    done: Sequence[InboundEvent],
    outgoing: Sequence[outbox.Outgoing],
    now: datetime,
) -> None:
    InboundEvent.objects.filter(pk__in=[event.pk for event in done]).update(
        state=InboundState.DONE, done_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps([_row(talk) for talk in talks])])
    outbox.add_all(outgoing, now=now)
    if any(talk.slow for talk in talks):
        doorbell.ring_on_commit(doorbell.SLOW)


def _row(talk: Conversation) -> dict[str, Any]:
    values = {name: getattr(talk, name) for name in ("id", "pending_since", *_KEPT)}
    return {
        name: str(value) if isinstance(value, datetime | uuid.UUID) else value
        for name, value in values.items()
    }


def _give_up(event: InboundEvent, why: str) -> None:
    """A turn that failed: nothing of it is kept but this, and one plain sentence is said."""
    _quarantine(event, why)
    if event.contact is None:
        return
    words = _sorry(event.contact)
    outbox.add(
        outbox.Outgoing(
            kind="reply",
            channel="whatsapp",
            contact=event.contact,
            body=cloud.payload(cloud.Text(words)),
            text=words,
            key=f"reply:{event.pk}",
        )
    )


def _sorry(contact: Contact) -> str:
    words = say(_("Something went wrong on our side with that message. Please try again, or type *menu*."))
    return words.put(Reader(language=contact.language or "en"))


def _quarantine(event: InboundEvent, why: str) -> None:
    if redacting.is_secret(event, linked=False, now=clock.now()):
        redacting.redact(event)
    InboundEvent.objects.filter(pk=event.pk).update(
        state=InboundState.QUARANTINED, error=why[:300], done_at=clock.Now()
    )
    incidents.report("message_quarantined", key=str(event.pk), sentence=f"Inbound {event.pk}: {why}.")


def _keep_result(event: InboundEvent, result: Any, *, under: str, secret: bool) -> None:
    """Keep what was found out, and no longer the words it was found from, if they were secret.

    Finding out came to an end: it is no attempt at the turn, which is taken together with others again.
    """
    prepared = event.prepared | {under: result}
    InboundEvent.objects.filter(pk=event.pk).update(prepared=prepared, attempts=0)
    if secret:
        redacting.redact(event)


def find_out(claimed: Claim) -> None:
    """What has to be known before the turn of a conversation's first message; kept on its row."""
    ours = Conversation.objects.filter(pk__in=claimed.ids, lease_token=claimed.token)
    talk = ours.select_related("contact").first()
    event = next(iter(_pending([talk]).get(talk.pk, [])), None) if talk else None
    if talk is not None and event is not None and event.attempts <= MOST_ATTEMPTS:
        try:
            with _about(event), _blaming(event):
                _find_out(talk, event)
        except _Failed as failed:
            _report(failed)
    crash_point("found_out")
    ours.update(slow=False, lease_until=None, lease_token=None)
    doorbell.ring(doorbell.INBOX)


def _find_out(talk: Conversation, event: InboundEvent) -> None:
    speaker = speakers.of([talk]).get(talk.contact_id, speakers.NOBODY)
    person = speakers.person(talk, speaker, clock.now(), event)
    with transaction.atomic():  # only to find the question: nothing of it is kept
        needed = turn.take(talk, person, said(event))
        transaction.set_rollback(True)
    if isinstance(needed, turn.Before):
        found = needed.find_out
        found.run(partial(_keep_result, event, under=found.under, secret=found.secret))
