"""One turn: what one message makes of a conversation. No network, no transaction of its own.

`take` changes the conversation in memory and writes what its flow writes; the transaction is the caller's.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from bot import commands, matching, menus, rendering, wishes
from bot.models import Conversation
from bot.questions import NotUnderstood, Option, Prompt, TurnPage, Unsure
from bot.questions.base import FindOut, Shown
from bot.said import Said
from bot.scripts import FLOWS, Asked, Ended, Flow, Last, Person, Run, forget
from inspector_whatsapp import listings
from inspector_whatsapp.cloud_api import messages as cloud
from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Words, join, say
from linking import challenges

logger = logging.getLogger(__name__)

LONGEST = 64  # characters of a flow's argument; a button of ours names nothing longer
PAUSE = timedelta(hours=3)  # a flow that was left for longer is ended; the next message offers to go on


@dataclass(frozen=True)
class Reply:
    """What the bot answers, in one message; None: nothing."""

    message: cloud.Message | None


@dataclass(frozen=True)
class Before:
    """Something has to be found out first, outside the turn: `find_out(keep)` passes `keep` its result."""

    find_out: FindOut


def take(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    """Let the bot answer one message."""
    if talk.flow and talk.turned_at is not None and person.now - talk.turned_at > PAUSE:
        _put_aside(talk)
    shown = Shown.from_json(talk.shown)
    command = _command(said)
    if command == "cancel" and talk.flow and wishes.offers(shown, talk.flow, said.text):
        command = None  # what stands on the screen comes first
    if command is not None:
        return commands.run(command, talk, person)
    leads_on = talk.flow and shown.question.startswith(f"{talk.flow}.") and shown.tapped(said.tap) is not None
    started = said.started()
    if started is not None and not leads_on:
        return begin(talk, person, *started)
    tapped = said.answered()
    if tapped is not None and not talk.flow and _is_of(talk.aside, tapped[0]):
        resume(talk)
    if talk.flow:
        return _answer(talk, person, said)
    if tapped is not None:
        return show_menu(talk, person, say(_("That question is over.")))
    return _at_the_menu(talk, person, said)


def _command(said: Said) -> menus.Command | None:
    """A word that works from anywhere; taps and longer messages are none."""
    return None if said.tap else menus.COMMANDS.get(matching.folded(said.text).lstrip("/"))


def _at_the_menu(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    if not said.is_words:
        return show_menu(talk, person, say(_("I can only read text and taps here.")))
    named = listings.ref_in(said.text)
    if named is not None:
        return begin(talk, person, "property", named, *wishes.hello(talk, person))
    menu = menu_prompt(person)
    # A wish that needs an account is kept, and gone on with once they are linked; agents book as well.
    known = (*menu.options, *_options(menus.MENUS[Role.SEEKER]))
    menu = replace(menu, options=tuple({option.value: option for option in reversed(known)}.values())[::-1])
    shown = Shown.from_json(talk.shown)
    on_screen = shown.exactly(said.text) if shown.question == rendering.MENU else None
    if on_screen is not None:
        return begin(talk, person, *_flow_of(on_screen))
    # A digit that answers a question which was left is no item of a menu that nobody has seen.
    if matching.number(said.text) is not None and shown.question:
        return show_menu(talk, person, say(_("That isn't one of the choices. Type its number, or tap it.")))
    if matching.folded(said.text) in menus.GREETINGS:
        return show_menu(talk, person)
    if challenges.code_in(said.text) is not None:
        return show_menu(talk, person, wishes.of_a_stray_code(person))
    match wishes.wish(said.text, menu.options, person):
        case matching.Picked(index):
            return begin(talk, person, menu.options[index].value, "", *wishes.hello(talk, person))
        case matching.Unsure(indexes):
            options = [menu.options[index] for index in indexes]
            narrowed = rendering.narrowed(menu, options)
            return _show(talk, person, narrowed, rendering.MENU, wishes.hello(talk, person))
    if person.account is None and not talk.turns:
        return show_menu(talk, person)  # the greeting says what this is
    return show_menu(talk, person, say(_("Sorry, I didn't get that.")))


def _flow_of(value: str) -> tuple[str, str]:
    """The flow and its argument that an item of a menu stands for."""
    flow, _colon, argument = value.partition(":")
    return flow, argument


def begin(talk: Conversation, person: Person, flow: str, argument: str = "", *first: Words) -> Reply | Before:
    """Begin a flow. One that is under way waits for "go on"."""
    if talk.flow in FLOWS and talk.flow != flow and _is_under_way(talk):
        _put_aside(talk)
    talk.flow, talk.argument, talk.answers = "", "", {}
    known = FLOWS.get(flow)
    if flow == rendering.MENU:
        return show_menu(talk, person, *first)
    if known is None or len(argument) > LONGEST:
        return show_menu(talk, person, say(_("I can't do that any more.")))
    if known.needs_account and person.account is None:
        talk.wish = {"flow": flow, "argument": argument}
        return begin(
            talk, person, "connect", "", *first, say(_("For that I need to know your Inspector account."))
        )
    talk.flow, talk.argument = flow, argument
    return _go_on(talk, person, first)


def _go_on(talk: Conversation, person: Person, first: Sequence[Words] = ()) -> Reply | Before:
    """Run the flow to its next question or its end, and show that."""
    return _reached(talk, person, _run(talk, person, FLOWS[talk.flow]).play(), first)


def _run(talk: Conversation, person: Person, flow: Flow) -> Run:
    return Run(flow.run, replace(person, argument=talk.argument), talk.answers)


def _reached(
    talk: Conversation, person: Person, outcome: Asked | Ended, first: Sequence[Words] = ()
) -> Reply | Before:
    """Show where a flow has come to."""
    if isinstance(outcome, Asked):
        return _ask(talk, person, outcome, first)
    return _end(talk, person, outcome.last, first)


def _end(talk: Conversation, person: Person, last: Last, first: Sequence[Words]) -> Reply | Before:
    """The flow's last words, with buttons for what may follow."""
    if talk.aside.get("flow") == talk.flow:
        talk.aside = {}  # begun anew, and done
    talk.flow, talk.argument, talk.answers = "", "", {}
    if last.account is not None:
        person, talk.wish = replace(person, account=last.account), {}
    if last.then:
        return begin(talk, person, last.then, last.argument, *first, last.words)
    words = [last.words]
    if _offered_now(talk):
        words.append(say(_("Type *go on* to pick up where you were, or *menu*.")))
    options = [
        Option(f"{each.flow}:{each.argument}" if each.argument else each.flow, each.title)
        for each in last.suggest
    ]
    if len(options) < 3:
        options.append(Option("menu", say(_("Menu"))))
    return _show(talk, person, Prompt(join(*words, separator="\n\n"), tuple(options)), rendering.MENU, first)


