"""Questions that somebody has a while to answer: their time runs from when they were told (decision 28)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import LEFT_STATES, Status
from inspector_whatsapp.words import Reader
from notifications import preferences
from notifications.kind import zone_of

_IN_VAIN = (Status.FAILED, Status.WITHHELD, Status.EXPIRED)


@dataclass(frozen=True)
class Heard:
    """What became of telling somebody. told_at: when they were; none yet, and none any more if `in_vain`."""

    told_at: datetime | None
    in_vain: bool

    @classmethod
    def of(cls, messages: Iterable[OutboxMessage]) -> "Heard":
        found = list(messages)
        told = [reached(message) for message in found if message.status in LEFT_STATES]
        return cls(min(told, default=None), all(message.status in _IN_VAIN for message in found))


def messages_of(
    kind: str, argument: str, asked: Sequence[tuple[int, datetime]]
) -> Mapping[int, list[OutboxMessage]]:
    """The messages of a kind to these people since they were asked, by the row that they ask about.

    One query, or none; what somebody was told in all the time before is not read.
    """
    found: dict[int, list[OutboxMessage]] = defaultdict(list)
    if not asked:
        return found
    rows = OutboxMessage.objects.filter(
        account__in=[person for person, _at in asked],
        kind=kind,
        created_at__gte=min(at for _person, at in asked),
    )
    for message in rows.select_related("account", "contact").order_by("pk"):
        found[message.arguments[argument]].append(message)
    return found


def reached(message: OutboxMessage) -> datetime:
    """When it reached them; what came in their quiet hours, as letters may, at the end of these."""
    at = message.accepted_at or message.created_at
    assert message.account is not None
    quiet = preferences.of(message.account).quiet
    zone = Reader(zone=zone_of(message.account, message.contact)).tz
    return (quiet.until(at, zone) if quiet else None) or at
