"""The course of a flow: begun, gone on with, taken back, left, put aside, picked up, ended."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from bot import drafts, rendering, screens
from bot.assistant import memory
from bot.models import Conversation
from bot.questions import FindOut, Option, Prompt
from bot.screens import Reply
from bot.scripts import FLOWS, Asked, Ended, Flow, Last, Person, Run, Suggestion, forget
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Words, join, say

logger = logging.getLogger(__name__)

LONGEST = 64  # characters of a flow's argument; a button of ours names nothing longer


@dataclass(frozen=True)
class Before:
    """Something has to be found out first, outside the turn."""

    find_out: FindOut


def flow_of(value: str) -> tuple[str, str]:
    """The flow and its argument that an item of a menu stands for."""
    flow, _colon, argument = value.partition(":")
    return flow, argument


def begin(
    talk: Conversation,
    person: Person,
    flow: str,
    argument: str = "",
    *first: Words,
    answers: Mapping[str, Any] | None = None,
) -> Reply | Before:
    """Begin a flow. One that is under way waits for "go on".

    answers: what is known already, under the names of its questions; what does not hold is asked.
    """
    if talk.flow != flow:
        leave_for_now(talk)
    talk.flow, talk.argument, talk.answers = "", "", {}
    known = FLOWS.get(flow)
    if flow == rendering.MENU:
        return screens.show_menu(talk, person, *first)
    if known is None or len(argument) > LONGEST:
        return screens.show_menu(talk, person, say(_("I can't do that any more.")))
    if not known.lets(person.account):
        return _refuse(talk, person, known, argument, first, answers)
    talk.flow, talk.argument, talk.answers = flow, argument, dict(answers or {})
    if known.draft and person.account is not None:
        draft = drafts.of(person.account, flow, now=person.now)
        talk.answers = (draft.answers if draft else {}) | talk.answers
    return _go_on(talk, person, first)


def _refuse(
    talk: Conversation,
    person: Person,
    flow: Flow,
    argument: str,
    first: Sequence[Words],
    answers: Mapping[str, Any] | None,
) -> Reply | Before:
    """Somebody may not run this flow: who is unknown connects first, and goes on with it then."""
    if person.account is None:
        talk.wish = {"flow": flow.name, "argument": argument} | (
            {"answers": dict(answers)} if answers else {}
        )
        return begin(
            talk, person, "connect", "", *first, say(_("For that I need to know your Inspector account."))
        )
    why = [NOT_YOURS.get(flow.roles[0], say(_("I can't do that for you.")))]
    if person.shared:
        why.append(say(_("You are here as {account}; type *switch* to change."), account=person.account))
    return screens.show_menu(talk, person, *first, join(*why, separator=" "))


NOT_YOURS = {
    Role.AGENT: say(_("Only agents can do that.")),
    Role.INSPECTOR: say(_("Only inspectors can do that.")),
    Role.SEEKER: say(_("Only seekers can do that.")),
}


def _go_on(talk: Conversation, person: Person, first: Sequence[Words] = ()) -> Reply | Before:
    """Run the flow to its next question or its end, and show that."""
    return reached(talk, person, run_of(talk, person, FLOWS[talk.flow]).play(), first)


def run_of(talk: Conversation, person: Person, flow: Flow) -> Run:
    return Run(flow.run, replace(person, argument=talk.argument), talk.answers)


def reached(
    talk: Conversation, person: Person, outcome: Asked | Ended, first: Sequence[Words] = ()
) -> Reply | Before:
    """Show where a flow has come to."""
    if isinstance(outcome, Asked):
        return screens.ask(talk, person, outcome, first)
    return end(talk, person, outcome.last, first)


def end(talk: Conversation, person: Person, last: Last, first: Sequence[Words]) -> Reply | Before:
    """The flow's last words, with buttons for what may follow."""
    if talk.aside.get("flow") == talk.flow:
        talk.aside = {}  # begun anew, and done
    if FLOWS[talk.flow].draft and person.account is not None:
        drafts.throw_away(person.account, talk.flow)
    talk.flow, talk.argument, talk.answers = "", "", {}
    wished: dict[str, Any] = {}
    if last.account is not None:
        if last.account != person.account:
            talk.aside = {}
        wished = talk.wish
        person, talk.wish = replace(person, account=last.account), {}
        talk.account_id = last.account.pk
        memory.forget(talk, now=person.now)
    if "text" in wished or "command" in wished:
        from bot import turn

        return turn.hear_wish(talk, person, wished, *first, last.words)
    if last.human:
        from bot import handover

        handover.ask_for(talk, now=person.now)
    if last.then:
        return begin(talk, person, last.then, last.argument, *first, last.words, answers=last.answers)
    return tell(
        talk, person, last.words, suggest=last.suggest, photo=last.photo, first=first, sends=last.sends
    )


