"""Inspectors who are asked to take a visit over: their time runs from when the outbox told them."""

from collections.abc import Iterable

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Ask, OutboxMessage
from inspector_whatsapp.models.asks import AskState
from notifications.answering import Heard, messages_of
from notifications.kinds.asks import VisitOffered


def tend() -> int:
    """Look after every ask: of those who were told their time runs, who cannot be told is passed over.

    How many it touched. Several may run at once.
    """
    untold = list(Ask.objects.filter(state=AskState.ASKED, answer_by=None).order_by("pk"))
    messages = messages_of(VisitOffered.name, "ask", [(ask.inspector_id, ask.asked_at) for ask in untold])
    return sum(_hear(ask, messages.get(ask.pk, ())) for ask in untold) + inspections.tend_asks()


def _hear(ask: Ask, messages: Iterable[OutboxMessage]) -> bool:
    heard = Heard.of(messages)
    if heard.told_at is not None:
        inspections.ask_told(ask, at=heard.told_at)
        return True
    if not heard.in_vain:
        return False
    return inspections.pass_ask_on(ask, state=AskState.UNREACHED, actor=None, origin=Origin.SERVICE)
