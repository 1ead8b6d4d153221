"""What each person can do, line by line. No logic: a line names a flow, and the flow guards itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from inspector_whatsapp.models import Role
from inspector_whatsapp.words import Words, say


@dataclass(frozen=True)
class Item:
    """A line of a menu: what it says, the flow that it begins, other words for it."""

    title: Words
    flow: str
    also: tuple[str, ...] = ()


Menu = tuple[Item, ...]

HELP = Item(say(_("Help")), "help", ("how does this work", "info"))
SETTINGS = Item(
    say(_("Settings")),
    "settings",
    ("setting", "preferences", "notifications", "quiet hours", "low data", "time zone"),
)
LOOK = Item(
    say(_("Look for a property")),
    "look_around",
    ("search", "find a property", "look around", "house", "flat", "apartment", "land", "rent", "buy"),
)

STRANGER: Menu = (
    Item(say(_("Connect")), "connect", ("link", "link my account", "log in", "login", "sign in")),
    Item(say(_("Look around")), "look_around", ("look for a property", *LOOK.also)),
    HELP,
)

# Each begins with the lines that the people of that role asked for first, in their order.
MENUS: Mapping[Role, Menu] = {
    Role.SEEKER: (
        Item(
            say(_("My inspections")),
            "my_inspections",
            ("schedule", "my schedule", "my bookings", "waiting list", "my waiting list"),
        ),
        Item(say(_("Book an inspection")), "book_inspection", ("book", "inspect", "visit", "viewing")),
        Item(
            say(_("Properties I'm interested in")),
            "properties_of_interest",
            ("saved", "my saved properties", "interests", "my properties", "favourites"),
        ),
        Item(
            say(_("Change or cancel an inspection")),
            "change_inspection",
            ("reschedule", "move", "change", "change or cancel"),
        ),
        LOOK,
        Item(
            say(_("Alerts")), "alerts", ("alert", "my alerts", "saved search", "saved searches", "notify me")
        ),
        Item(
            say(_("Report a problem")),
            "report_problem",
            ("complain", "complaint", "scam", "fake", "report", "problem"),
        ),
        SETTINGS,
        HELP,
    ),
    Role.AGENT: (
        Item(
            say(_("Available / unavailable")),
            "availability",
            ("availability", "available", "unavailable", "my properties", "my listings", "let", "sold"),
        ),
        Item(
            say(_("Inspection slots")),
            "slots",
            ("slots", "slot", "set slots", "times", "my slots", "schedule", "my schedule"),
        ),
        Item(
            say(_("Inspection requests")),
            "requests",
            ("requests", "request", "bookings", "my inspections", "who is coming", "confirm"),
        ),
        Item(
            say(_("Upload a property")),
            "upload_property",
            ("upload", "new property", "add property", "add a property", "list a property", "new listing"),
        ),
        Item(say(_("Who is interested")), "interest", ("interest", "interested", "leads", "invite")),
        Item(
            say(_("Share a property")), "share", ("share", "my link", "link", "qr", "qr code", "group link")
        ),
        LOOK,
        SETTINGS,
        HELP,
    ),
    Role.INSPECTOR: (
        Item(
            say(_("My inspections")),
            "my_assignments",
            ("inspections", "assignments", "my assignments", "today", "visits", "my visits"),
        ),
        Item(
            say(_("Confirm completion")),
            "confirm_completion",
            ("completion", "complete", "completed", "done", "finished", "confirm", "report"),
        ),
        Item(
            say(_("Manage my schedule")),
            "time_off",
            ("schedule", "my schedule", "days off", "day off", "time off", "leave", "off"),
        ),
        Item(say(_("Running late")), "running_late", ("late", "i'm late", "i am late", "delayed")),
        LOOK,
        SETTINGS,
        HELP,
    ),
    Role.ADMIN: (LOOK, SETTINGS, HELP),
}

Command = Literal[
    "menu",
    "back",
    "cancel",
    "help",
    "stop",
    "stop_all",
    "start",
    "human",
    "switch",
    "language",
    "resend",
    "unlink",
    "go_on",
    "unsafe",
]

# To be left in peace: in English and Pidgin, Yoruba, Igbo, Hausa, French and Russian, without accents.
STOP = (
    *("stop", "unsubscribe", "opt out", "stop offers", "stop ads", "stop am", "abeg stop", "no send again"),
    *(
        "duro",
        "e duro",
        "kwusi",
        "kwusi ya",
        "tsaya",
        "daina",
        "arret",
        "arreter",
        "desabonner",
        "стоп",
        "стор",
    ),
)
STOP_ALL = (
    *("stop all", "stop everything", "unsubscribe all", "opt out of everything", "stop all of am"),
    *("da gbogbo re duro", "kwusi ha niile", "daina duka", "tout arreter", "arreter tout"),
)

# To have help at a visit; what somebody reports afterwards is said in other words.
UNSAFE = (
    *("i feel unsafe", "i am unsafe", "i'm unsafe", "i am not safe", "i'm not safe", "i am in danger", "sos"),
    *("i'm in danger", "i no safe", "i no dey safe", "i dey fear", "i dey for danger"),
)

# Words that work from anywhere, as the whole message only.
COMMANDS: Mapping[str, Command] = {
    "menu": "menu",
    "main menu": "menu",
    "back": "back",
    "go back": "back",
    "cancel": "cancel",
    "quit": "cancel",
    "exit": "cancel",
    "help": "help",
    **dict.fromkeys(STOP, "stop"),
    **dict.fromkeys(STOP_ALL, "stop_all"),
    "start": "start",
    "subscribe": "start",
    "human": "human",
    "agent please": "human",
    "talk to a person": "human",
    "person": "human",
    "switch": "switch",
    "language": "language",
    "lang": "language",
    "resend": "resend",
    "unlink": "unlink",
    "disconnect": "unlink",
    "go on": "go_on",
    "continue": "go_on",
    **dict.fromkeys(UNSAFE, "unsafe"),
}

# What is heard even while a person of ours answers in the chat.
ALWAYS: frozenset[Command] = frozenset(("stop", "stop_all", "start", "unlink", "unsafe"))

# Said to begin with: the menu is the answer, and nothing was misunderstood.
GREETINGS = frozenset(
    """hi|hello|hey|hy|hi there|hello there|good morning|good afternoon|good evening|good day|morning
    |how far|how you dey|how body|wetin dey|wetin dey happen|e kaaro|sannu|nno|bawo ni|salam
    |thanks|thank you|thank u|thanks o|ok|okay|👋|👍""".replace("\n    ", "").split("|")
)
