"""One turn: what one message makes of a conversation. No network, no transaction of its own.

`take` changes the conversation in memory and writes what its flow writes; the transaction is the caller's.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot import (
    commands,
    course,
    drafts,
    forms,
    handover,
    matching,
    menus,
    offers,
    rendering,
    screens,
    understood,
    voice,
    web_links,
    wishes,
)
from bot.assistant import memory, understanding
from bot.assistant.commands import Command, NotACommand
from bot.assistant.understanding import Asking
from bot.course import Before
from bot.flows import lateness
from bot.models import Conversation
from bot.questions import Answers, Confirm, NotUnderstood, Option, Prompt, TurnPage, Unsure, no_words
from bot.questions.base import Shown
from bot.said import Said, holds_code
from bot.screens import Reply
from bot.scripts import FLOWS, Asked, Person, last
from inspector_whatsapp import listings, sharing
from inspector_whatsapp.cloud_api import events
from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Words, say
from linking import challenges

__all__ = ["Before", "Reply", "hear_wish", "take"]

PAUSE = timedelta(hours=3)  # a flow that was left for longer is ended; the next message offers to go on
LONGEST_WISH = 500  # characters


def take(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    """Let the bot answer one message."""
    if talk.account_id != (person.account.pk if person.account else None):
        _forget_the_other(talk, person)
    if said.is_words and not said.tap:
        sharing.arrived(person.contact, said.text)
    reply = _take(talk, person, said)
    if isinstance(reply, Reply):
        memory.look(talk)
    flow = FLOWS.get(talk.flow)
    if flow is not None and flow.draft and person.account is not None and isinstance(reply, Reply):
        drafts.keep(person.account, flow.name, talk.answers, now=person.now)
    return reply


def _forget_the_other(talk: Conversation, person: Person) -> None:
    """Another account speaks now: nothing of what the one before was at is shown, or gone on with."""
    known = FLOWS.get(talk.flow)
    if talk.account_id is None and talk.flow == "connect":
        known = None  # the website has done it
    if known is None or known.needs_account:
        talk.flow, talk.argument, talk.answers, talk.shown = "", "", {}, {}
    talk.aside = {}
    if talk.account_id is None and talk.wish.get("flow") in FLOWS:
        talk.aside = {
            "flow": talk.wish["flow"],
            "argument": talk.wish.get("argument", ""),
            "answers": talk.wish.get("answers", {}),
        }
        talk.wish = {}
    if talk.account_id is None and "command" in talk.wish:
        talk.aside, talk.wish = talk.wish, {}
    memory.forget(talk, now=person.now)
    talk.account_id = person.account.pk if person.account else None


def _take(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    filled = (
        forms.as_tap(talk, said, now=person.now) if isinstance(said.content, events.FormAnswered) else said
    )
    said = filled if isinstance(filled, Said) else said
    command = _command(said)
    token = web_links.token_in(said)
    silent = handover.is_silent(talk, now=person.now)
    if silent and token is None:
        if command == "menu":
            handover.end(talk)
            return screens.show_menu(talk, person, say(_("You are back with me, the bot.")))
        if command not in menus.ALWAYS and not said.tap:
            return screens.SILENCE
    away = talk.turned_at is not None and person.now - talk.turned_at > PAUSE
    if away:
        memory.forget(talk, now=person.now)
    if away and talk.flow:
        course.put_aside(talk)
    if token is not None:
        first = web_links.hear(token, person)
        if away and person.shared and not silent:
            return course.begin(talk, person, "switch", "who", first)
        return (
            course.again(talk, person, first) if talk.flow and not silent else screens.say_only(person, first)
        )
    if away and person.shared and command is None and not said.tap:
        return _who_is_it(talk, person, said)
    if isinstance(filled, Words):
        return course.again(talk, person, filled)
    if voice.is_heard(talk, said):
        return voice.hear(talk, person, said)
    answer = offers.answered(talk, said)
    if answer is not None and answer.words:
        said = said.as_typed(answer.words)
        command = _command(said)
    elif answer is not None:
        return understood.chosen(talk, person, answer)
    shown = Shown.from_json(talk.shown)
    if command in ("cancel", "go_on") and talk.flow and wishes.offers(shown, talk.flow, said.text):
        command = None  # what stands on the screen comes first
    if command is not None:
        return commands.run(command, talk, person)
    started = _started(said, shown)
    on_screen = talk.flow and shown.question.startswith(f"{talk.flow}.")
    if started is not None and on_screen and talk.flow in FLOWS and _is_urgent(started[0]):
        flow, argument = started  # whatever has become of what it was offered with
        return course.end(talk, person, last(say(""), then=flow, argument=argument), ())
    leads_on = on_screen and shown.tapped(said.tap) is not None
    if started is not None and not leads_on:
        return _begin(talk, person, said, *started)
    asked = sharing.asked_in(said.text) if said.is_words and not said.tap else None
    if asked is not None:
        return course.begin(talk, person, "property", asked, *wishes.hello(talk, person))
    tapped = said.answered()
    if tapped is not None and not talk.flow and course.is_of(talk.aside, tapped[0]):
        course.resume(talk, person)
    if talk.flow:
        return _answer(talk, person, said, started)
    if tapped is not None:
        return screens.show_menu(talk, person, say(_("That question is over.")))
    return _at_the_menu(talk, person, said)


def _who_is_it(talk: Conversation, person: Person, said: Said) -> Reply | Before:
    """Several people use this phone, and some time has passed. What was said is heard once that is clear."""
    if said.is_words and challenges.code_in(said.text) is None:
        talk.wish = {"text": said.text[:LONGEST_WISH]}
    return course.begin(talk, person, "switch", "who")


def _started(said: Said, shown: Shown) -> tuple[str, str] | None:
    """The flow that a tapped button begins; a digit or title that is typed begins only what is urgent."""
    if said.tap or not said.is_words:
        return said.started()
    value = shown.exactly(said.text)
    typed = next((option.id for option in shown.options if option.value == value), "")
    started = replace(said, tap=typed).started()
    return started if started is not None and _is_urgent(started[0]) else None


def _is_urgent(flow: str) -> bool:
    known = FLOWS.get(flow)
    return known is not None and known.urgent


def _begin(talk: Conversation, person: Person, said: Said, flow: str, argument: str) -> Reply | Before:
    """Begin what a button names, unless the tap was long on its way."""
    if person.late is not None and flow != rendering.MENU and not _is_urgent(flow):
        return _still_wanted(talk, person, said, flow, argument)
    return course.begin(talk, person, flow, argument)


def _still_wanted(talk: Conversation, person: Person, said: Said, flow: str, argument: str) -> Reply:
    """A tap that was long on its way does nothing by itself any more."""
    options = (
        Option(f"{flow}:{argument}" if argument else flow, say(_("Yes, go on"))),
        Option("menu", say(_("Menu"))),
    )
    words = say(_("You tapped *{title}*. Is that still what you want?"), title=said.text or flow)
    return screens.show(talk, person, Prompt(words, options), rendering.MENU, ())


def hear_wish(talk: Conversation, person: Person, wish: dict[str, Any], *first: Words) -> Reply | Before:
    """What somebody wanted before it was clear who they are: as it was understood then, or their words.

    Their words are understood here and now: this turn has a transaction, so only by what needs no network.
    """
    if "command" in wish:
        try:
            command = Command.from_json(wish["command"])
        except NotACommand:  # an older release's
            return screens.show_menu(talk, person, *first)
        return understood.carry_out(talk, person, command, first)
    said = Said(events.TextSaid(wish["text"]), wish["text"])
    if understanding.is_for_the_assistant(said):
        asking = Asking.of(person, context=memory.context(talk), since=person.now)
        said.prepared["understood"] = understanding.at_once(said.text, asking).to_json()
    return _at_the_menu(talk, person, said, *first)


def _command(said: Said) -> menus.Command | None:
    """A word that works from anywhere; taps and longer messages are none."""
    if said.tap:
        return None
    words = matching.folded(said.text).lstrip("/").replace("’", "'")
    return menus.COMMANDS.get(words) or menus.COMMANDS.get(matching.latin(words))


def _at_the_menu(talk: Conversation, person: Person, said: Said, *first: Words) -> Reply | Before:
    if not said.is_words:
        return screens.show_menu(talk, person, *first, no_words(said))
    named = listings.ref_in(said.text)
    if named is not None and wishes.names_only(said.text, named):
        return course.begin(talk, person, "property", named, *first, *wishes.hello(talk, person))
    menu = screens.menu_prompt(person)
    shown = Shown.from_json(talk.shown)
    on_screen = shown.exactly(said.text) if shown.question == rendering.MENU else None
    if on_screen is not None:
        return course.begin(talk, person, *course.flow_of(on_screen), *first)
    # A digit that answers a question which was left is no item of a menu that nobody has seen.
    if matching.number(said.text) is not None and shown.question:
        not_one = say(_("That isn't one of the choices. Type its number, or tap it."))
        return screens.show_menu(talk, person, *first, not_one)
    if matching.folded(said.text) in menus.GREETINGS:
        return screens.show_menu(talk, person, *first)
    if holds_code(said.text):
        return screens.show_menu(talk, person, *first, wishes.of_a_stray_code(person))
    # Agents book as well, and whoever is connected may connect another account.
    for options in (menu.options, *map(screens.options_of, (menus.MENUS[Role.SEEKER], menus.STRANGER))):
        near = wishes.near(said.text, options, person)
        if near is not None:
            hello = wishes.hello(talk, person)
            return course.begin(talk, person, options[near].value, "", *first, *hello)
    inspects = person.account is not None and person.account.role_here == Role.INSPECTOR
    late = lateness.said_in(said.text) if inspects else None
    if late is not None:
        return course.begin(talk, person, "running_late", late, *first)
    if not matching.wants_peace(said.text):
        reply = understood.at_the_menu(talk, person, said, (*first, *wishes.hello(talk, person)))
        if reply is not None:
            return reply
    return _guessed(talk, person, said, *first)


def _guessed(talk: Conversation, person: Person, said: Said, *first: Words) -> Reply | Before:
    """What a text may mean that nobody understood: a property or a line of the menu that it speaks of."""
    named = listings.ref_in(said.text)
    if named is not None:
        return course.begin(talk, person, "property", named, *first, *wishes.hello(talk, person))
    menu = screens.menu_prompt(person)
    # A wish that needs an account is kept, and gone on with once they are linked; agents book as well.
    for options in (menu.options, screens.options_of(menus.MENUS[Role.SEEKER])):
        match wishes.wish(said.text, options, person):
            case matching.Picked(index):
                hello = wishes.hello(talk, person)
                return course.begin(talk, person, options[index].value, "", *first, *hello)
            case matching.Unsure(indexes):
                narrowed = rendering.narrowed(menu, [options[index] for index in indexes])
                first = (*first, *wishes.hello(talk, person))
                return screens.show(talk, person, narrowed, rendering.MENU, first)
    if matching.wants_peace(said.text):
        stop = _("To be left in peace, type *stop* (no more offers here) or *stop all* (nothing by myself).")
        return screens.show_menu(talk, person, *first, say(stop))
    if person.account is None and not talk.turns:
        return screens.show_menu(talk, person, *first)  # the greeting says what this is
    return screens.show_menu(talk, person, *first, say(_("Sorry, I didn't get that.")))


def _answer(
    talk: Conversation, person: Person, said: Said, started: tuple[str, str] | None = None
) -> Reply | Before:
    """Give the message to the question that is due.

    started: what its button begins, and does where the question it stood under is no longer that.
    """
    flow = course.playable(talk, person)
    if flow is None:
        return screens.show_menu(talk, person, say(_("What you were doing can't be gone on with.")))
    shown = Shown.from_json(talk.shown)
    run = course.run_of(talk, person, flow)
    due = run.play()
    name = f"{talk.flow}.{due.name}" if isinstance(due, Asked) else ""
    if started is not None and name != shown.question:
        return _begin(talk, person, said, *started)
    if not isinstance(due, Asked):  # what it waited for has come true meanwhile
        return course.end(talk, person, due.last, ())
    tapped = said.answered()
    if tapped is None and said.tap:  # a button that leads to another flow, and was among the answers
        value = shown.tapped(said.tap)
        tapped = (shown.question, value) if value is not None else ("", "")
    if tapped is not None and tapped[0] != name:
        return screens.ask(talk, person, due, (say(_("That button belongs to an earlier question.")),))
    if tapped is None and shown.question != name:
        return screens.ask(talk, person, due, ())  # another question is due than the one they saw
    before = due.question.before(said)
    if before is not None and "result" not in said.prepared:
        return Before(before)
    gathers = due.question.gathers(said)
    try:
        if shown.options and shown.exactly(said.text) is None:  # a guess must not come before their own words
            aside = wishes.in_the_middle(said, talk.flow, screens.menu_prompt(person).options, person)
            if aside is not None:
                return course.begin(talk, person, *aside)
        ref = listings.ref_in(said.text) if said.is_words else None
        if ref is None or not wishes.names_only(said.text, ref):
            wanted = understood.before_a_guess(talk, person, said, due, shown)
            if wanted is not None:
                return wanted
        kept = due.question.hear(said, tapped[1] if tapped else None, shown)
    except NotUnderstood as why:
        named = "" if said.tap or not said.is_words else listings.ref_in(said.text)
        if named and wishes.names_only(said.text, named):
            return course.begin(talk, person, "property", named)
        other = wishes.instead(said, talk.flow, screens.menu_prompt(person).options, person)
        if other is not None:
            return course.begin(talk, person, *other)
        meant = understood.not_an_answer(talk, person, said, due)
        if isinstance(meant, Reply | Before):
            return meant
        if meant is None and named:
            return course.begin(talk, person, "property", named)
        if meant is None:
            due = replace(due, question=due.question.briefly())
            return screens.ask(talk, person, due, (why.words,), page=shown.page)
        value = next(option.value for option in shown.options if option.value.startswith(f"{meant}."))
        kept = due.question.hear(said, value, shown)
    except TurnPage as turned:
        return screens.ask(talk, person, due, (), page=turned.page)
    except Unsure as unsure:
        meant = understood.not_an_answer(talk, person, said, due) if _is_sentence(said) else None
        if isinstance(meant, Reply | Before):
            return meant
        if not unsure.options:
            return screens.ask(talk, person, due, (), page=shown.page)
        prompt = rendering.narrowed(due.question.prompt(0), unsure.options)
        return screens.show(talk, person, prompt, name, ())
    if person.late is not None and isinstance(due.question, Confirm) and kept["yes"]:
        return screens.ask(talk, person, due, (say(_("Is that still what you want?")),))
    if isinstance(kept, Answers):
        talk.answers |= kept.others
        kept = kept.own
    talk.answers[due.name] = kept
    outcome = run.play()
    if started is not None and isinstance(outcome, Asked) and outcome.name == due.name:  # it reads no longer
        return _begin(talk, person, said, *started)
    reply = course.reached(talk, person, outcome)
    return replace(reply, settles=True) if gathers and isinstance(reply, Reply) else reply


def _is_sentence(said: Said) -> bool:
    """Whether there are words enough to mean something else than what was shown."""
    return said.is_words and not said.tap and len(said.text.split()) >= 3
