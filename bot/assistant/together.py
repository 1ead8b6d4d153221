"""Messages that belong together: what somebody says in pieces is understood as one, and answered once.

The rule: at the menu, texts that came within seconds of one another are read together, three at the most,
where the first makes no clear command alone and they make one together. If a language model was asked about
the first, those that had come meanwhile are read with it, and it is asked once more. A tap, a picture, a
number, a word that works from anywhere and whatever may hold a code stand alone, and so does every answer to
a question of a flow.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from bot import matching, menus
from bot.assistant import understanding
from bot.assistant.understanding import CLEAR, ENOUGH, Asking, Meaning
from bot.models import InboundEvent, InboundState
from bot.said import said

MOST: Final = 3
WITHIN: Final = timedelta(seconds=10)  # of one another, by Meta's time


def find_out(keep: Callable[[Any], None], *, text: str, asking: Asking, event: int, alone: bool) -> None:
    """Understand a message and those that belong to it; what came of it is kept on the last of them."""
    heard = understanding.at_once(text, asking)
    joined: list[InboundEvent] = []
    if heard.sure < CLEAR and not alone:
        heard, joined = _clearest(heard, _following(event), asking)
    if heard.sure < CLEAR:
        heard = understanding.second_opinion(heard, asking)
        came = [] if alone or not heard.model else _following(event)[len(joined) :]
        if came:
            joined += came
            # In any case: two texts of which we are unsure easily look like none of our business.
            both = understanding.at_once(_together(heard.text, came), asking)
            heard = understanding.second_opinion(both, asking)
    _keep(keep, heard, joined)


def _clearest(
    first: Meaning, following: Sequence[InboundEvent], asking: Asking
) -> tuple[Meaning, list[InboundEvent]]:
    """The first text with as many of those after it as make a command of it that is clearer than it alone."""
    best, joined = first, 0
    for many in range(1, len(following) + 1):
        longer = understanding.at_once(_together(first.text, following[:many]), asking)
        if longer.sure > max(best.sure, ENOUGH):
            best, joined = longer, many
    return best, list(following[:joined])


def _together(text: str, rows: Sequence[InboundEvent]) -> str:
    return "\n".join((text, *(row.text for row in rows)))


def _following(event: int) -> list[InboundEvent]:
    """The texts that came right after a message and wait, as far as nothing else came between."""
    first = InboundEvent.objects.filter(pk=event).first()
    if first is None:
        return []
    waiting = InboundEvent.objects.filter(conversation=first.conversation_id, state=InboundState.PENDING)
    rows = list(waiting.filter(said_at__gte=first.said_at).order_by("said_at", "pk")[: MOST + 1])
    found: list[InboundEvent] = []
    before = first
    for row in rows[rows.index(first) + 1 :] if first in rows else []:
        if len(found) == MOST - 1 or row.said_at - before.said_at > WITHIN or not _is_piece(row):
            break
        found.append(row)
        before = row
    return found


def _is_piece(row: InboundEvent) -> bool:
    """Whether a message may be part of another one."""
    if row.kind != "message" or row.prepared:
        return False
    message = said(row)
    plain = matching.folded(message.text)
    alone = plain in menus.COMMANDS or plain in menus.GREETINGS or matching.number(message.text) is not None
    return not alone and understanding.is_for_the_assistant(message)


def _keep(keep: Callable[[Any], None], heard: Meaning, joined: Sequence[InboundEvent]) -> None:
    """On the last of the messages; those before it end without an answer of their own."""
    with transaction.atomic():
        if not joined:
            keep(heard.to_json())
            return
        *between, last = joined
        InboundEvent.objects.filter(pk=last.pk).update(
            prepared={"understood": heard.to_json() | {"together": heard.text}}
        )
        InboundEvent.objects.filter(pk__in=[row.pk for row in between]).update(
            prepared={"understood": {"joined": last.pk}}
        )
        keep({"joined": last.pk})
