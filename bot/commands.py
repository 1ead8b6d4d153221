"""The words that work from anywhere."""

from typing import TYPE_CHECKING, assert_never

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot import menus, rendering
from bot.assistant import memory
from bot.models import Conversation
from bot.questions import Prompt
from bot.scripts import FLOWS, Person
from inspector_whatsapp.words import Address, Words, say
from linking import challenges
from notifications import consent

if TYPE_CHECKING:
    from bot.course import Before
    from bot.screens import Reply


def run(command: menus.Command, talk: Conversation, person: Person) -> "Reply | Before":
    """Do what the word says."""
    from bot import course, screens, turn

    match command:
        case "menu":
            memory.forget(talk, now=person.now)
            if talk.flow in FLOWS:
                course.leave(talk, person, FLOWS[talk.flow])
            return screens.show_menu(talk, person)
        case "back":
            return course.back(talk, person)
        case "cancel":
            return _cancel(talk, person)
        case "help":
            return course.again(talk, person, help_words())
        case "stop":
            return _stop(talk, person)
        case "stop_all":
            return _stop_all(talk, person)
        case "start":
            return _start(talk, person)
        case "human":
            return _human(talk, person)
        case "switch" | "language" | "unlink":
            return course.begin(talk, person, command)
        case "unsafe":
            return course.begin(talk, person, "feel_unsafe")
        case "resend":
            return course.again(talk, person, _resend(person))
        case "go_on":
            if "command" in talk.aside:
                wished, talk.aside = talk.aside, {}
                return turn.hear_wish(talk, person, wished)
            if course.resume(talk, person):
                return course.again(talk, person)
            return course.again(talk, person, say(_("There is nothing else to go on with.")))
        case _:
            assert_never(command)


def _human(talk: Conversation, person: Person) -> "Reply":
    """The chat is left to a person of ours; what was under way waits."""
    from bot import course, handover, screens

    if talk.flow in FLOWS:
        course.put_aside(talk)
    handover.ask_for(talk, now=person.now)
    words = say(
        _(
            "I have told our people, and keep quiet until one of them has answered you here. You can also "
            "reach them at {site}. Type *menu* to come back to me."
        ),
        site=Address(settings.INSPECTOR_URL + "/contact"),
    )
    return screens.show(talk, person, Prompt(words), rendering.MENU, ())


def _cancel(talk: Conversation, person: Person) -> "Reply | Before":
    """Leave what is under way; where nothing is, it is an inspection that somebody wants to cancel."""
    from bot import course, screens

    talk.aside = {}
    if talk.flow in FLOWS:
        if talk.flow == "connect":
            talk.wish = {}
        flow = talk.flow
        course.leave(talk, person, FLOWS[flow])
        if FLOWS[flow].draft:
            return screens.show_menu(
                talk, person, say(_("Stopped. What you have so far is kept for a week."))
            )
        # Not "cancelled": they may have meant an inspection, and would think that it is.
        return screens.show_menu(talk, person, say(_("Stopped. Nothing was changed.")))
    if person.account is not None:
        return course.begin(talk, person, "change_inspection")
    return screens.show_menu(talk, person, say(_("There is nothing to cancel here.")))


def greeting() -> Words:
    """What a stranger reads first: what this is, and where it says what becomes of their data."""
    return say(
        _(
            "Hi, I'm the Inspector assistant. To see your inspections I need to connect this chat to your "
            "account. Tap *Connect* to start, or use *Connect WhatsApp* on the website.\n\n"
            "No account yet? Create one at {signup}. How we treat your data: {privacy}"
        ),
        signup=Address(settings.INSPECTOR_URL + "/signup"),
        privacy=Address(settings.PRIVACY_URL),
    )


def introduction() -> Words:
    """The same for a stranger whose first message says what they want: it comes before that."""
    return say(
        _("Hi, I'm the Inspector assistant. How we treat your data: {privacy}"),
        privacy=Address(settings.PRIVACY_URL),
    )


def help_words() -> Words:
    return say(
        _(
            "Type a number, tap a button, or say what you want in your own words. These work any time: "
            "*menu*, *back*, *cancel*, *language*, *switch*, *unlink*, *human* (to talk to a person), "
            "*stop* and *start*."
        )
    )


def _stop(talk: Conversation, person: Person) -> "Reply | Before":
    """Offers end; what concerns the person's own affairs still comes."""
    from bot import course

    words = say(
        _(
            "Done: no more offers here, like new homes for your alerts. Those go by e-mail. News of your "
            "inspections and your account still comes. Type *stop all* to end that too, or *start* to hear "
            "everything again."
        )
    )
    consent.stop_offers(
        contact=person.contact,
        account=person.account,
        wording="STOP",
        how="word",
        evidence=person.wamid,
        at=person.now,
    )
    return course.again(talk, person, words)


def _stop_all(talk: Conversation, person: Person) -> "Reply | Before":
    from bot import course

    words = say(
        _(
            "Done: I won't write to you by myself any more. By e-mail you get security news only. What you "
            "ask for here still works. Type *start* to hear from me again."
        )
    )
    consent.stop_everything(
        contact=person.contact,
        account=person.account,
        wording="STOP ALL",
        how="word",
        evidence=person.wamid,
        at=person.now,
    )
    return course.again(talk, person, words)


def _start(talk: Conversation, person: Person) -> "Reply | Before":
    from bot import screens

    resumed = consent.resume(
        contact=person.contact,
        account=person.account,
        wording="START",
        how="word",
        evidence=person.wamid,
        at=person.now,
    )
    if not resumed:
        return screens.show_menu(talk, person)
    return screens.show_menu(talk, person, say(_("Welcome back: I'll send you updates here again.")))


def _resend(person: Person) -> Words:
    resent = challenges.resend(contact=person.contact, now=person.now)
    match resent.is_:
        case "sent":
            return say(_("I have asked for another code. Use the newest e-mail; older codes no longer work."))
        case "wait":
            return say(
                _("Please wait {seconds} seconds before asking for another code."), seconds=resent.seconds
            )
        case "too_many":
            return say(
                _("That was the last code for now. You can start again later, or connect from the website.")
            )
    if person.account is not None:
        return say(_("No code is awaited: this chat is connected already."))
    return say(_("No code is awaited. Tap *Connect* to start."))
