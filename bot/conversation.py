"""Conversations are claimed, each with all its pending messages, and answered in order: a turn per message.

Claiming the conversation, not the message, is what keeps the order; SKIP LOCKED lets workers pass each other.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from bot import inbox, turn
from bot.models import Conversation, InboundEvent, InboundState
from bot.said import Said, said
from bot.scripts import Person
from inspector_whatsapp import clock, doorbell, incidents, outbox
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Contact, Link, User
from inspector_whatsapp.words import Reader, say
from linking import challenges

logger = logging.getLogger(__name__)

TOGETHER = 20  # conversations per transaction
LEASE = 45  # seconds, by PostgreSQL's real time
MOST_ATTEMPTS = 5  # of one message; then it is set aside, and the chat goes on
RETRIES = 3  # of a transaction that PostgreSQL gave up (deadlock, serialization)

_CLAIM = f"""
UPDATE bot_conversation SET lease_until = now() + interval '{LEASE} seconds', lease_token = %s
WHERE id IN (
    SELECT id FROM bot_conversation
    WHERE pending_since IS NOT NULL AND slow = %s AND (lease_until IS NULL OR lease_until < now())
    ORDER BY pending_since LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""  # noqa: S608 - a constant of ours


@dataclass(frozen=True)
class Claim:
    """Conversations that are ours until the lease runs out."""

    token: uuid.UUID
    ids: tuple[int, ...]


def drain() -> int:
    """Answer until nobody waits; how many conversations were claimed. Several may run at once."""
    answered = 0
    while claimed := claim(slow=False, most=TOGETHER):
        _answer(claimed)
        answered += len(claimed.ids)
    return answered


def drain_slow() -> int:
    """Do what has to be found out before a turn, for whoever waits for it; then let the turn go on."""
    done = 0
    while claimed := claim(slow=True, most=1):
        find_out(claimed)
        done += 1
    return done


def claim(*, slow: bool, most: int) -> Claim | None:
    """Take conversations with work, and count the attempt on their messages: committed before the work."""
    token = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [token, slow, most])
        ids = tuple(row[0] for row in cursor.fetchall())
        if ids:
            pending = InboundEvent.objects.filter(conversation__in=ids, state=InboundState.PENDING)
            pending.update(attempts=F("attempts") + 1)
    return Claim(token, ids) if ids else None


def _answer(claimed: Claim) -> None:
    """All claimed conversations in one transaction; if that fails, each in its own."""
    suspicious = InboundEvent.objects.filter(
        conversation__in=claimed.ids, state=InboundState.PENDING, attempts__gt=1
    )
    if len(claimed.ids) > 1 and not suspicious.exists():
        try:
            _in_a_transaction(lambda: _turns(claimed, claimed.ids))
            return
        except Exception:
            logger.info("a batch of turns failed; each conversation goes alone")
    for id in claimed.ids:
        _answer_alone(claimed, id)


def _answer_alone(claimed: Claim, id: int) -> None:
    """One conversation; a message that fails changes nothing, is kept with its error, and gets a sentence."""
    while True:
        try:
            _in_a_transaction(lambda: _turns(claimed, [id], one_by_one=True))
            return
        except _Failed as failed:
            logger.error("turn of inbound %s failed", failed.event.pk, exc_info=failed.__cause__)
            _in_a_transaction(partial(_give_up, failed.event, type(failed.__cause__).__name__))


class _Failed(Exception):
    """A turn raised; its cause is what it raised."""

    def __init__(self, event: InboundEvent) -> None:
        super().__init__()
        self.event = event


def _in_a_transaction(work: Callable[[], None]) -> None:
    """Run `work` in a transaction; again when PostgreSQL gave it up for another's sake."""
    for attempt in range(RETRIES):
        try:
            with transaction.atomic():
                work()
            return
        except OperationalError as error:
            given_up = getattr(error.__cause__, "sqlstate", "") in ("40001", "40P01")
            if not given_up or attempt == RETRIES - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))


def _turns(claimed: Claim, ids: Sequence[int], *, one_by_one: bool = False) -> None:
    """The turns of these conversations, as far as the lease holds; replies and marks are written together."""
    talks = list(
        Conversation.objects.select_for_update(of=("self",))
        .filter(pk__in=ids, lease_token=claimed.token)
        .select_related("contact")
        .order_by("pk")
    )
    if not talks:
        return
    now = clock.now()
    accounts = _accounts(talks)
    waiting = _pending(talks)
    outgoing: list[outbox.Outgoing] = []
    done: list[InboundEvent] = []
    for talk in talks:
        talk.slow = False
        for place, event in enumerate(waiting.get(talk.pk, [])):
            if place:  # the turn before may have linked, unlinked or switched
                accounts.pop(talk.contact_id, None)
                accounts.update(_accounts([talk]))
            if event.attempts > MOST_ATTEMPTS:
                _quarantine(event, "its turn never came to an end")
                continue
            try:
                reply = _turn(talk, event, accounts.get(talk.contact_id), now)
            except Exception as error:
                if one_by_one:
                    raise _Failed(event) from error
                raise
            if isinstance(reply, turn.Before):
                talk.slow = True
                break
            done.append(event)
            if reply.message is not None:
                outgoing.append(_outgoing(talk, event, reply.message))
        talk.lease_until = talk.lease_token = None
        if not talk.slow:
            talk.pending_since = None
    _write(talks, done, outgoing, now)


