"""A large language model, where one is configured: asked for what the embedded interpreter is unsure of.

It is given words and returns a command; it is given no tool, no rows and nobody's identity, and nothing that
it says is read to a person. Called outside transactions, once per message. What goes wrong with it (no
answer, another schema, no allowance left) leaves the embedded interpreter's answer standing.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bot.assistant.context import Context, Turn
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.interpreter import Understood
from bot.assistant.language_model import allowance, asking, calling, checking
from bot.assistant.language_model.calling import Failed
from inspector_whatsapp.models import Contact, Role

__all__ = ["Answered", "Failed", "ask"]

SURE = 0.9  # how sure a checked command of its is taken to be: it has been given what was said, and no score


@dataclass(frozen=True)
class Answered:
    """What is understood in the end. model: the one that was asked, empty if none was. error: why its answer
    was not taken."""

    understood: Understood
    model: str = ""
    error: str = ""
    milliseconds: int = 0


def ask(
    text: str,
    *,
    first: Understood,
    contact: Contact,
    role: Role,
    now: datetime,
    gazetteer: Gazetteer,
    context: Context,
    history: Sequence[Turn] = (),
) -> Answered:
    """What a language model makes of a text that `first` was not sure of; `first` where that is nothing.

    `now` is aware and of the person's zone. Takes LIMIT seconds at most. No transaction may be open.
    """
    if not settings.ASSISTANT_MODEL or not allowance.left(contact):
        return Answered(first)
    began = time.monotonic()
    error, understood = "", first
    try:
        said = calling.call(asking.messages(text, role, now, gazetteer, context, history), asking.schema())
        command = checking.command(said, text=text, gazetteer=gazetteer, context=context)
        understood = Understood(command, SURE, "language_model", (first.command, *first.others))
    except Failed as why:
        error = str(why)
    took = round((time.monotonic() - began) * 1000)
    allowance.heard(error)
    return Answered(understood, settings.ASSISTANT_MODEL, error, took)
