"""What a provider says of a message afterwards: in any order, twice, or before our own call has returned."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.errors import (
    CloudError,
    NotAllowed,
    Refused,
    TryLater,
    WindowClosed,
    from_code,
)
from inspector_whatsapp.cloud_api.events import StatusChanged
from inspector_whatsapp.crashing import crash_point
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import settling, window
from inspector_whatsapp.outbox.adding import add_all
from inspector_whatsapp.outbox.again import say_again
from inspector_whatsapp.outbox.channel import by_name
from inspector_whatsapp.outbox.story import Step, entries

# A message only ever moves up the ladder.
_HEARD = """
UPDATE inspector_whatsapp_outboxmessage m SET
    status = CASE
        WHEN %(status)s = 'failed' AND m.status NOT IN ('delivered', 'read') THEN 'failed'
        WHEN rank.forward THEN %(status)s
        ELSE m.status END,
    provider_id = COALESCE(m.provider_id, %(provider_id)s),
    sent_at = CASE WHEN %(status)s = 'sent' THEN COALESCE(m.sent_at, %(at)s) ELSE m.sent_at END,
    delivered_at = CASE WHEN %(status)s = 'delivered' THEN COALESCE(m.delivered_at, %(at)s)
                        ELSE m.delivered_at END,
    read_at = CASE WHEN %(status)s = 'read' THEN COALESCE(m.read_at, %(at)s) ELSE m.read_at END,
    failed_at = CASE WHEN %(status)s = 'failed' THEN COALESCE(m.failed_at, %(at)s) ELSE m.failed_at END,
    reason = CASE WHEN %(status)s = 'failed' AND m.status NOT IN ('delivered', 'read') THEN %(reason)s
                  WHEN rank.forward THEN ''
                  ELSE m.reason END,
    error_code = CASE WHEN %(status)s = 'failed' THEN %(code)s ELSE m.error_code END,
    story = CASE WHEN %(status)s = 'failed' AND m.status NOT IN ('failed', 'delivered', 'read')
                 THEN m.story || %(story)s::jsonb ELSE m.story END,
    -- What it was delivered as counts; what it was sent as, until then. What is counted stays as it was.
    price_category = CASE WHEN rank.priced THEN %(category)s ELSE m.price_category END,
    billable = CASE WHEN rank.priced THEN COALESCE(%(billable)s::boolean, m.billable) ELSE m.billable END
FROM (
    SELECT own.id, own.status AS was,
           %(category)s <> '' AND NOT own.counted
             AND (%(status)s <> 'sent' OR own.price_category = '') AS priced,
           -- A late `sent` does not undo `failed`; having been delivered does.
           COALESCE(array_position(ladder, %(status)s), 0)
             > CASE own.status WHEN 'failed' THEN 2
               ELSE COALESCE(array_position(ladder, own.status::text), 0) END
           AS forward
    FROM inspector_whatsapp_outboxmessage own,
         (VALUES (ARRAY['accepted', 'sent', 'delivered', 'read'])) AS known (ladder)
    WHERE own.id = %(id)s OR (%(id)s::bigint IS NULL AND own.provider_id = %(provider_id)s)
    FOR UPDATE OF own
) AS rank
WHERE m.id = rank.id
RETURNING m.id, rank.was, m.status
"""


@dataclass(frozen=True, kw_only=True)
class News:
    """What a provider says became of a message: sent, delivered, read or failed. error: why it failed."""

    status: str
    at: datetime | None
    error: CloudError | None = None
    category: str = ""
    billable: bool | None = None


def heard(status: StatusChanged) -> bool:
    """A status came back: move its message forward. False when it is no message of ours.

    Found by the key that travelled with it, so a status may come before our own call has returned.
    """
    news = News(
        status="read" if status.status == "played" else status.status,
        at=status.at,
        error=_error(status),
        category=(status.category or "").lower().replace("-", "_")[:32],
        billable=status.billable,
    )
    return moved(news, id=_id_of(status.callback), provider_id=status.wamid)


def _error(status: StatusChanged) -> CloudError | None:
    if status.status != "failed":
        return None
    if status.code is None:
        return Refused(status.details)
    return from_code(status.code, status.details)


def moved(news: News, *, id: int | None, provider_id: str) -> bool:
    """Move a message forward by its id, or by its provider's; False when there is none."""
    now = clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                _HEARD,
                {
                    "id": id,
                    "provider_id": provider_id,
                    "status": news.status,
                    "at": news.at or now,
                    "reason": news.error.details[:500] if news.error else "",
                    "code": news.error.code if news.error else None,
                    "category": news.category,
                    "billable": news.billable,
                    "story": json.dumps(entries([Step("failed", str(news.error))], at=now)),
                },
            )
            found = cursor.fetchone()
        if found is None:
            return False
        id, was, became = found
        crash_point("status_heard")
        if news.error is not None and became == Status.FAILED and was != Status.FAILED:
            _failed_after_all(id, news.error, now)
    return True


def _failed_after_all(id: int, error: CloudError, now: datetime) -> None:
    """It was taken and did not arrive: it goes out again when it may, or something in its place, once."""
    message = OutboxMessage.objects.select_related("contact", "account", "cause").get(pk=id)
    match error:
        case WindowClosed():
            seconds = window.doubted(message, now=now)
            if seconds is not None:
                _again(message, error, now=now, seconds=seconds, arguments=window.tried(message))
            elif (arguments := window.believed(message)) is not None:
                _again(message, error, now=now, seconds=0, arguments=arguments)
            else:
                _instead(message, error, now)
        case NotAllowed():
            settling.found_shut(message, error)
            _again(message, error, now=now, seconds=0)
        case TryLater() if settling.tried_enough(message):
            _instead(message, error, now)
        case TryLater():
            _again(message, error, now=now, seconds=_pause(message, error, now), attempts=message.attempts)
        case _:
            _instead(message, error, now)


def _pause(message: OutboxMessage, error: TryLater, now: datetime) -> float:
    if error.scope in ("channel", "marketing"):
        return (settling.found_shut(message, error) - now).total_seconds()
    if error.scope == "recipient":
        return settling.person_waits(message, error)
    return settling.back_off(message, error.after)


def _again(
    message: OutboxMessage,
    error: CloudError,
    *,
    now: datetime,
    seconds: float,
    arguments: dict[str, Any] | None = None,
    attempts: int = 0,
) -> None:
    """In a row of its own, for the first one has its story and its id; unless that is too late."""
    not_before = now + timedelta(seconds=seconds)
    if message.expires_at is not None and not_before >= message.expires_at:
        _instead(message, error, now)
        return
    say_again(
        message,
        now=now,
        not_before=not_before,
        arguments=arguments,
        attempts=attempts,
        steps=[Step("again", f"message {message.pk} did not arrive: {error}")],
    )


def _instead(message: OutboxMessage, error: CloudError, now: datetime) -> None:
    add_all(by_name(message.channel).gave_up(message, error), now=now)


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
