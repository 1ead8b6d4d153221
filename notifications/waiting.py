"""Offers of places, as the outbox knows them: the time of one runs from when its reader was told of it.

So an offer outlives whatever holds a message up (quiet hours, a restart, Meta's troubles), and nobody loses
their turn by it (decision record 28).
"""

from collections.abc import Iterable

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import OutboxMessage, Wait
from inspector_whatsapp.models.waiting import WaitState
from notifications.answering import Heard, messages_of
from notifications.kinds.waiting import PlaceOffered


def tend() -> int:
    """Look after every waiting list: offers that were told begin, those that cannot be told are passed on.

    How many it touched. Several may run at once.
    """
    untold = Wait.objects.filter(state=WaitState.OFFERED, answer_by=None).select_related("seeker", "offered")
    waits = list(untold.order_by("pk"))
    messages = messages_of(
        PlaceOffered.name, "wait", [(each.seeker_id, each.offered_at) for each in waits if each.offered_at]
    )
    return sum(_hear(wait, messages.get(wait.pk, ())) for wait in waits) + inspections.tend_waiting()


def _hear(wait: Wait, messages: Iterable[OutboxMessage]) -> bool:
    """messages: that told them of an offer of this wait, of this one or one before."""
    assert wait.offered_at is not None
    heard = Heard.of(message for message in messages if message.created_at >= wait.offered_at)
    if heard.told_at is not None:
        inspections.offer_told(wait, at=heard.told_at)
        return True
    if not heard.in_vain:
        return False
    return inspections.pass_on(wait, state=WaitState.UNREACHED, actor=None, origin=Origin.SERVICE)
