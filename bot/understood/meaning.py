"""How a message was understood, or that this has to be found out before its turn."""

from functools import partial

from bot.assistant import memory, together, understanding
from bot.assistant.context import Pending
from bot.assistant.understanding import Asking, Meaning
from bot.course import Before
from bot.models import Conversation
from bot.questions import FindOut
from bot.said import Said
from bot.scripts import Person


def meaning_of(
    talk: Conversation, person: Person, said: Said, pending: Pending | None
) -> Meaning | Before | None:
    """How the message was understood; that this has to be found out first; None for what is never read.

    What is clear by itself is understood here. The rest may be part of something longer, or a language model
    may know better: both take time.
    """
    if awaits_code(talk) or not understanding.is_for_the_assistant(said):
        return None
    meant = understanding.meaning_of(said)
    if meant is not None:
        return meant
    asking = Asking.of(
        person,
        context=memory.context(talk, pending),
        since=memory.since(talk, now=person.now),
    )
    if (clear := understanding.in_the_turn(said.text, asking)) is not None:
        return clear
    alone = bool(talk.flow)  # what answers a question is never put together with what is said after it
    run = partial(together.find_out, text=said.text, asking=asking, event=person.event, alone=alone)
    return Before(FindOut(run, under="understood"))


def awaits_code(talk: Conversation) -> bool:
    """Whether somebody may type a code at any moment: nothing that they write is understood then."""
    return "connect" in (talk.flow, talk.aside.get("flow"))