def tell(
    talk: Conversation,
    person: Person,
    told: Words,
    *,
    suggest: Sequence[Suggestion],
    photo: str = "",
    first: Sequence[Words] = (),
    sends: tuple[cloud.Message, ...] = (),
) -> Reply:
    """Say something that ends there, with buttons for what may follow."""
    words = [told]
    if screens.offered_now(talk):
        words.append(say(_("Type *go on* to pick up where you were, or *menu*.")))
    options = [
        Option(f"{each.flow}:{each.argument}" if each.argument else each.flow, each.title) for each in suggest
    ]
    if len(options) < 3:
        options.append(Option("menu", say(_("Menu"))))
    prompt = Prompt(join(*words, separator="\n\n"), tuple(options), photo)
    return screens.show(talk, person, prompt, rendering.MENU, first, sends=sends)


def playable(talk: Conversation, person: Person) -> Flow | None:
    """The flow they are in; None when it is gone, or is not for who they are by now."""
    flow = FLOWS.get(talk.flow)
    return flow if flow is not None and flow.lets(person.account) else None


def again(talk: Conversation, person: Person, *first: Words) -> Reply | Before:
    """Show once more what the person is at, with sentences before it."""
    if playable(talk, person) is None:
        return screens.show_menu(talk, person, *first)
    return _go_on(talk, person, first)


def back(talk: Conversation, person: Person) -> Reply | Before:
    """Take the last answer back; at the first question it is the menu."""
    flow = playable(talk, person)
    if flow is None:
        return screens.show_menu(talk, person)
    outcome = run_of(talk, person, flow).play()
    before = list(outcome.path) if isinstance(outcome, Asked) else []
    while before and isinstance(outcome, Asked) and before[-1] in outcome.effects:
        before.pop()  # an effect is no answer: it goes with the one before it
    if not before or not isinstance(outcome, Asked):
        leave(talk, person, flow)
        return screens.show_menu(talk, person)
    before.pop()
    forget(talk.answers, keep=before, undos=outcome.undos)
    return _go_on(talk, person)


def leave(talk: Conversation, person: Person, flow: Flow) -> None:
    """Leave a flow: what it did on the way is undone, a draft is kept. A script that breaks holds nobody."""
    if flow.draft or not talk.answers:  # what it did would stand among the answers
        talk.flow, talk.argument, talk.answers = "", "", {}
        return
    try:
        with transaction.atomic():
            outcome = run_of(talk, person, flow).play()
            if isinstance(outcome, Asked):
                forget(talk.answers, keep=(), undos=outcome.undos)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.error("flow %s broke while it was left: %s", flow.name, type(error).__name__, exc_info=error)
    talk.flow, talk.argument, talk.answers = "", "", {}


def _is_under_way(talk: Conversation) -> bool:
    """Whether there is something to go on with: answers, or a booking of a property that was named."""
    return bool(talk.answers or (talk.argument and FLOWS[talk.flow].needs_account))


def leave_for_now(talk: Conversation) -> None:
    """Something else begins: what is under way waits for "go on"."""
    if talk.flow in FLOWS and _is_under_way(talk):
        put_aside(talk)
    talk.flow, talk.argument, talk.answers = "", "", {}


def put_aside(talk: Conversation) -> None:
    talk.aside = {"flow": talk.flow, "argument": talk.argument, "answers": talk.answers}
    talk.flow, talk.argument, talk.answers = "", "", {}


def resume(talk: Conversation, person: Person) -> bool:
    """Pick up the flow that was put aside."""
    kept, talk.aside = talk.aside, {}
    flow = FLOWS.get(kept.get("flow", ""))
    if flow is None:
        return False
    answers = kept["answers"]
    if flow.draft:
        draft = drafts.of(person.account, flow.name, now=person.now) if person.account else None
        if draft is None:
            return False
        answers = draft.answers
    talk.flow, talk.argument, talk.answers = flow.name, kept["argument"], answers
    return True


def is_of(aside: dict[str, Any], question: str) -> bool:
    return bool(aside) and question.partition(".")[0] == aside.get("flow")
