"""How things are done here, by subject: a few true sentences each, and where it begins."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.questions import Option, choice
from bot.scripts import FLOWS, Person, Script, Suggestion, ask, flow, last
from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Address, LazyText, Words, join, say

SITE = Address(settings.INSPECTOR_URL)


@dataclass(frozen=True)
class Subject:
    """Something that people ask about. also: the words by which they do."""

    title: Words
    also: tuple[str, ...]
    text: Words
    begins: tuple[Suggestion, ...]


def _subject(title: LazyText, also: str, *text: LazyText, **begins: LazyText) -> Subject:
    """also: with commas between. begins: the flows that can be begun, with what their buttons say."""
    return Subject(
        say(title),
        tuple(also.split(", ")),
        join(*(say(sentences, site=SITE) for sentences in text)),
        tuple(Suggestion(say(button), flow) for flow, button in begins.items()),
    )


# The names are kept in buttons and with conversations: they never change meaning.
SUBJECTS: Mapping[str, Subject] = {
    "finding": _subject(
        _("Finding a home"),
        "find, search, look for, looking for, listing, listings",
        _(
            "Say what you look for in your own words, like *2 bedroom flat in Yaba under 2m*. Or look "
            "around step by step."
        ),
        look_around=_("Look around"),
    ),
    "booking": _subject(
        _("Booking an inspection"),
        "book, booking, inspect, viewing, visit, tour, see a house, see the house",
        _(
            "Pick a property and a free time: I ask you before anything is booked. Some agents have to "
            "say yes first, and I tell you as soon as they do."
        ),
        book_inspection=_("Book an inspection"),
    ),
    "changing": _subject(
        _("Moving or cancelling"),
        "reschedule, move, change, postpone, cancel, call off, another time, change the time",
        _(
            "Pick the inspection, then *Change the time* or *Cancel it*. I ask you before anything is "
            "changed, and tell everybody concerned."
        ),
        change_inspection=_("Change or cancel"),
    ),
    "fees": _subject(
        _("Prices and fees"),
        "fee, fees, agency fee, charge, charges, commission, caution, deposit, cost, costs, free",
        _(
            "A property's card shows its price and what that is for. Of other fees I know nothing: ask "
            "at the inspection. Nothing is ever paid in this chat."
        ),
    ),
    "papers": _subject(
        _("Papers"),
        "document, documents, papers, c of o, title, agreement, contract, id card, tenancy",
        _(
            "A listing may say that there is a C of O; I have no papers and check none. Have them looked "
            "at before you pay anybody."
        ),
    ),
    "alerts": _subject(
        _("Alerts for new homes"),
        "alert, alerts, notify, tell me when, saved search",
        _(
            "An alert tells you when a home like the one you look for comes, at once or once a day. It "
            "can be paused or deleted at any time."
        ),
        alerts=_("Alerts"),
    ),
    "account": _subject(
        _("Account and connecting"),
        "account, connect, link, verify, verified, verification, sign up, register, log in, login, "
        "password, profile, my email, email address, my number, phone number, my name",
        _(
            "This chat is connected to your Inspector account by a code that is sent to its e-mail "
            "address. Accounts are made, and verified, on the website: {site}"
        ),
        _("*unlink* ends the connection, *switch* changes between several accounts."),
        connect=_("Connect"),
        settings=_("Settings"),
    ),
    "messages": _subject(
        _("What I write by myself"),
        "notification, notifications, messages, reminder, reminders, quiet, language, stop",
        _(
            "I remind you of inspections and tell you what changes. What I write, how and when not is "
            "yours to choose. *stop* ends offers, *stop all* everything."
        ),
        notifications=_("Notifications"),
        language=_("Language"),
    ),
    "safety": _subject(
        _("Staying safe"),
        "safe, safety, scam, fraud, fake, report, complain, trust",
        _(
            "Pay nobody before you have seen the place, and nobody outside Inspector. Tell us of "
            "anything odd: our people look into it."
        ),
        report_problem=_("Report a problem"),
    ),
    "offering": _subject(
        _("Offering a property"),
        "upload, list my, list a property, advertise, sell my, rent out, add a property, post",
        _(
            "An agent's account can offer properties. I ask for one thing at a time, and photos; "
            "Inspector looks at it before it is on the website, and I tell you then."
        ),
        upload_property=_("Upload a property"),
    ),
    "times": _subject(
        _("Inspection times"),
        "slot, slots, inspection times, open times, availability",
        _(
            "Open times for each of your properties: seekers book those only. You choose whether "
            "bookings count by themselves or need your yes."
        ),
        slots=_("Inspection slots"),
        availability=_("My properties"),
    ),
    "requests": _subject(
        _("Who comes when"),
        "request, requests, who is coming, confirm a request, decline",
        _("You see who has booked or asks for which time, and say yes or no to those that wait for you."),
        requests=_("Inspection requests"),
    ),
    "visits": _subject(
        _("Visits given to you"),
        "assignment, assignments, jobs, my visits",
        _(
            "You see what you carry out and when, say that you'll be there, or hand a visit back if you "
            "can't come."
        ),
        my_assignments=_("My inspections"),
    ),
    "reporting": _subject(
        _("Reporting on a visit"),
        "completion, complete, outcome, submit, mark as done",
        _(
            "From its beginning on you can say how a visit went, with a note and photos, and correct "
            "that for 24 hours."
        ),
        confirm_completion=_("Confirm completion"),
    ),
    "time_off": _subject(
        _("Days off"),
        "day off, days off, time off, leave, holiday",
        _(
            "Say when you are not to be sent anywhere. Visits that fall into that time are given to "
            "somebody else."
        ),
        time_off=_("Manage my schedule"),
    ),
}

SEEKERS = ("finding", "booking", "changing", "fees", "papers", "alerts", "account", "messages", "safety")
OF_ROLE: Mapping[Role, tuple[str, ...]] = {
    Role.SEEKER: SEEKERS,
    Role.AGENT: (
        "offering",
        "times",
        "requests",
        "finding",
        "fees",
        "papers",
        "account",
        "messages",
        "safety",
    ),
    Role.INSPECTOR: ("visits", "reporting", "time_off", "finding", "account", "messages", "safety"),
}
OTHERS = ("finding", "account", "messages")


@flow("how_it_works", needs_account=False)
def how_it_works(person: Person) -> Script:
    """Somebody wants to know how something is done."""
    subject = SUBJECTS.get(person.argument)
    if subject is None:
        account = person.account
        offered = OF_ROLE.get(account.role_here, OTHERS) if account is not None else SEEKERS
        name = yield from ask(
            "subject",
            choice(
                say(_("What do you want to know? Pick one. To talk to a person, type *human*.")),
                offered,
                option=_option,
                typed=lambda words: [name] if (name := subject_in(words)) else [],
            ),
        )
        subject = SUBJECTS[name]
    may = [each for each in subject.begins if _may_begin(each, person)]
    return last(join(say("*{title}*", title=subject.title), subject.text), *may)


def _option(name: str) -> Option:
    return Option(name, SUBJECTS[name].title, also=SUBJECTS[name].also)


def _may_begin(suggestion: Suggestion, person: Person) -> bool:
    """Who is not connected may begin anything: they connect first."""
    if suggestion.flow == "connect":
        return person.account is None
    return person.account is None or FLOWS[suggestion.flow].lets(person.account)


def subject_in(words: str) -> str:
    """What a question is about; empty where it names no subject, or several."""
    plain = matching.folded(words)
    found = [name for name, each in SUBJECTS.items() if any(matching.has(plain, word) for word in each.also)]
    longest = {
        name: max(len(word) for word in SUBJECTS[name].also if matching.has(plain, word)) for name in found
    }
    best = [name for name in found if longest[name] == max(longest.values())]
    return best[0] if len(best) == 1 else ""