def _answer(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    """Give the message to the question that is due."""
    flow = _playable(talk, person)
    if flow is None:
        return show_menu(talk, person, say(_("What you were doing can't be gone on with.")))
    shown = Shown.from_json(talk.shown)
    run = _run(talk, person, flow)
    due = run.play()
    if not isinstance(due, Asked):  # what it waited for has come true meanwhile
        return _end(talk, person, due.last, ())
    name = f"{talk.flow}.{due.name}"
    tapped = said.answered()
    if tapped is None and said.tap:  # a button that leads to another flow, and was among the answers
        value = shown.tapped(said.tap)
        tapped = (shown.question, value) if value is not None else ("", "")
    if tapped is not None and tapped[0] != name:
        return _ask(talk, person, due, (say(_("That button belongs to an earlier question.")),))
    if tapped is None and shown.question != name:
        return _ask(talk, person, due, ())  # another question is due than the one they saw
    before = due.question.before(said)
    if before is not None and "result" not in said.prepared:
        return Before(before)
    try:
        if shown.options and shown.exactly(said.text) is None:  # a guess must not come before their own words
            aside = wishes.in_the_middle(said, talk.flow, menu_prompt(person).options, person)
            if aside is not None:
                return begin(talk, person, *aside)
        kept = due.question.hear(said, tapped[1] if tapped else None, shown)
    except NotUnderstood as why:
        named = "" if said.tap or not said.is_words else listings.ref_in(said.text)
        if named:
            return begin(talk, person, "property", named)
        due = replace(due, question=due.question.briefly())
        return _ask(talk, person, due, (why.words,), page=shown.page)
    except TurnPage as turned:
        return _ask(talk, person, due, (), page=turned.page)
    except Unsure as unsure:
        prompt = rendering.narrowed(due.question.prompt(0), unsure.options)
        return _show(talk, person, prompt, name, ())
    talk.answers[due.name] = kept
    return _reached(talk, person, run.play())


def _playable(talk: Conversation, person: Person) -> Flow | None:
    """The flow they are in; None when it is gone, or needs the account that was unlinked meanwhile."""
    flow = FLOWS.get(talk.flow)
    return None if flow is None or (flow.needs_account and person.account is None) else flow


def _ask(talk: Conversation, person: Person, asked: Asked, first: Sequence[Words], *, page: int = 0) -> Reply:
    note = (asked.question.note,) if asked.question.note else ()
    return _show(talk, person, asked.question.prompt(page), f"{talk.flow}.{asked.name}", (*first, *note))


def _show(talk: Conversation, person: Person, prompt: Prompt, question: str, first: Sequence[Words]) -> Reply:
    message, shown = rendering.render(prompt, question=question, reader=person.reader, first=first)
    talk.shown = shown.to_json()
    return Reply(message)


def menu_prompt(person: Person) -> Prompt:
    """The menu of whoever this is."""
    if person.account is None:
        items, words = menus.STRANGER, commands.greeting()
    else:
        items, words = menus.MENUS[person.account.role_here], say(_("What would you like to do?"))
    return Prompt(words, _options(items))


def _options(menu: menus.Menu) -> tuple[Option, ...]:
    return tuple(Option(item.flow, item.title, also=item.also) for item in menu)


def show_menu(talk: Conversation, person: Person, *first: Words) -> Reply:
    """Show the menu; no flow is under way then."""
    talk.flow, talk.argument, talk.answers = "", "", {}
    words = list(first)
    if _offered_now(talk):
        words.append(say(_("You were in the middle of something: type *go on* to pick it up.")))
    return _show(talk, person, menu_prompt(person), rendering.MENU, words)


def again(talk: Conversation, person: Person, *first: Words) -> Reply | Before:
    """Show once more what the person is at, with sentences before it."""
    if _playable(talk, person) is None:
        return show_menu(talk, person, *first)
    return _go_on(talk, person, first)


def back(talk: Conversation, person: Person) -> Reply | Before:
    """Take the last answer back; at the first question it is the menu."""
    flow = _playable(talk, person)
    if flow is None:
        return show_menu(talk, person)
    outcome = _run(talk, person, flow).play()
    if not isinstance(outcome, Asked) or not any(name in talk.answers for name in outcome.path):
        leave(talk, person, flow)
        return show_menu(talk, person)
    before = list(outcome.path)
    taken_back = before.pop()
    while taken_back in outcome.undos and before:  # an effect is no answer: it goes with the one before it
        taken_back = before.pop()
    forget(talk.answers, keep=before, undos=outcome.undos)
    return _go_on(talk, person)


def leave(talk: Conversation, person: Person, flow: Flow) -> None:
    """Leave a flow for good: what it did on the way is undone. A script that breaks holds nobody back."""
    try:
        with transaction.atomic():
            outcome = _run(talk, person, flow).play()
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


def _put_aside(talk: Conversation) -> None:
    talk.aside = {"flow": talk.flow, "argument": talk.argument, "answers": talk.answers}
    talk.flow, talk.argument, talk.answers = "", "", {}


def _offered_now(talk: Conversation) -> bool:
    """Whether to say that something waits: once, not under every menu from then on."""
    if not talk.aside or talk.aside.get("offered"):
        return False
    talk.aside = {**talk.aside, "offered": True}
    return True


def resume(talk: Conversation) -> bool:
    """Pick up the flow that was put aside."""
    kept, talk.aside = talk.aside, {}
    if kept.get("flow") not in FLOWS:
        return False
    talk.flow, talk.argument, talk.answers = kept["flow"], kept["argument"], kept["answers"]
    return True


def _is_of(aside: dict[str, Any], question: str) -> bool:
    return bool(aside) and question.partition(".")[0] == aside.get("flow")
