"""Offers of places, as the outbox knows them: the time of one runs from when its reader was told of it.

So an offer outlives whatever holds a message up (quiet hours, a restart, Meta's troubles), and nobody loses
their turn by it (decision record 28).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import OutboxMessage, Wait
from inspector_whatsapp.models.outbox import LEFT_STATES, Status
from inspector_whatsapp.models.waiting import WaitState
from inspector_whatsapp.words import Reader
from notifications import preferences
from notifications.kind import zone_of
from notifications.kinds.waiting import PlaceOffered

_IN_VAIN = (Status.FAILED, Status.WITHHELD, Status.EXPIRED)


def tend() -> int:
    """Look after every waiting list: offers that were told begin, those that cannot be told are passed on.

    How many it touched. Several may run at once.
    """
    untold = Wait.objects.filter(state=WaitState.OFFERED, answer_by=None).select_related("seeker", "offered")
    waits = list(untold.order_by("pk"))
    messages: dict[int, list[OutboxMessage]] = defaultdict(list)
    for message in (
        OutboxMessage.objects.filter(account__in=[wait.seeker_id for wait in waits], kind=PlaceOffered.name)
        .select_related("account", "contact")
        .order_by("pk")
    ):
        messages[message.arguments["wait"]].append(message)
    return sum(_hear(wait, messages[wait.pk]) for wait in waits) + inspections.tend_waiting()


def _hear(wait: Wait, messages: Iterable[OutboxMessage]) -> bool:
    """messages: that told them of an offer of this wait, of this one or one before."""
    assert wait.offered_at is not None
    found = [message for message in messages if message.created_at >= wait.offered_at]
    told = [reached_at(message) for message in found if message.status in LEFT_STATES]
    if told:
        inspections.offer_told(wait, at=min(told))
        return True
    if any(message.status not in _IN_VAIN for message in found):
        return False
    return inspections.pass_on(wait, state=WaitState.UNREACHED, actor=None, origin=Origin.SERVICE)


def reached_at(message: OutboxMessage) -> datetime:
    """When what has left reached them; in their quiet hours, as letters may, at the end of these."""
    at = message.accepted_at or message.created_at
    assert message.account is not None
    quiet = preferences.of(message.account).quiet
    zone = Reader(zone=zone_of(message.account, message.contact)).tz
    return (quiet.until(at, zone) if quiet else None) or at