def _turn(
    talk: Conversation, event: InboundEvent, account: User | None, now: datetime
) -> turn.Reply | turn.Before:
    message = said(event)
    person = person_of(talk, account, now, wamid=event.provider_id)
    reply = turn.take(talk, person, message)
    if isinstance(reply, turn.Reply):
        if _looks_like_a_code(message, account):
            inbox.redact(event)
        talk.turned_at = now
        talk.turns += 1
    return reply


def _looks_like_a_code(message: Said, account: User | None) -> bool:
    """Six digits alone from somebody who is not linked are treated as a code at any time."""
    return account is None and not message.tap and challenges.code_in(message.text) is not None


def person_of(talk: Conversation, account: User | None, now: datetime, *, wamid: str = "") -> Person:
    """Who is talking, and how they read."""
    contact = talk.contact
    language = contact.language or (account.language if account else "") or "en"
    zone = account.time_zone if account else settings.TIME_ZONE
    return Person(contact, account, now, Reader(language=language, zone=zone), wamid=wamid, wish=talk.wish)


def _accounts(talks: Sequence[Conversation]) -> dict[int, User]:
    """The account that each contact currently speaks for."""
    current = Link.objects.filter(contact__in=[talk.contact_id for talk in talks], current=True)
    return {
        link.contact_id: link.account
        for link in current.select_related("account")
        if link.account.is_active and not link.account.is_staff
    }


def _pending(talks: Sequence[Conversation]) -> dict[int, list[InboundEvent]]:
    """What waits for an answer, by Meta's time and then arrival."""
    found: dict[int, list[InboundEvent]] = {}
    rows = InboundEvent.objects.filter(conversation__in=talks, state=InboundState.PENDING)
    for event in rows.order_by("said_at", "pk"):
        assert event.conversation_id is not None
        found.setdefault(event.conversation_id, []).append(event)
    return found


def _outgoing(talk: Conversation, event: InboundEvent, message: cloud.Message) -> outbox.Outgoing:
    body = cloud.payload(message)
    return outbox.Outgoing(
        kind="reply",
        channel="whatsapp",
        contact=talk.contact,
        body=body,
        text=cloud.plain(body),
        key=f"reply:{event.pk}",
    )


def _write(
    talks: Sequence[Conversation],
    done: Sequence[InboundEvent],
    outgoing: Sequence[outbox.Outgoing],
    now: datetime,
) -> None:
    Conversation.objects.bulk_update(
        talks,
        [
            *("flow", "argument", "answers", "shown", "aside", "wish", "turned_at", "turns"),
            *("slow", "pending_since", "lease_until", "lease_token"),
        ],
    )
    InboundEvent.objects.filter(pk__in=[event.pk for event in done]).update(
        state=InboundState.DONE, done_at=now
    )
    outbox.add_all(outgoing, now=now)
    if any(talk.slow for talk in talks):
        doorbell.ring_on_commit(doorbell.SLOW)
    # A message may have come in while these were answered: its conversation still has work.
    late = InboundEvent.objects.filter(conversation__in=talks, state=InboundState.PENDING)
    Conversation.objects.filter(pk__in=late.values("conversation"), pending_since=None).update(
        pending_since=clock.Now()
    )


def _give_up(event: InboundEvent, why: str) -> None:
    """A turn that failed: nothing of it is kept but this, and one plain sentence is said."""
    _quarantine(event, why)
    if event.contact is None:
        return
    outbox.add(
        outbox.Outgoing(
            kind="reply",
            channel="whatsapp",
            contact=event.contact,
            body=cloud.payload(cloud.Text(_sorry(event.contact))),
            key=f"reply:{event.pk}",
        )
    )


def _sorry(contact: Contact) -> str:
    words = say(_("Something went wrong on our side with that message. Please try again, or type *menu*."))
    return words.put(Reader(language=contact.language or "en"))


def _quarantine(event: InboundEvent, why: str) -> None:
    InboundEvent.objects.filter(pk=event.pk).update(
        state=InboundState.QUARANTINED, error=why[:300], done_at=clock.Now()
    )
    incidents.report("message_quarantined", key=str(event.pk), sentence=f"Inbound {event.pk}: {why}.")


def _keep_result(event: InboundEvent, result: Any) -> None:
    """Keep what was found out, and no longer the words it was found from: they were secret."""
    InboundEvent.objects.filter(pk=event.pk).update(prepared={"result": result})
    inbox.redact(event)


def find_out(claimed: Claim) -> None:
    """What has to be known before the turn of a conversation's first message; kept on its row."""
    talk = Conversation.objects.select_related("contact").get(pk=claimed.ids[0])
    event = next(iter(_pending([talk]).get(talk.pk, [])), None)
    if event is not None and event.attempts <= MOST_ATTEMPTS:
        person = person_of(talk, _accounts([talk]).get(talk.contact_id), clock.now())
        with transaction.atomic():  # only to find the question: nothing of it is kept
            needed = turn.take(talk, person, said(event))
            transaction.set_rollback(True)
        if isinstance(needed, turn.Before):
            needed.find_out(partial(_keep_result, event))
    Conversation.objects.filter(pk=talk.pk, lease_token=claimed.token).update(
        slow=False, lease_until=None, lease_token=None
    )
    doorbell.ring(doorbell.INBOX)
