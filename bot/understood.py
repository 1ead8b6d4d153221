"""What a message that was understood makes of a conversation: it is done, offered, asked about, or let go.

The menu and the question on the screen come first: turn.py asks here only for what they do not take.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bot import commands, course, matching, menus, offers, screens
from bot.assistant import answers, memory, titles, together, understanding
from bot.assistant.commands import WRITES, Command, Intent
from bot.assistant.context import Pending
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.assistant.understanding import CERTAIN, CLEAR, ENOUGH, Asking, Meaning
from bot.course import Before
from bot.models import Conversation
from bot.questions import Confirm, FindOut
from bot.questions.base import Shown
from bot.said import Said
from bot.screens import Reply
from bot.scripts import Asked, Person, WroteTooEarly
from bot.writes import counted
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.words import Words, say

# What the website shows to everyone, and what is told alike to everyone.
OPEN: Final = frozenset(
    (
        *(Intent.SEARCH_PROPERTIES, Intent.MORE_RESULTS, Intent.PROPERTY_DETAILS, Intent.CHECK_AVAILABILITY),
        *(Intent.LIST_SLOTS, Intent.HELP, Intent.SMALLTALK, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST),
        *(Intent.HUMAN_HANDOFF, Intent.CONFIRM, Intent.DENY, Intent.PAYMENT_QUERY, Intent.CONTACT_AGENT),
    )
)
# What whatever nobody understands is likeliest to be taken for.
_LITTLE = frozenset(
    (Intent.SMALLTALK, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST, Intent.HUMAN_HANDOFF, Intent.HELP)
)
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
_ITS_SEARCH = frozenset(("where", "kind", "bedrooms", "budget", "property"))  # questions of a booking
LONG: Final = 500  # characters: a longer answer is a message of its own, so that the question stays whole
_UNSURE_TOO_OFTEN = 2
_HARDLY = 0.3  # below it what it may be is not even worth asking about


# --- at the menu ------------------------------------------------------------------------------------------
def at_the_menu(
    talk: Conversation, person: Person, said: Said, first: Sequence[Words]
) -> Reply | Before | None:
    """What a message that is no line of the menu means; None if that is not clear, and it is guessed."""
    meant = _meaning(talk, person, said, None)
    if not isinstance(meant, Meaning):
        return meant
    if meant.joined:
        return screens.SILENCE
    if meant.sure >= (CLEAR if meant.command.intent in _LITTLE else ENOUGH):
        talk.understood = talk.understood | {"unsure": 0}
        return _done(talk, person, meant, first)
    return _not_sure(talk, person, meant, first)


def _done(talk: Conversation, person: Person, meant: Meaning, first: Sequence[Words]) -> Reply | Before:
    reply = carry_out(talk, person, meant.command, first, words=meant.text)
    understanding.record(meant, person, answered=talk.flow or f"answer {meant.command.intent}")
    return reply


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
    if len(may_be) > 1:
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


def _meaning(
    talk: Conversation, person: Person, said: Said, pending: Pending | None
) -> Meaning | Before | None:
    """How the message was understood; that this has to be found out first; None for what is never read."""
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
    alone = bool(talk.flow)  # what answers a question is never put together with what is said after it
    run = partial(together.find_out, text=said.text, asking=asking, event=person.event, alone=alone)
    return Before(FindOut(run, under="understood"))


def awaits_code(talk: Conversation) -> bool:
    """Whether somebody may type a code at any moment: nothing that they write is understood then."""
    return "connect" in (talk.flow, talk.aside.get("flow"))


# --- a command --------------------------------------------------------------------------------------------
def carry_out(
    talk: Conversation, person: Person, command: Command, first: Sequence[Words] = (), *, words: str = ""
) -> Reply | Before:
    """Do what a command says, under the person's own rights: begin its flow, or tell what was asked.

    Whatever it writes, it writes after a question of that flow; who has no account here connects first.
    """
    if person.account is None and command.intent not in OPEN:
        talk.wish = {"command": command.to_json()}
        known = say(_("For that I need to know your Inspector account."))
        return course.begin(talk, person, "connect", "", *first, known)
    if command.intent == Intent.HUMAN_HANDOFF:
        return commands.run("human", talk, person)
    outcome = _outcome(talk, person, command, words)
    memory.understood(talk, command)
    if isinstance(outcome, Tell):
        course.leave_for_now(talk)
        return course.tell(
            talk, person, outcome.words, suggest=outcome.suggest, photo=outcome.photo, first=first
        )
    return _begin(talk, person, outcome, first)


def _outcome(talk: Conversation, person: Person, command: Command, words: str) -> Outcome:
    with counted() as writes:
        outcome = answers.outcome(command, person=person, context=memory.context(talk), words=words)
    if writes.count:
        raise WroteTooEarly(f"answer {command.intent}")
    return outcome


def _begin(talk: Conversation, person: Person, begun: Begin, first: Sequence[Words]) -> Reply | Before:
    """Begin a flow with what is known; it may not write before somebody has answered in it."""
    with counted() as writes:
        reply = course.begin(
            talk, person, begun.flow, begun.argument, *first, *begun.first, answers=begun.answers
        )
    if writes.count and not talk.flow:
        raise WroteTooEarly(begun.flow)
    return reply


def chosen(talk: Conversation, person: Person, answer: offers.Chosen) -> Reply | Before:
    """Somebody answered what was offered, or which of two they meant."""
    if answer.command is not None:
        return carry_out(talk, person, answer.command)
    over = (say(_("That question is over.")),) if answer.over else ()
    return course.again(talk, person, *over)


# --- in the middle of a flow ------------------------------------------------------------------------------
def before_a_guess(
    talk: Conversation, person: Person, said: Said, due: Asked, shown: Shown
) -> Reply | Before | None:
    """Whether a sentence that the question would take by one word of it is a whole other wish.

    "cancel my inspection tomorrow" is no day to book; "3 bedroom flat in Yaba below 2m" is more than an area.
    """
    words = len(understanding.words_in(said.text))
    if said.tap or shown.exactly(said.text) is not None:
        return None
    if isinstance(due.question, Confirm) and words > 1 and matching.refuses(said.text):
        return _no_but(talk, person, said, due)
    if not due.question.guesses or words < 3:
        return None
    meant = _meaning(talk, person, said, memory.pending(talk, due))
    if not isinstance(meant, Meaning):
        return meant
    if _is_own(talk, meant.command) and _TIMES & meant.command.slots.keys() and not _only_looks(talk, due):
        # A day by itself is the question's to read; with a time it is all heard at once.
        return _corrected(talk, person, meant, of_confirm=False) if meant.sure >= CLEAR else None
    if not _is_clear(talk, due, meant):
        return None
    if _only_looks(talk, due):
        intent, slots = meant.command.intent, meant.command.slots
        own = intent in (memory.INTENT_OF.get(talk.flow), Intent.SEARCH_PROPERTIES)
        says_more = len(_told(meant.command)) > 1 if own else bool(slots)
        return _done(talk, person, meant, ()) if says_more else None
    if words < 4 or _is_own(talk, meant.command):
        return None
    return _other_wish(talk, person, meant)


def _no_but(talk: Conversation, person: Person, said: Said, due: Asked) -> Reply | Before | None:
    """A no to what was shown that says what would be right: "no, make it Sunday"."""
    meant = _meaning(talk, person, said, memory.pending(talk, due))
    if not isinstance(meant, Meaning):
        return meant
    if meant.sure < CLEAR or meant.joined or not _is_own(talk, meant.command):
        return None
    return _corrected(talk, person, meant, of_confirm=True)


def not_an_answer(talk: Conversation, person: Person, said: Said, due: Asked) -> Reply | Before | str | None:
    """What a message means that the question did not understand; "yes" or "no" if it answers it after all.

    None: it is not clear, and the question is asked again.
    """
    meant = _meaning(talk, person, said, memory.pending(talk, due))
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
        return _done(talk, person, meant, ())
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
    outcome = _outcome(talk, person, meant.command, meant.text)
    says_something = isinstance(outcome, Begin) and (
        outcome.answers or outcome.first or (of_confirm and outcome.argument != talk.argument)
    )
    if meant.command == Command(kept.last_intent or Intent.HELP, kept.last_slots):
        says_something = False  # what was said already
    if not isinstance(outcome, Begin) or outcome.flow != talk.flow or not says_something:
        understanding.record(meant, person, answered="hint")
        return None
    memory.understood(talk, meant.command)
    reply = _begin(talk, person, outcome, ())
    understanding.record(meant, person, answered=outcome.flow)
    return reply


def _other_wish(talk: Conversation, person: Person, meant: Meaning) -> Reply | Before:
    """Something else, said clearly: it is told, or shown if it is a property, or else offered."""
    command = meant.command
    if (person.account is not None or command.intent in OPEN) and command.intent not in WRITES:
        outcome = (
            None if command.intent == Intent.HUMAN_HANDOFF else _outcome(talk, person, command, meant.text)
        )
        if isinstance(outcome, Tell):
            understanding.record(meant, person, answered=f"answer {command.intent}")
            return _told_in_between(talk, person, outcome)
        if outcome is not None and outcome.flow == "property":
            return _done(talk, person, meant, ())
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
    return talk.flow in LOOKING or _looks_for(talk, due)


def _is_own(talk: Conversation, command: Command) -> bool:
    """Whether it is what they are doing anyway."""
    mine = memory.INTENT_OF.get(talk.flow)
    if mine == Intent.BOOK_INSPECTION and command.intent in (Intent.LIST_SLOTS, Intent.RESCHEDULE_INSPECTION):
        return command.slots.get("property_ref") in (None, _ref_of(talk))
    return command.intent == mine


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
