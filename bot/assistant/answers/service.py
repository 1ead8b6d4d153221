"""Everything around the visits: who to talk to, accounts, payments, problems, help, and what is refused.

What is said here of the product is true of it as it is; a test holds the flows that the buttons name.
"""

import re
from typing import assert_never

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.assistant.answers import looking
from bot.assistant.answers.asked_times import AskedTimes
from bot.assistant.answers.meant import describes, home, names_one, narrowed
from bot.assistant.commands import NEXT, Command, Slots
from bot.assistant.context import Context
from bot.assistant.outcomes import Begin, Outcome, Tell
from bot.flows.booking import MINE
from bot.flows.connecting import CONNECT
from bot.flows.explaining import subject_in
from bot.flows.looking import LOOK_ON
from bot.flows.problems import LATELY
from bot.flows.properties import PROPERTIES, UPLOAD
from bot.flows.requests import REQUESTS
from bot.flows.settings import SETTINGS
from bot.scripts import Person, Suggestion
from inspector_whatsapp import inspections
from inspector_whatsapp.models import Inspection, Property, Role
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.words import Address, Words, join, say

BOOK = Suggestion(say(_("Book an inspection")), "book_inspection")
PROBLEM = Suggestion(say(_("Report a problem")), "report_problem")
HUMAN = say(_("Type *human* to talk to a person of ours."))


# --- people -----------------------------------------------------------------------------------------------
def human() -> Outcome:
    """What the word *human* does."""
    return Begin("human")


def agent(command: Command, *, person: Person, context: Context) -> Outcome:
    """How to reach the agent of a property. Numbers are given to nobody, in either direction."""
    property = _spoken_of(command.slots, person, context)
    if property is None:
        if command.slots.get("inspection_ref", NEXT) != NEXT:
            return Tell(say(_("I can't find that inspection among yours.")), (MINE,))
        meant = home(command.slots, person=person, context=context)
        if meant.ref or describes(command.slots):
            return looking.which(meant, command.slots)
        return Tell(join(_NO_NUMBERS, looking.WHICH, HUMAN, separator="\n\n"), (LOOK_ON,))
    lines = [
        say(_("*{property:short}* · {property:ref}"), property=property),
        _NO_NUMBERS,
    ]
    if property.url and property.status == PropertyStatus.LIVE:
        lines.append(say(_("Its page on the website: {url}"), url=Address(property.url)))
    lines.append(say(_("You meet at an inspection, and the agent is told of it. {human}"), human=HUMAN))
    book = Suggestion(say(_("Book an inspection")), "book_inspection", property.ref)
    return Tell(join(*lines), (book,) if property.status == PropertyStatus.LIVE else ())


_NO_NUMBERS = say(_("I don't give out phone numbers, and can't pass notes on."))


def _spoken_of(slots: Slots, person: Person, context: Context) -> Property | None:
    """The property that is meant, perhaps by an inspection of theirs."""
    inspection = _inspection(slots, person, context)
    if inspection is not None:
        return inspection.property
    if slots.get("inspection_ref", NEXT) != NEXT:
        return None
    return home(slots, person=person, context=context).property


def _inspection(slots: Slots, person: Person, context: Context) -> Inspection | None:
    """The one inspection of theirs that is meant, of late or to come."""
    if person.account is None:
        return None
    asked = AskedTimes.of(slots, person.reader.tz)
    own = inspections.of(person.user)
    if slots.get("inspection_ref", NEXT) != NEXT:
        return own.filter(ref=slots["inspection_ref"]).first()
    if not names_one(slots) and not asked:
        if context.focus_inspection is None:
            return None
        return own.filter(ref=context.focus_inspection).first()
    near = own.filter(starts_at__gt=person.now - LATELY, starts_at__lt=person.now + LATELY)
    found = narrowed(list(near.order_by("starts_at", "pk")[:100]), slots, asked, person=person)
    return found[0] if len(found) == 1 else None


def problem(slots: Slots, *, person: Person, context: Context) -> Outcome:
    """Report a problem, with what it is about where that is clear."""
    ref = slots.get("inspection_ref", NEXT)
    if ref != NEXT:
        return Begin("report_problem", ref)
    inspection = _inspection(slots, person, context)
    if inspection is not None:
        return Begin("report_problem", inspection.ref)
    meant = home(slots, person=person, context=context)
    if meant.property is not None:
        return Begin("report_problem", meant.property.ref)
    return Begin("report_problem", meant.ref)


