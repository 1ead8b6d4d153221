"""Reading a text with every reader, in the order in which they are surest."""

import re
from datetime import datetime

from bot.assistant.commands import NEXT
from bot.assistant.context import Context
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.heard import Heard
from bot.assistant.reading import refs, search, spelling, when
from bot.assistant.reading.refs import Refs
from bot.assistant.reading.text import Text

_SORRY = re.compile(r"\b(?:sorry|i mean|i meant|correction|rather|not that one)\b")


def hear(said: str, *, now: datetime, gazetteer: Gazetteer, context: Context) -> Heard:
    """What is in a text, and what it points at of what was shown before."""
    text = Text(said)
    text.words = words = spelling.corrected(text.words, gazetteer)
    referred = refs.read(text, shown=len(context.results))
    moments = when.read(text, today=now.date(), now=now)
    was, will_be = when.move(words, moments)
    sought = search.sought(text, gazetteer)
    property_ref = _property(referred, words, context)
    if property_ref and not referred.property_refs:
        # "That flat" is the one that is talked of, not any flat.
        sought.slots.pop("property_types", None)
    return Heard(
        said,
        words,
        text.skeleton,
        search=sought.slots,
        when=when.together(moments),
        moves=was | will_be,
        property_ref=property_ref,
        inspection_ref=_inspection(referred),
        points=referred.pointing,
        nth=referred.ordinal is not None and property_ref is not None,
        hints=sought.hints,
        amounts=sought.amounts,
        today=now.date(),
    )


def _property(referred: Refs, words: str, context: Context) -> str | None:
    if referred.property_refs:
        # "PR-1042, sorry, PR-1043": what was said last is meant.
        return referred.property_refs[-1 if _SORRY.search(words) else 0]
    if referred.ordinal is not None and context.results:
        place = referred.ordinal - 1 if referred.ordinal > 0 else referred.ordinal
        if -len(context.results) <= place < len(context.results):
            return context.results[place]
        return None
    if referred.pointing and not referred.inspection_refs and not context.focus_inspection:
        alone = context.results[0] if len(context.results) == 1 and referred.surely else None
        return context.focus_property or alone
    return None


def _inspection(referred: Refs) -> str | None:
    if referred.inspection_refs:
        return referred.inspection_refs[0]
    return NEXT if referred.next_inspection else None
