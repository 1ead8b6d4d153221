"""Offers of places, as the outbox knows them: the time of one runs from when its reader was told of it.

So an offer outlives whatever holds a message up (quiet hours, a restart, Meta's troubles), and nobody loses
their turn by it (decision record 28).
"""

from collections import defaultdict
from collections.abc import Iterable

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import OutboxMessage, Wait
from inspector_whatsapp.models.waiting import WaitState
from notifications import told
from notifications.kinds.waiting import PlaceOffered


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
    if (at := told.at(found)) is not None:
        inspections.offer_told(wait, at=at)
        return True
    if not told.in_vain(found):
        return False
    return inspections.pass_on(wait, state=WaitState.UNREACHED, actor=None, origin=Origin.SERVICE)