# --- accounts and money -----------------------------------------------------------------------------------
def account(words: str, *, person: Person) -> Outcome:
    """What can be done about one's account, here and on the website; alerts and messages, where named."""
    plain = matching.folded(words)
    for flow, named in (("alerts", _ALERTS), ("notifications", _MESSAGES)):
        if person.account is not None and named.search(plain):
            return Begin(flow)
    profile = say(
        _("Your name, number, verification and password are changed on the website: {site}"),
        site=Address(settings.INSPECTOR_URL),
    )
    if person.account is None:
        return Tell(
            join(
                say(_("This chat is not connected to an Inspector account yet.")), profile, separator="\n\n"
            ),
            (CONNECT, SETTINGS),
        )
    role = say("{role}", role=person.user.role_here.label)
    return Tell(
        join(
            say(
                _("This chat speaks for {account} ({account:email}), {role}."), account=person.user, role=role
            ),
            profile,
            say(
                _(
                    "To end the connection of this chat, tap *Disconnect*. To have your account deleted, ask "
                    "on the website or a person of ours: {human}"
                ),
                human=HUMAN,
            ),
            separator="\n\n",
        ),
        (
            Suggestion(say(_("Notifications")), "notifications"),
            SETTINGS,
            Suggestion(say(_("Disconnect")), "unlink"),
        ),
    )


_ALERTS = re.compile(r"\balerts?\b|\bsaved search(?:es)?\b")
_MESSAGES = re.compile(r"\bnotifications?\b|\breminders?\b")


def payment() -> Outcome:
    """Money is not dealt with here, and nothing is made up about it."""
    return Tell(
        join(
            say(
                _(
                    "I see no payments, receipts, refunds or payouts, and nothing is ever paid in this chat. "
                    "Look on the website: {site}"
                ),
                site=Address(settings.INSPECTOR_URL),
            ),
            say(_("Somebody asks you for money outside Inspector? Please report it, and pay nothing.")),
            HUMAN,
            separator="\n\n",
        ),
        (PROBLEM,),
    )


# --- how it works -----------------------------------------------------------------------------------------
def help(words: str) -> Outcome:
    """How something is done, by its subject; what can be asked for where none is named."""
    return Begin("how_it_works", subject_in(words))


def what_i_do(person: Person) -> tuple[Words, tuple[Suggestion, ...]]:
    """What this is for, in a sentence for each role, with where to begin."""
    if person.account is None:
        return (
            say(_("I show homes and when they can be seen, and book inspections once you are connected.")),
            (LOOK_ON, CONNECT),
        )
    role = person.user.role_here
    match role:
        case Role.SEEKER:
            words = _("I find homes, tell you when they can be seen, and book, move and cancel inspections.")
            return say(words), (LOOK_ON, BOOK, MINE)
        case Role.AGENT:
            words = _("I look after your properties, their inspection times and those who ask to see them.")
            return say(words), (PROPERTIES, REQUESTS, UPLOAD)
        case Role.INSPECTOR:
            words = _("I tell you which inspections you carry out and when, and take your reports.")
            confirm = Suggestion(say(_("Confirm completion")), "confirm_completion")
            return say(words), (Suggestion(say(_("My inspections")), "my_assignments"), confirm)
        case Role.ADMIN:
            return say(_("I find homes here; everything else of yours is in the console.")), (LOOK_ON,)
        case _:
            assert_never(role)


# --- talk -------------------------------------------------------------------------------------------------
THANKS = (
    "thanks",
    "thank you",
    "thank",
    "thx",
    "tnx",
    "ese",
    "daalu",
    "na gode",
    "nagode",
    "appreciate",
    "well done",
)
FAREWELLS = (
    "bye",
    "goodbye",
    "good night",
    "goodnight",
    "see you",
    "later",
    "o dabo",
    "ka odi",
    "sai anjima",
)


def smalltalk(words: str, *, person: Person) -> Outcome:
    """A kind word back, and where to begin."""
    plain = matching.folded(words)
    if any(matching.has(plain, each) for each in THANKS):
        return Tell(say(_("You're welcome!")), what_i_do(person)[1])
    if any(matching.has(plain, each) for each in FAREWELLS):
        return Tell(say(_("Bye for now! Write any time.")))
    able, begin = what_i_do(person)
    if person.account is None:
        return Tell(join(say(_("Hello! I'm the Inspector assistant.")), able), begin)
    return Tell(join(say(_("Hello {account:first}!"), account=person.user), able), begin)


def nothing_pending() -> Outcome:
    return Tell(say(_("I'm not waiting for a yes or no. What would you like to do?")))


def nothing_done() -> Outcome:
    return Tell(say(_("All right, nothing was changed.")))


def out_of_scope(*, person: Person) -> Outcome:
    able, begin = what_i_do(person)
    return Tell(join(say(_("I can't help with that here.")), able), begin)


def unsafe(*, person: Person) -> Outcome:
    """A politeness: nobody is shown more, or may do more, for having asked otherwise."""
    able, begin = what_i_do(person)
    no = say(_("I can't do that: I show and change only what is yours, and what everybody may see."))
    return Tell(join(no, able), begin)
