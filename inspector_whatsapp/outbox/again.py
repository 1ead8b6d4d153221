"""Saying something once more, in a row of its own: the first has left and did not arrive, or may not have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from inspector_whatsapp import clock, doorbell
from inspector_whatsapp.models import OutboxMessage, User
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox.story import Step, entries

AGAIN = (Status.FAILED, Status.UNCERTAIN, Status.WITHHELD)  # what a person may have said once more
LONGEST_KEY = 160  # characters, as the column has them


class CannotRetry(Exception):
    """It is under way, has arrived, or is of no use any more."""


def retry(message: OutboxMessage, *, actor: User) -> OutboxMessage:
    """An admin wants it said once more; asked for again, the same row. Raises CannotRetry."""
    with transaction.atomic():
        now = clock.now()
        message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        over = message.expires_at is not None and message.expires_at <= now
        if message.status not in AGAIN or over:
            raise CannotRetry(message.status)
        steps = [Step("trigger", f"said again for admin {actor.pk}: message {message.pk} did not arrive")]
        uncertain = message.status == Status.UNCERTAIN
        say_again(message, now=now, not_before=now, steps=steps, may_repeat=uncertain)
        return OutboxMessage.objects.get(key=_key(message))


def say_again(
    message: OutboxMessage,
    *,
    now: datetime,
    not_before: datetime,
    steps: Sequence[Step],
    arguments: dict[str, Any] | None = None,
    attempts: int = 0,
    may_repeat: bool = False,
) -> None:
    """Write `message` anew, once. may_repeat: the first one may have arrived, and the row says so."""
    row = OutboxMessage(
        kind=message.kind,
        channel=message.channel,
        contact_id=message.contact_id,
        account_id=message.account_id,
        lane=message.lane,
        key=_key(message),
        category=message.category,
        priority=message.priority,
        cause_id=message.cause_id,
        arguments=message.arguments if arguments is None else arguments,
        body=message.body,
        text=message.text,
        story=entries(steps, at=now),
        created_at=now,
        not_before=not_before,
        expires_at=message.expires_at,
        attempts=attempts,
        put_off=message.put_off,
        if_uncertain=message.if_uncertain,
        repeats=message if may_repeat else None,
    )
    OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
    doorbell.ring_on_commit(doorbell.OUTBOX)


def _key(message: OutboxMessage) -> str:
    """Made of the first one's, so that all are known for the same, however often it is said again; of its
    number where that is too long."""
    first, _again, _number = (message.key or f"outbox:{message.pk}").partition(":again:")
    key = f"{first}:again:{message.pk}"
    return key if len(key) <= LONGEST_KEY else f"outbox:{message.pk}:again"
