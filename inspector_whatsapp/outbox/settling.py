"""What became of a message, from the channel's answer."""

import logging
import random
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet

from inspector_whatsapp import clock, deadlocks, incidents
from inspector_whatsapp.cloud_api.errors import CloudError
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox.adding import Outgoing, add_all
from inspector_whatsapp.outbox.channel import (
    Held,
    NotAllowed,
    OptedOut,
    Receipt,
    Refused,
    TryLater,
    Uncertain,
    Unreachable,
    WindowClosed,
    by_name,
)
from inspector_whatsapp.outbox.story import Step, told

logger = logging.getLogger(__name__)

_Rows = QuerySet[OutboxMessage, OutboxMessage]

BACK_OFF = (10, 60, 300, 900, 3600, 3 * 3600)  # seconds, ± 20 %
NOT_ALLOWED_PAUSE = 60  # seconds until a channel that was shut is tried again


def settle(landed: Sequence[tuple[OutboxMessage, "Future[Receipt]"]]) -> None:
    """Record what the channels answered; accepted ones in one statement."""
    accepted: list[tuple[OutboxMessage, Receipt]] = []
    for message, future in landed:
        try:
            accepted.append((message, future.result()))
        except Exception as error:
            deadlocks.retried(partial(_settle_failure, message, error))
    if not accepted:
        return
    deadlocks.retried(partial(_accept, accepted))
    for message, receipt in accepted:
        if receipt.uploaded:
            by_name(message.channel).uploaded(receipt.uploaded)


def _accept(accepted: Sequence[tuple[OutboxMessage, Receipt]]) -> None:
    with connection.cursor() as cursor:
        # A status may have come before the answer did: then only the id is news. A lease that was lost
        # meanwhile has no token any more, and this write finds no row.
        cursor.execute(
            """
            UPDATE inspector_whatsapp_outboxmessage m SET
                status = CASE WHEN m.status = 'sending' THEN 'accepted' ELSE m.status END,
                provider_id = COALESCE(m.provider_id, answer.provider_id),
                accepted_at = COALESCE(m.accepted_at, clock_now()),
                lease_until = NULL, lease_token = NULL,
                reason = CASE WHEN m.status = 'sending' THEN '' ELSE m.reason END
            FROM unnest(%s::bigint[], %s::uuid[], %s::text[]) AS answer (id, token, provider_id)
            WHERE m.id = answer.id AND m.lease_token = answer.token
            """,
            [
                [message.pk for message, _ in accepted],
                [message.lease_token for message, _ in accepted],
                [receipt.provider_id for _, receipt in accepted],
            ],
        )


def _settle_failure(message: OutboxMessage, error: Exception) -> None:
    code = getattr(error, "code", None)
    reason = str(error)
    match error:
        case TryLater():
            _again(message, after=error.after, reason=reason, code=code)
        case NotAllowed():
            # The channel is shut, not the message at fault: its attempt does not count.
            _wait(message, seconds=NOT_ALLOWED_PAUSE, reason=reason, code=code, attempts=message.attempts - 1)
            incidents.report("channel_shut", key=message.channel, sentence=f"{message.channel}: {reason}")
        case WindowClosed() if not message.arguments.get("window_closed"):
            arguments = message.arguments | {"window_closed": True}
            _held(message).update(arguments=arguments)
            _wait(message, seconds=0, reason=reason, code=code)
        case Unreachable() | OptedOut() | Refused() | WindowClosed():
            give_up(message, error)
        case _:
            if not isinstance(error, Uncertain):  # it broke somewhere on the way: it may have left
                logger.error("message %s: %s while sending", message.pk, type(error).__name__, exc_info=error)
            why = (reason or type(error).__name__)[:500]
            _held(message).update(
                status=Status.UNCERTAIN,
                uncertain_at=clock.Now(),
                reason=why,
                error_code=code,
                story=told([Step("uncertain", why)], at=clock.now()),
                lease_until=None,
                lease_token=None,
            )


def _held(message: OutboxMessage) -> _Rows:
    """The row, if this claim still holds it."""
    return OutboxMessage.objects.filter(pk=message.pk, lease_token=message.lease_token, status=Status.SENDING)


def close(
    message: OutboxMessage,
    status: Status,
    reason: str,
    *,
    code: int | None = None,
    steps: Sequence[Step] = (),
    instead: Sequence[Outgoing] = (),
) -> None:
    """End a claimed message in `status`; `instead` is written in its place, in the same transaction."""
    now = clock.now()
    with transaction.atomic():
        ended = _held(message).update(
            status=status,
            reason=reason[:500],
            error_code=code,
            failed_at=now if status == Status.FAILED else None,
            story=told([*steps, Step(str(status), reason)], at=now),
            lease_until=None,
            lease_token=None,
        )
        if ended:
            add_all(instead, now=now)


def give_up(message: OutboxMessage, error: CloudError) -> None:
    """End a claimed message that will never be taken; what its channel has in its place is written."""
    with transaction.atomic():
        if _held(message).select_for_update().exists():
            instead = by_name(message.channel).gave_up(message, error)
            close(message, Status.FAILED, str(error), code=error.code, instead=instead)


def hold(message: OutboxMessage, held: Held) -> None:
    """Put a claimed message aside until later; its attempt does not count."""
    _held(message).update(
        status=Status.HELD,
        not_before=held.until,
        attempts=message.attempts - 1,
        reason=str(held)[:500],
        story=told(held.steps, at=clock.now()),
        lease_until=None,
        lease_token=None,
    )


def put_back(message: OutboxMessage, reason: str) -> None:
    """A claimed message that has not left, through no fault of its own, is tried again by the table."""
    _again(message, after=None, reason=reason, code=None)


def _again(message: OutboxMessage, *, after: float | None, reason: str, code: int | None) -> None:
    """Try again by the table of back-offs, or give up when it is exhausted or too late."""
    if message.attempts > len(BACK_OFF):
        close(message, Status.FAILED, reason, code=code)
        return
    planned = BACK_OFF[message.attempts - 1] * random.uniform(0.8, 1.2)
    _wait(message, seconds=max(after or 0, planned), reason=reason, code=code)


def _wait(
    message: OutboxMessage, *, seconds: float, reason: str, code: int | None, attempts: int | None = None
) -> None:
    again = clock.now() + timedelta(seconds=seconds)
    if message.expires_at is not None and again >= message.expires_at:
        close(message, Status.EXPIRED, f"too late to be of use; last: {reason}", code=code)
        return
    _held(message).update(
        status=Status.WAITING,
        not_before=again,
        attempts=message.attempts if attempts is None else attempts,
        reason=reason[:500],
        story=told([Step("attempt", reason)], at=clock.now()),
        error_code=code,
        lease_until=None,
        lease_token=None,
    )
