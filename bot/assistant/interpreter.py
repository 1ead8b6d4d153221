"""The embedded interpreter, always there: a text becomes one command, by a grammar and a small model."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.assistant import choosing, hearing, intents, pending
from bot.assistant.commands import Command, Intent, NotACommand, only
from bot.assistant.context import NOTHING, Context
from bot.assistant.followups import carried, is_start_over
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.heard import Heard
from bot.assistant.placing import placed
from bot.assistant.reading.words import known_words
from inspector_whatsapp.models import Role

CERTAIN = 0.98  # how sure it is what words say that need nobody's opinion
LIKELY = 0.04  # what is less likely is not named among others
UNSURE = 0.5  # below it nothing is made of an answer but that it is none
OTHERS = 3


@dataclass(frozen=True)
class Understood:
    """A command, and how sure it is that this is meant, 0 to 1.

    source: `grammar` (the words alone decided), `model`, or `language_model`. others: what else it may be,
    likeliest first.
    """

    command: Command
    sure: float
    source: str
    others: tuple[Command, ...] = ()


def interpret(
    text: str,
    *,
    role: Role,
    now: datetime,
    gazetteer: Gazetteer,
    context: Context = NOTHING,
) -> Understood:
    """What somebody means. `now` is aware and of the person's zone: "tomorrow" is told by it."""
    heard = hearing.hear(text, now=now, gazetteer=gazetteer, context=context)
    opinion = intents.scores(heard.skeleton, heard.words, role)
    if (answer := pending.said_to(heard, context, opinion)) is not None:
        return Understood(_valid(answer), CERTAIN, "grammar")
    if not heard.bare:
        return Understood(Command(Intent.SMALLTALK if text.strip() else Intent.OUT_OF_SCOPE), 0.0, "grammar")
    if re.fullmatch(r"(?:please |abeg |ok |no )?cancel(?: it| am| that)?(?: please| abeg| pls)?", heard.bare):
        return Understood(_command(Intent.CANCEL_INSPECTION, heard, context), CERTAIN, "grammar")
    likely = choosing.likelihoods(heard, role=role, context=context, opinion=opinion)
    ranked = sorted(likely, key=lambda intent: -likely[intent])
    best, sure = ranked[0], likely[ranked[0]]
    if is_start_over(heard.words) and best in (
        Intent.OUT_OF_SCOPE,
        Intent.SMALLTALK,
        Intent.HELP,
        Intent.DENY,
    ):
        best = Intent.SEARCH_PROPERTIES
    off_topic = best == Intent.OUT_OF_SCOPE or max(opinion.values()) < choosing.CLEAR
    if off_topic and not heard.slots and _is_noise(heard):  # that it is about something else is a guess
        best, sure = Intent.OUT_OF_SCOPE, min(UNSURE - 0.1, sure)
    waits = context.pending
    if waits is not None and waits.type == "ask" and sure < UNSURE:
        # What was asked for is still to be said: the question is asked again.
        return Understood(_valid(Command(waits.intent, waits.slots)), UNSURE, "grammar")
    others = tuple(
        _command(intent, heard, context)
        for intent in ranked[1 : OTHERS + 1]
        if intent != best and likely[intent] >= LIKELY
    )
    return Understood(_command(best, heard, context), sure, "model", others)


def _is_noise(heard: Heard) -> bool:
    """Whether hardly a word of it is known, in any of the languages that people write in."""
    said = [word for word in heard.bare.split() if len(word) > 3]
    return bool(said) and sum(word in known_words() for word in said) * 3 < len(said) and len(heard.bare) < 40


def _command(intent: Intent, heard: Heard, context: Context) -> Command:
    own = placed(intent, heard)
    return _valid(Command(intent, carried(intent, own, heard, context)))


def _valid(command: Command) -> Command:
    """The command without slots of values that no command has: what is kept of old chats may be anything."""
    kept = {}
    for name, value in only(command.intent, command.slots).items():
        try:
            Command.from_json({"intent": command.intent.value, "slots": {name: value}})
        except NotACommand:
            continue
        kept[name] = value
    return Command(command.intent, kept)
