"""What a message at the menu means that is no line of it."""

import math
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from bot import offers, screens
from bot.assistant import titles, understanding
from bot.assistant.commands import Command, Intent
from bot.assistant.understanding import CERTAIN, CLEAR, ENOUGH, Meaning
from bot.course import Before
from bot.models import Conversation
from bot.said import Said
from bot.screens import Reply
from bot.scripts import Person
from bot.understood.doing import done
from bot.understood.meaning import meaning_of
from inspector_whatsapp.words import Words, say

# What whatever nobody understands is likeliest to be taken for.
_LITTLE = frozenset(
    (Intent.SMALLTALK, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST, Intent.HUMAN_HANDOFF, Intent.HELP)
)
_UNSURE_TOO_OFTEN = 2
_HARDLY = 0.3  # below it what it may be is not even worth asking about


def at_the_menu(
    talk: Conversation, person: Person, said: Said, first: Sequence[Words]
) -> Reply | Before | None:
    """What a message that is no line of the menu means; None if that is not clear, and it is guessed."""
    meant = meaning_of(talk, person, said, None)
    if not isinstance(meant, Meaning):
        return meant
    if meant.joined:
        return screens.SILENCE
    if meant.sure >= _needed(meant):
        talk.understood = talk.understood | {"unsure": 0}
        return done(talk, person, meant, first)
    return _not_sure(talk, person, meant, first)


def _needed(meant: Meaning) -> float:
    """How sure it has to be. Most for a person of ours: the bot keeps silent then."""
    if meant.command.intent == Intent.HUMAN_HANDOFF:
        return CERTAIN if understanding.telling(meant.text) > 1 else math.inf
    says_of_what = meant.command.slots and meant.command.intent not in _LITTLE
    return ENOUGH if says_of_what else CLEAR


def _not_sure(
    talk: Conversation, person: Person, meant: Meaning, first: Sequence[Words]
) -> Reply | Before | None:
    often = int(talk.understood.get("unsure", 0)) + 1
    talk.understood = talk.understood | {"unsure": often}
    if often >= _UNSURE_TOO_OFTEN:
        talk.understood = talk.understood | {"unsure": 0}
        understanding.record(meant, person, answered="menu")
        return screens.show_menu(talk, person, *first, STILL_NOT)
    is_likely = meant.sure >= _HARDLY and titles.can_be_offered(meant.command)
    may_be = _may_be(meant) if is_likely else []
    if len(may_be) > 1 or (may_be and meant.sure >= ENOUGH):
        understanding.record(meant, person, answered="which")
        return offers.which(talk, person, may_be, first)
    understanding.record(meant, person, answered="guess")
    return None


STILL_NOT: Final = say(
    _("Sorry, I still don't get that. Pick a line of the menu, or type *human* to talk to a person.")
)


def _may_be(meant: Meaning) -> list[Command]:
    """The two commands that are likeliest, of different kinds, of those that can be asked about."""
    found: dict[Intent, Command] = {}
    for command in (meant.command, *meant.understood.others):
        if titles.can_be_offered(command):
            found.setdefault(command.intent, command)
    return list(found.values())[:2]
