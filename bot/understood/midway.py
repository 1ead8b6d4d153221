"""What a message in the middle of a flow means that does not answer its question, or means more than that."""

import re
from dataclasses import replace
from typing import Any, Final

from bot import course, matching, menus, offers
from bot.assistant import memory, titles, understanding
from bot.assistant.commands import WRITES, Command, Intent
from bot.assistant.outcomes import Begin, Tell
from bot.assistant.understanding import CERTAIN, CLEAR, Meaning
from bot.course import Before
from bot.models import Conversation
from bot.questions import Confirm
from bot.questions.base import Shown
from bot.said import Said
from bot.screens import Reply
from bot.scripts import Asked, Person
from bot.understood.doing import OPEN, begin, done, outcome_of
from bot.understood.meaning import meaning_of
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud

# Flows in which people look for a property, and what may be said of properties in a word.
FINDING: Final = frozenset(("find", "look_around", "property"))
_OF_PROPERTIES = frozenset(
    (
        *(Intent.SEARCH_PROPERTIES, Intent.MORE_RESULTS, Intent.PROPERTY_DETAILS, Intent.CHECK_AVAILABILITY),
        *(Intent.LIST_SLOTS, Intent.BOOK_INSPECTION, Intent.CREATE_ALERT),
    )
)
# Flows in which people only look: another wish needs no question there.
LOOKING: Final = FINDING | frozenset(
    (
        *("my_inspections", "change_inspection", "properties_of_interest", "my_assignments", "requests"),
        *("interest", "slots", "share_results", "settings", "alerts", "upload_property"),
        *("confirm_completion", "how_it_works"),
    )
)
# What is answered with a word, where nothing is lost by it.
_TALK = frozenset((Intent.SMALLTALK, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST))
_TIMES = frozenset(("time_from", "time_to", "new_time_from", "new_time_to"))
_CARDS = frozenset(("property", "do"))  # questions of one's own properties: which, and what to do with it
_ITS_SEARCH = frozenset(("where", "kind", "bedrooms", "budget", "property"))  # questions of a booking
LONG: Final = 500  # characters: a longer answer is a message of its own, so that the question stays whole


def before_a_guess(
    talk: Conversation, person: Person, said: Said, due: Asked, shown: Shown
) -> Reply | Before | None:
    """Whether a sentence that the question would take by one word of it is a whole other wish.

    "cancel my inspection tomorrow" is no day to book; "3 bedroom flat in Yaba below 2m" is more than an area.
    """
    words = len(re.findall(r"\w+", said.text))
    if said.tap or shown.exactly(said.text) is not None:
        return None
    if isinstance(due.question, Confirm) and words > 1 and matching.refuses(said.text):
        return _no_but(talk, person, said, due)
    if not due.question.guesses or words < 3:
        return None
    meant = meaning_of(talk, person, said, memory.pending(talk, due))
    if not isinstance(meant, Meaning):
        return meant
    if _is_own(talk, meant.command) and _TIMES & meant.command.slots.keys() and not _only_looks(talk, due):
        # A day by itself is the question's to read; with a time it is all heard at once.
        return _corrected(talk, person, meant, of_confirm=False) if meant.sure >= CLEAR else None
    if not _is_clear(talk, due, meant):
        return None
    if _only_looks(talk, due):
        own = meant.command.intent in (memory.INTENT_OF.get(talk.flow), Intent.SEARCH_PROPERTIES)
        told = len(_told(meant.command))
        another = meant.command.slots.get("property_ref") not in (None, meant.context.focus_property)
        changes = "new_price" in meant.command.slots  # of a status the card's own buttons tell
        if "new_status" in meant.command.slots:
            changes = changes or another or due.name == "property"
        elsewhere = told > 0 or another or not _is_on_the_card(meant.command, due)
        says_more = told > 1 or changes if own else elsewhere
        return done(talk, person, meant, ()) if says_more else None
    if words < 4 or _is_own(talk, meant.command):
        return None
    return _other_wish(talk, person, meant)


def _no_but(talk: Conversation, person: Person, said: Said, due: Asked) -> Reply | Before | None:
    """A no to what was shown that says what would be right: "no, make it Sunday"."""
    meant = meaning_of(talk, person, said, memory.pending(talk, due))
    if not isinstance(meant, Meaning):
        return meant
    if meant.sure < CLEAR or meant.joined or not _is_own(talk, meant.command):
        return None
    return _corrected(talk, person, meant, of_confirm=True)


def not_an_answer(talk: Conversation, person: Person, said: Said, due: Asked) -> Reply | Before | str | None:
    """What a message means that the question did not understand; "yes" or "no" if it answers it after all.

    None: it is not clear, and the question is asked again.
    """
    meant = meaning_of(talk, person, said, memory.pending(talk, due))
    if not isinstance(meant, Meaning):
        return meant
    command = meant.command
    if command.intent in (Intent.CONFIRM, Intent.DENY):
        return _yes_or_no(person, said, meant, due)
    if _is_own(talk, command) and meant.sure >= CLEAR and not _only_looks(talk, due):
        return _corrected(talk, person, meant, of_confirm=isinstance(due.question, Confirm))
    if not _is_clear(talk, due, meant):
        understanding.record(meant, person, answered="hint")
        return None
    if _only_looks(talk, due):
        return done(talk, person, meant, ())
    return _other_wish(talk, person, meant)


