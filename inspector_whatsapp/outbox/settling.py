"""What became of a message, from the channel's answer."""

import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from structlog.contextvars import bound_contextvars

from inspector_whatsapp import clock, deadlocks, incidents
from inspector_whatsapp.cloud_api.errors import CloudError
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES, Category, Status
from inspector_whatsapp.outbox import circuit, window
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
from inspector_whatsapp.outbox.pace import NotYet
from inspector_whatsapp.outbox.story import Step, told

logger = logging.getLogger(__name__)

_Rows = QuerySet[OutboxMessage, OutboxMessage]

NOT_ALLOWED_PAUSE = 60  # seconds until a channel that was shut is tried again, doubled each time
TRIED, SHUT = "attempt", "circuit"  # steps of a story: it was not taken, or not even tried
TOO_LATE = "too late to be of use"
PATIENCE = 1  # seconds for a channel that did not answer, where nobody said how long; doubled each time
PERSON_GROWTH, PERSON_MOST = (
    4,
    5,
)  # Meta's rule for 131056: 4^X seconds, X = 0, 1, 2 …; at most a quarter hour


def about(message: OutboxMessage) -> AbstractContextManager[None]:
    """What is logged meanwhile says which message it was, and which one it answers."""
    _reply, _colon, inbound = (message.key or "").partition("reply:")
    answers = {"inbound": int(inbound)} if inbound.isdecimal() else {}
    return bound_contextvars(message=message.pk, **answers)


def settle(landed: Sequence[tuple[OutboxMessage, "Future[Receipt]"]]) -> None:
    """Record what the channels answered; accepted ones in one statement."""
    accepted: list[tuple[OutboxMessage, Receipt]] = []
    for message, future in landed:
        try:
            accepted.append((message, future.result()))
        except Exception as error:
            with about(message):
                deadlocks.retried(partial(_settle_failure, message, error))
    if not accepted:
        return
    crash_point("message_sent")
    deadlocks.retried(partial(_accept, [pair for pair in accepted if pair[1].then is None]))
    for message, receipt in accepted:
        if receipt.then is not None:
            with about(message):
                _accept_with_effect(message, receipt, receipt.then)
        if receipt.uploaded:
            by_name(message.channel).uploaded(receipt.uploaded)


def _accept_with_effect(message: OutboxMessage, receipt: Receipt, then: Callable[[], object]) -> None:
    """Record that it was taken with what follows from the answer, or neither."""

    def both() -> None:
        if _held(message).select_for_update().exists():
            then()
            _accept([(message, receipt)])

    try:
        deadlocks.retried(both)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # of this answer alone; the others go on, and a person must look
        logger.exception("the answer to message %s could not be taken in", message.pk)
        why = f"its answer could not be taken in: {type(error).__name__}"
        circuit.answered([message])
        close(message, Status.FAILED, why)
        sentence = f"The answer to message {message.pk} could not be taken in."
        incidents.report("answer_not_taken_in", key=message.kind, sentence=sentence)


def _accept(accepted: Sequence[tuple[OutboxMessage, Receipt]]) -> None:
    if not accepted:
        return
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
    circuit.answered([message for message, _ in accepted])
    crash_point("message_settled")


def _settle_failure(message: OutboxMessage, error: Exception) -> None:
    match error:
        case NotYet():
            circuit.found_out_nothing(message)
            _wait(message, error, seconds=error.seconds)
        case NotAllowed():
            # The channel is shut, not the message at fault.
            until = found_shut(message, error)
            _until_open(message, error, until)
        case TryLater():
            _later(message, error)
        case WindowClosed():
            circuit.answered([message])
            _outside_the_window(message, error)
        case Unreachable() | OptedOut() | Refused():
            circuit.answered([message])
            give_up(message, error)
        case _:
            circuit.heard_nothing(message)
            if not isinstance(error, Uncertain):  # it broke somewhere on the way: it may have left
                logger.error("message %s: %s while sending", message.pk, type(error).__name__, exc_info=error)
            # What nobody foresaw may repeat people's words: its type says enough (docs/decisions/0025).
            why = ((str(error) if isinstance(error, CloudError) else "") or type(error).__name__)[:500]
            if by_name(message.channel).knows_repeats:
                _again(message, CloudError(why))
                return
            _held(message).update(
                status=Status.UNCERTAIN,
                uncertain_at=clock.Now(),
                reason=why,
                error_code=getattr(error, "code", None),
                story=told([Step("uncertain", why)], at=clock.now()),
                lease_until=None,
                lease_token=None,
            )


def _later(message: OutboxMessage, error: TryLater) -> None:
    """Known not to have left: who waits, and whether it is the message's fault, is for the error's scope."""
    if error.scope == "channel":
        _until_open(message, error, found_shut(message, error))
        return
    if error.scope == "marketing":
        until = found_shut(message, error)
        if message.category == Category.MARKETING:
            _until_open(message, error, until, put_aside=True)
            return
    if error.code is not None:
        circuit.answered([message])
    else:
        circuit.heard_nothing(message)
    if error.scope == "recipient":
        _wait(message, error, seconds=person_waits(message, error), put_off=F("put_off") + 1)
    else:
        _again(message, error, after=error.after)


