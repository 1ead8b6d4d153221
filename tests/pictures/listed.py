"""Every picture that the documentation shows: its file, its size, and how to come by it. In order: each finds
what those before it have left behind.
"""

from dataclasses import dataclass, replace
from typing import Final

from config.embedded import PROJECT

SHOWN: Final = PROJECT / "docs" / "screenshots"
CODE: Final = "(the code)"  # the one that was mailed


@dataclass(frozen=True)
class Chat:
    """Somebody's chat on the phones' page, after they have done all this; or, filmed, while they do.

    A plain text is written, "[a title]" is tapped, and "[2]" the second of what can be tapped.
    """

    does: tuple[str, ...] = ()
    name: str = "Ada"
    email: str = "ada@inspector.example"
    filmed: bool = False


@dataclass(frozen=True)
class Console:
    """A page of the console. {chat}: the number of the chat that somebody asked a person into."""

    address: str
    name: str = "Ada"
    asks: str = ""  # into the chat, after a person was asked for
    answer: str = ""  # an admin's
    thanks: str = ""


@dataclass(frozen=True)
class Picture:
    """One of them. size: in pixels of the page. sharp: pixels of the file for each of those."""

    file: str
    size: tuple[int, int]
    shows: Chat | Console
    dark: bool = False
    sharp: int = 1


FILM: Final = Picture(
    "booking.webp",
    (360, 640),
    Chat(
        does=(
            *("hi", "[Connect]", "ada@inspector.example", CODE, "[Yes, connect]"),
            *("PR-1042", "[Book]", "[4]", "[1]", "[Yes, book it]"),
        ),
        filmed=True,
    ),
    sharp=2,
)
DESKTOP: Final = Picture("desktop.png", (1280, 800), Chat())
SEARCH: Final = Picture(
    "assistant-search.png", (390, 1110), Chat(("What 2-bedroom flats are available in Lekki next week?",))
)
_TALK: Final = Console(
    "/admin/bot/conversation/{chat}/change/",
    asks="Can I bring my husband on Friday? And is there parking?",
    answer="Of course, bring him along. There is parking for two cars behind the gate.",
    thanks="Wonderful, thank you!",
)
TAKEN_OVER: Final = Picture("console-chat.png", (1280, 900), _TALK)
PHONE: Final = Picture("console-phone.png", (390, 800), replace(_TALK, asks=""), dark=True, sharp=2)
DAY: Final = Picture(
    "console-day.png", (1280, 900), Console("/admin/inspector_whatsapp/inspection/day/?day={day}")
)
HOME: Final = Picture("console-home.png", (1280, 900), Console("/admin/"))

PICTURES: Final = (FILM, DESKTOP, SEARCH, DAY, HOME, TAKEN_OVER, PHONE)