def _yes_or_no(person: Person, said: Said, meant: Meaning, due: Asked) -> str | None:
    """A yes in other words, if that is certain: no language model says it for anybody, and nothing that has a
    no in it ("no wahala") is one, nor a word that works from anywhere ("cancel"). A no does no harm."""
    confirms = meant.command.intent == Intent.CONFIRM
    a_yes = meant.understood.source != "language_model" and not matching.refuses(said.text)
    trusted = (a_yes or not confirms) and matching.folded(said.text) not in menus.COMMANDS
    if isinstance(due.question, Confirm) and trusted and meant.sure >= CERTAIN:
        word = "yes" if confirms else "no"
        understanding.record(meant, person, answered=word)
        return word
    understanding.record(meant, person, answered="hint")
    return None


def _corrected(
    talk: Conversation, person: Person, meant: Meaning, *, of_confirm: bool
) -> Reply | Before | None:
    """The same once more, with other values: "make it Sunday". It is asked for a yes anew in any case."""
    kept = memory.context(talk)
    outcome = outcome_of(talk, person, meant.command, meant.text)
    says_something = isinstance(outcome, Begin) and (
        outcome.answers or outcome.first or (of_confirm and outcome.argument != talk.argument)
    )
    if meant.command == Command(kept.last_intent or Intent.HELP, kept.last_slots):
        says_something = False  # what was said already
    if not isinstance(outcome, Begin) or outcome.flow != talk.flow or not says_something:
        understanding.record(meant, person, answered="hint")
        return None
    memory.understood(talk, meant.command)
    reply = begin(talk, person, outcome, ())
    understanding.record(meant, person, answered=outcome.flow)
    return reply


def _other_wish(talk: Conversation, person: Person, meant: Meaning) -> Reply | Before:
    """Something else, said clearly: it is told, or shown if it is a property, or else offered."""
    command = meant.command
    if (person.account is not None or command.intent in OPEN) and command.intent not in WRITES:
        outcome = (
            None if command.intent == Intent.HUMAN_HANDOFF else outcome_of(talk, person, command, meant.text)
        )
        if isinstance(outcome, Tell):
            understanding.record(meant, person, answered=f"answer {command.intent}")
            return _told_in_between(talk, person, outcome)
        if outcome is not None and outcome.flow == "property":
            return done(talk, person, meant, ())
    understanding.record(meant, person, answered="offer")
    return offers.instead(talk, person, command, ref=_ref_of(talk))


def _told_in_between(talk: Conversation, person: Person, told: Tell) -> Reply | Before:
    """An answer in words, and then the flow's question again."""
    words = told.words.put(person.reader)
    if len(words) <= LONG and not told.photo:
        return course.again(talk, person, told.words)
    reply = course.again(talk, person)
    if not isinstance(reply, Reply):
        return reply
    message: cloud.Message = cloud.Text(cloud.clip(words, limits.TEXT_BODY))
    return replace(reply, messages=(message, *reply.messages))


def _is_clear(talk: Conversation, due: Asked, meant: Meaning) -> bool:
    """Whether something else is wanted for sure: a word, or a day and a time, is a bad answer at most."""
    intent, telling = meant.command.intent, understanding.telling(meant.text)
    if _only_looks(talk, due):
        if intent in _TALK:
            return meant.sure >= CERTAIN and telling >= 2
        if intent == memory.INTENT_OF.get(talk.flow) and meant.command.slots and meant.sure >= CLEAR:
            return True  # "and on Saturday?"
    if meant.sure < CLEAR or not titles.can_be_offered(meant.command):
        return False
    if _looks_for(talk, due) and intent in _OF_PROPERTIES:
        return True
    if intent == Intent.SEARCH_PROPERTIES:
        return telling >= 3 and len(meant.command.slots) >= 2
    return telling >= 2


def _looks_for(talk: Conversation, due: Asked) -> bool:
    """Whether they are looking for a property: so they are in a booking, until there is one."""
    return talk.flow in FINDING or (talk.flow == "book_inspection" and due.name in _ITS_SEARCH)


def _only_looks(talk: Conversation, due: Asked) -> bool:
    """Whether nothing is lost by doing something else at once."""
    on_cards = talk.flow == "availability" and due.name in _CARDS
    return on_cards or talk.flow in LOOKING or _looks_for(talk, due)


def _is_own(talk: Conversation, command: Command) -> bool:
    """Whether it is what they are doing anyway."""
    mine = memory.INTENT_OF.get(talk.flow)
    if mine == Intent.BOOK_INSPECTION and command.intent in (Intent.LIST_SLOTS, Intent.RESCHEDULE_INSPECTION):
        return command.slots.get("property_ref") in (None, _ref_of(talk))
    return command.intent == mine


def _is_on_the_card(command: Command, due: Asked) -> bool:
    """Whether the question takes it as it is meant: the card of a property has a button to book it."""
    if command.intent == Intent.BOOK_INSPECTION:
        return due.name == "do"
    return command.intent == Intent.PROPERTY_DETAILS


def _told(command: Command) -> dict[str, Any]:
    """What a command says besides what it is about."""
    return {
        name: value for name, value in command.slots.items() if name not in ("property_ref", "inspection_ref")
    }


def _ref_of(talk: Conversation) -> str:
    """What the flow is about."""
    kept = memory.context(talk)
    of_flow = [str(talk.argument), *map(str, talk.answers.values())]
    for ref in (kept.focus_inspection, kept.focus_property):
        if ref and ref in of_flow:
            return ref
    return ""