def found_shut(message: OutboxMessage, error: NotAllowed | TryLater) -> datetime:
    """Shut the channel, or its marketing, for as long as the error says; until when."""
    refused = isinstance(error, NotAllowed)
    after = None if isinstance(error, NotAllowed) else error.after
    marketing = isinstance(error, TryLater) and error.scope == "marketing"
    return circuit.found_shut(
        message,
        seconds=after or (NOT_ALLOWED_PAUSE if refused else PATIENCE),
        why=str(error),
        code=error.code,
        category=Category.MARKETING if marketing else "",
        refused=refused,
    )


def person_waits(message: OutboxMessage, error: TryLater) -> float:
    """Have everything that is for this person wait; for how many seconds."""
    patience = float(PERSON_GROWTH ** min(message.put_off, PERSON_MOST))
    seconds = max(patience, error.after or 0)
    until = clock.now() + timedelta(seconds=seconds)
    theirs = OutboxMessage.objects.filter(lane=message.lane, status__in=WAITING_STATES, not_before__lt=until)
    theirs.update(not_before=until)
    return seconds


def _outside_the_window(message: OutboxMessage, error: WindowClosed) -> None:
    seconds = window.doubted(message, now=clock.now())
    if seconds is not None:
        _wait(message, error, seconds=seconds, arguments=window.tried(message))
    elif (arguments := window.believed(message)) is not None:
        _wait(message, error, seconds=0, arguments=arguments)
    else:
        give_up(message, error)


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
        circuit.found_out_nothing(message)
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


def give_up(
    message: OutboxMessage, error: CloudError, *, status: Status = Status.FAILED, reason: str = ""
) -> None:
    """End a claimed message that will never be taken; what its channel has in its place is written."""
    with transaction.atomic():
        if _held(message).select_for_update().exists():
            instead = by_name(message.channel).gave_up(message, error)
            close(message, status, reason or str(error), code=error.code, instead=instead)


def expire(message: OutboxMessage, *, waited: bool) -> None:
    """End a claimed message that is of no use any more. If it only waited for its provider (it is known that
    it `waited`, or its story says so) its channel may have something in its place.
    """
    last = message.story[-1]["step"] if message.story else ""
    if waited or last in (TRIED, SHUT) or by_name(message.channel).minds_expiry:
        reason = message.reason or ("its channel is shut" if waited else "nobody tried it in time")
        late = TryLater(reason, message.error_code)
        give_up(message, late, status=Status.EXPIRED, reason=f"{TOO_LATE}; last: {reason}")
    else:
        close(message, Status.EXPIRED, TOO_LATE)


def hold(message: OutboxMessage, held: Held, *, status: Status = Status.HELD) -> None:
    """Put a claimed message aside until later; its attempt does not count."""
    circuit.found_out_nothing(message)
    _held(message).update(
        status=status,
        not_before=held.until,
        attempts=message.attempts - 1,
        reason=str(held)[:500],
        story=told(held.steps, at=clock.now()),
        lease_until=None,
        lease_token=None,
    )


def put_back(message: OutboxMessage, reason: str) -> None:
    """A claimed message that has not left, through no fault of its own, is tried again by the table."""
    circuit.found_out_nothing(message)
    _again(message, CloudError(reason))


def _again(message: OutboxMessage, error: CloudError, *, after: float | None = None) -> None:
    """Try again by the table of back-offs, or give up when it is exhausted or too late."""
    if tried_enough(message):
        give_up(message, error)
        return
    _wait(message, error, seconds=back_off(message, after), attempts=message.attempts)


def tried_enough(message: OutboxMessage) -> bool:
    """Whether its channel's table of back-offs is exhausted."""
    return message.attempts > len(by_name(message.channel).back_off)


def back_off(message: OutboxMessage, after: float | None) -> float:
    """Seconds until a message is tried again: the table's, or what the provider asks for, more each time."""
    table, attempts = by_name(message.channel).back_off, message.attempts
    planned = table[min(attempts, len(table)) - 1] * random.uniform(0.8, 1.2)
    return max((after or 0) * attempts, planned)


def _until_open(
    message: OutboxMessage, error: CloudError, until: datetime, *, put_aside: bool = False
) -> None:
    """Back into the row: a channel that is shut is not asked, so that the order stays as it was. put_aside:
    only what is like this message waits."""
    seconds = (until - clock.now()).total_seconds()
    if put_aside:
        _wait(message, error, seconds=seconds)
    else:
        _wait(message, error, seconds=seconds, not_before=message.not_before)


def _wait(
    message: OutboxMessage,
    error: Exception,
    *,
    seconds: float,
    attempts: int | None = None,
    not_before: datetime | None = None,
    **fields: Any,
) -> None:
    """Try again in so many seconds, unless that is too late. Without `attempts` this one does not count.

    not_before: where something else than the time of this row keeps it from leaving too early.
    """
    now = clock.now()
    again = now + timedelta(seconds=seconds)
    reason = str(error)
    code = getattr(error, "code", None)
    if message.expires_at is not None and again >= message.expires_at:
        why = error if isinstance(error, CloudError) else TryLater(reason)
        give_up(message, why, status=Status.EXPIRED, reason=f"{TOO_LATE}; last: {reason}")
        return
    _held(message).update(
        status=Status.WAITING,
        not_before=not_before or again,
        attempts=message.attempts - 1 if attempts is None else attempts,
        reason=reason[:500],
        story=told([Step(TRIED, reason)], at=now),
        error_code=code,
        lease_until=None,
        lease_token=None,
        **fields,
    )
