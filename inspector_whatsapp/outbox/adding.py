"""Writing messages: in the transaction of what brought them about."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from inspector_whatsapp import clock, doorbell
from inspector_whatsapp.models import Change, Contact, OutboxMessage, User
from inspector_whatsapp.models.outbox import WAITING_STATES, Category, IfUncertain, Priority, Status
from inspector_whatsapp.outbox.story import Step, entries, told


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message to be written.

    kind: its name in KINDS, or "reply". channel: a name in CHANNELS. key: what must not be said twice.
    arguments: plain JSON from which the kind finds its words. body: the words, where they are known already.
    cause: the change that brings it about. steps: what was decided when it was written. lane: whose messages
    leave in order, where that is no person.
    """

    kind: str
    channel: str
    contact: Contact | None = None
    account: User | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    text: str = ""
    key: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    if_uncertain: IfUncertain = IfUncertain.RESEND
    category: Category = Category.SERVICE
    priority: Priority = Priority.NOW
    cause: Change | None = None
    steps: tuple[Step, ...] = ()
    lane: str = ""

    def row(self, now: datetime) -> OutboxMessage:
        people = {"contact": self.contact, "account": self.account, "cause": self.cause}
        return OutboxMessage(**self.columns(now) | people)

    def columns(self, now: datetime) -> dict[str, Any]:
        """What is written of it; the other columns begin as every message's."""
        return {
            "kind": self.kind,
            "channel": self.channel,
            "contact_id": self.contact.pk if self.contact else None,
            "account_id": self.account.pk if self.account else None,
            "lane": self.lane or self._lane_of_person,
            "arguments": self.arguments,
            "body": self.body,
            "text": str(self.text),
            "key": self.key,
            "created_at": now,
            "not_before": self.not_before or now,
            "expires_at": self.expires_at,
            "if_uncertain": self.if_uncertain,
            "category": self.category,
            "priority": self.priority,
            "cause_id": self.cause.pk if self.cause else None,
            "story": entries(self.steps, at=now),
        }

    @property
    def _lane_of_person(self) -> str:
        if self.contact is not None:
            return f"{self.channel}:contact:{self.contact.pk}"
        return f"{self.channel}:account:{self.account.pk if self.account else 0}"


# As one value: to spell out thirty columns for each row takes longer than PostgreSQL takes to write it.
_WRITE = """
INSERT INTO inspector_whatsapp_outboxmessage (
    kind, channel, contact_id, account_id, lane, arguments, body, text, key, created_at, not_before,
    expires_at, if_uncertain, category, priority, cause_id, story,
    status, reason, attempts, put_off, price_category, counted)
SELECT kind, channel, contact_id, account_id, lane, arguments, body, text, key, created_at, not_before,
    expires_at, if_uncertain, category, priority, cause_id, story, 'pending', '', 0, 0, '', false
FROM jsonb_to_recordset(%s::jsonb) AS message (
    kind text, channel text, contact_id bigint, account_id bigint, lane text, arguments jsonb, body jsonb,
    text text, key text, created_at timestamptz, not_before timestamptz, expires_at timestamptz,
    if_uncertain text, category text, priority int, cause_id bigint, story jsonb)
ON CONFLICT DO NOTHING
"""


def add(message: Outgoing) -> None:
    """Write one message; nothing happens if its key has been written before."""
    add_all([message])


def add_all(messages: Iterable[Outgoing], *, now: datetime | None = None) -> None:
    """Write messages in one statement, and ring once they can be seen. Keys written before are left out."""
    found = list(messages)
    if not found:
        return
    moment = now or clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps([message.columns(moment) for message in found], default=_in_json)])
    doorbell.ring_on_commit(doorbell.OUTBOX)


def _in_json(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")


class HasLeft(Exception):
    """It cannot be stopped any more."""


def cancel(message: OutboxMessage, *, actor: User) -> bool:
    """An admin stops it; False when it was stopped already. Raises HasLeft."""
    if withhold(Q(pk=message.pk), why=f"admin {actor.pk} stopped it"):
        return True
    if OutboxMessage.objects.get(pk=message.pk).status != Status.WITHHELD:
        raise HasLeft
    return False


def withhold(which: Q, *, why: str) -> int:
    """Stop messages that have not left yet; how many. One that is being sent is checked by its channel."""
    return OutboxMessage.objects.filter(which, status__in=WAITING_STATES).update(
        status=Status.WITHHELD, reason=why, story=told([Step("withheld", why)], at=clock.now())
    )
