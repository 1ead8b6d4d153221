"""What became of a message: from the channel's answer, from Meta's statuses, or from nobody."""

import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from inspector_whatsapp import clock, deadlocks, incidents
from inspector_whatsapp.cloud_api.errors import CloudError, from_code
from inspector_whatsapp.cloud_api.events import StatusChanged
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import IfUncertain, Status
from inspector_whatsapp.outbox.adding import Outgoing, add, add_all
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
UNCERTAIN_GRACE = timedelta(minutes=10)  # a status that comes later than this is an exception
REPLY_GRACE = timedelta(minutes=2)  # somebody is waiting in the chat


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
    then: Callable[[], object] | None = None,
) -> None:
    """End a claimed message in `status`; `instead` is written, and `then` called, in the same transaction."""
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
        if not ended:
            return
        add_all(instead, now=now)
        if then is not None:
            then()


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


# A message only ever moves up the ladder.
_HEARD = """
UPDATE inspector_whatsapp_outboxmessage m SET
    status = CASE
        WHEN %(status)s = 'failed' AND m.status NOT IN ('delivered', 'read') THEN 'failed'
        WHEN rank.forward THEN %(status)s
        ELSE m.status END,
    provider_id = COALESCE(m.provider_id, %(wamid)s),
    sent_at = CASE WHEN %(status)s = 'sent' THEN COALESCE(m.sent_at, %(at)s) ELSE m.sent_at END,
    delivered_at = CASE WHEN %(status)s = 'delivered' THEN COALESCE(m.delivered_at, %(at)s)
                        ELSE m.delivered_at END,
    read_at = CASE WHEN %(status)s = 'read' THEN COALESCE(m.read_at, %(at)s) ELSE m.read_at END,
    failed_at = CASE WHEN %(status)s = 'failed' THEN COALESCE(m.failed_at, %(at)s) ELSE m.failed_at END,
    reason = CASE WHEN %(status)s = 'failed' AND m.status NOT IN ('delivered', 'read') THEN %(reason)s
                  WHEN rank.forward THEN ''
                  ELSE m.reason END,
    error_code = CASE WHEN %(status)s = 'failed' THEN %(code)s ELSE m.error_code END
FROM (
    SELECT own.id,
           -- A late `sent` does not undo `failed`; having been delivered does.
           COALESCE(array_position(ladder, %(status)s), 0)
             > CASE own.status WHEN 'failed' THEN 2
               ELSE COALESCE(array_position(ladder, own.status::text), 0) END
           AS forward
    FROM inspector_whatsapp_outboxmessage own,
         (VALUES (ARRAY['accepted', 'sent', 'delivered', 'read'])) AS known (ladder)
    WHERE own.id = %(id)s OR (%(id)s::bigint IS NULL AND own.provider_id = %(wamid)s)
    FOR UPDATE OF own
) AS rank
WHERE m.id = rank.id
RETURNING m.id, m.status
"""


def heard(status: StatusChanged) -> bool:
    """A status came back: move its message forward. False when it is no message of ours.

    Found by the key that travelled with it, so a status may come before our own call has returned.
    """
    word = "read" if status.status == "played" else status.status
    with connection.cursor() as cursor:
        cursor.execute(
            _HEARD,
            {
                "id": _id_of(status.callback),
                "wamid": status.wamid,
                "status": word,
                "at": status.at or clock.now(),
                "reason": status.details[:500],
                "code": status.code,
            },
        )
        found = cursor.fetchone()
    if found is None:
        return False
    if found[1] == Status.FAILED and status.code is not None:
        _after_all(found[0], from_code(status.code, status.details))
    return True


def _after_all(id: int, error: CloudError) -> None:
    """Meta took a message and then found the window closed: its template goes out in its place, once."""
    if not isinstance(error, WindowClosed):
        return
    message = OutboxMessage.objects.select_related("contact", "account", "cause").get(pk=id)
    if message.kind == "reply" or message.arguments.get("window_closed"):
        return
    outgoing = Outgoing(
        kind=message.kind,
        channel=message.channel,
        contact=message.contact,
        account=message.account,
        arguments=message.arguments | {"window_closed": True},
        key=f"outbox:{id}:template",
        expires_at=message.expires_at,
        if_uncertain=IfUncertain(message.if_uncertain),
    )
    add(outgoing)


def callback(message: OutboxMessage) -> str:
    """Our key, which travels with a message to Meta and comes back with its statuses."""
    return f"outbox:{message.pk}.{message.attempts}"


def _id_of(callback: str | None) -> int | None:
    word, _, rest = (callback or "").partition(":")
    number, _, _ = rest.partition(".")
    return (
        int(number)
        if word == "outbox" and number.isascii() and number.isdigit() and len(number) < 19
        else None
    )


def sweep() -> None:
    """Notice whoever died while sending, and decide on messages that nobody has heard of."""
    OutboxMessage.objects.filter(status=Status.SENDING, lease_until__lt=Now()).update(
        status=Status.UNCERTAIN,
        uncertain_at=clock.Now(),
        reason="whoever sent it was gone before saying what became of it",
        lease_until=None,
        lease_token=None,
    )
    now = clock.now()
    _settle_uncertain(OutboxMessage.objects.filter(uncertain_at__lt=now - UNCERTAIN_GRACE), now)
    _settle_uncertain(OutboxMessage.objects.filter(uncertain_at__lt=now - REPLY_GRACE, kind="reply"), now)


def _settle_uncertain(rows: _Rows, now: datetime) -> None:
    with transaction.atomic():
        unheard = rows.filter(status=Status.UNCERTAIN).select_related("contact")
        for message in unheard.select_for_update(skip_locked=True, of=("self",))[:200]:
            if message.if_uncertain == IfUncertain.RESEND:
                _say_again(message, now)
            else:
                message.status = Status.FAILED
                message.failed_at = now
                message.reason = f"unknown whether it arrived: {message.reason}"[:500]
                message.save(update_fields=["status", "failed_at", "reason"])
                incidents.report(
                    "message_uncertain",
                    key=str(message.pk),
                    sentence=f"Unknown whether message {message.pk} arrived.",
                )


def _say_again(message: OutboxMessage, now: datetime) -> None:
    """Once, as a new row that names the old one: it may be a duplicate, and says so."""
    message.status = Status.FAILED
    message.failed_at = now
    late = message.expires_at is not None and message.expires_at <= now
    answered = (
        message.kind == "reply"
        and message.contact is not None
        and message.contact.last_inbound_at is not None
        and message.contact.last_inbound_at > message.created_at
    )
    if late or answered or message.repeats_id is not None:
        message.reason = f"unknown whether it arrived; not said again: {message.reason}"[:500]
    else:
        message.reason = f"unknown whether it arrived; said again: {message.reason}"[:500]
        OutboxMessage.objects.create(
            kind=message.kind,
            channel=message.channel,
            contact=message.contact,
            account_id=message.account_id,
            lane=message.lane,
            key=f"{message.key}:again" if message.key else None,
            arguments=message.arguments,
            body=message.body,
            text=message.text,
            created_at=now,
            not_before=now,
            expires_at=message.expires_at,
            if_uncertain=message.if_uncertain,
            repeats=message,
        )
    message.save(update_fields=["status", "failed_at", "reason"])
