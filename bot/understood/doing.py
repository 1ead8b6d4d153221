"""A command is carried out under the person's own rights."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from bot import commands, course, offers
from bot.assistant import answers, memory, understanding
from bot.assistant.commands import Command, Intent
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.assistant.understanding import Meaning
from bot.course import Before
from bot.models import Conversation
from bot.screens import Reply
from bot.scripts import Person, WroteTooEarly
from bot.writes import counted
from inspector_whatsapp.words import Words, say

# What the website shows to everyone, and what is told alike to everyone.
OPEN: Final = frozenset(
    (
        *(Intent.SEARCH_PROPERTIES, Intent.MORE_RESULTS, Intent.PROPERTY_DETAILS, Intent.CHECK_AVAILABILITY),
        *(Intent.LIST_SLOTS, Intent.HELP, Intent.SMALLTALK, Intent.OUT_OF_SCOPE, Intent.UNSAFE_REQUEST),
        *(Intent.HUMAN_HANDOFF, Intent.CONFIRM, Intent.DENY, Intent.PAYMENT_QUERY, Intent.CONTACT_AGENT),
    )
)


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
    outcome = outcome_of(talk, person, command, words)
    memory.understood(talk, command)
    if isinstance(outcome, Tell):
        course.leave_for_now(talk)
        return course.tell(
            talk, person, outcome.words, suggest=outcome.suggest, photo=outcome.photo, first=first
        )
    return begin(talk, person, outcome, first)


def outcome_of(talk: Conversation, person: Person, command: Command, words: str) -> Outcome:
    with counted() as writes:
        outcome = answers.outcome(command, person=person, context=memory.context(talk), words=words)
    if writes.count:
        raise WroteTooEarly(f"answer {command.intent}")
    return outcome


def begin(talk: Conversation, person: Person, begun: Begin, first: Sequence[Words]) -> Reply | Before:
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
    first = []
    if answer.over:
        first.append(say(_("That question is over.")))
    if answer.misheard:
        first.append(say(_("Please say it again, or type it.")))
    return course.again(talk, person, *first)


def done(talk: Conversation, person: Person, meant: Meaning, first: Sequence[Words]) -> Reply | Before:
    reply = carry_out(talk, person, meant.command, first, words=meant.text)
    understanding.record(meant, person, answered=talk.flow or f"answer {meant.command.intent}")
    return reply
