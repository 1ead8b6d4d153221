"""When people were told of what they have to answer: the time for it runs from then (decision record 28)."""

from collections.abc import Sequence
from datetime import datetime

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import LEFT_STATES, Status
from inspector_whatsapp.words import Reader
from notifications import preferences
from notifications.kind import zone_of

_IN_VAIN = (Status.FAILED, Status.WITHHELD, Status.EXPIRED)


def at(messages: Sequence[OutboxMessage]) -> datetime | None:
    """When the first of them reached its reader; None while none has."""
    return min((reached(message) for message in messages if message.status in LEFT_STATES), default=None)


def in_vain(messages: Sequence[OutboxMessage]) -> bool:
    """Whether all of them came to a bad end, or there never was one."""
    return all(message.status in _IN_VAIN for message in messages)


def reached(message: OutboxMessage) -> datetime:
    """When it reached them; what came in their quiet hours, as letters may, at the end of these."""
    at = message.accepted_at or message.created_at
    assert message.account is not None
    quiet = preferences.of(message.account).quiet
    zone = Reader(zone=zone_of(message.account, message.contact)).tz
    return (quiet.until(at, zone) if quiet else None) or at
