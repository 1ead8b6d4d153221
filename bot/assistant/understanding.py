"""What somebody's words mean: understood before their turn, and kept on their message until then.

Nothing here writes but `keep` of the caller, and `record`, which is the turn's. A process that has the
interpreter in its memory understands what is clear in the turn itself, where it costs milliseconds; whatever
takes longer is found out before the turn, with no transaction open.
"""

import re
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import CharField, Value

from bot.assistant import gazetteer, interpreter
from bot.assistant.commands import Command, Intent, NotACommand
from bot.assistant.context import NOTHING, Context, Turn
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.intents import meaning
from bot.assistant.interpreter import Understood
from bot.models import InboundEvent, InboundState, Interpretation
from bot.said import IDS, Said, holds_code
from bot.scripts import Person
from inspector_whatsapp import clock
from inspector_whatsapp.models import Contact, OutboxMessage, Role
from inspector_whatsapp.words import Reader
from linking import intents

# How sure it has to be, of 0 to 1. Below CLEAR a second opinion is asked for.
ENOUGH: Final = 0.5  # to do at the menu what was said, where it says of what
CLEAR: Final = 0.7  # to do it in any case, or to speak of it in the middle of something else
CERTAIN: Final = 0.85  # to take words for the yes that a question waits for

LONGEST = 1000  # characters that are understood
REMEMBERED = 4  # messages before this one, theirs and ours
FRESH = 60  # seconds that the places of the database are taken to be the same


@dataclass(frozen=True)
class Meaning:
    """How a text was understood, and what it was understood from.

    role: of whoever said it; empty for a stranger. joined: it was understood as part of a later message.
    """

    text: str
    understood: Understood
    role: str = ""
    context: Context = NOTHING
    milliseconds: int = 0
    model: str = ""
    error: str = ""
    joined: bool = False

    @property
    def command(self) -> Command:
        return self.understood.command

    @property
    def sure(self) -> float:
        return self.understood.sure

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "role": self.role,
            "context": self.context.to_json(),
            "command": self.command.to_json(),
            "sure": self.sure,
            "source": self.understood.source,
            "others": [other.to_json() for other in self.understood.others],
            "milliseconds": self.milliseconds,
            "model": self.model,
            "error": self.error,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Meaning":
        if "joined" in kept:
            return cls("", UNKNOWN, joined=True)
        understood = Understood(
            Command.from_json(kept["command"]),
            kept["sure"],
            kept["source"],
            tuple(map(Command.from_json, kept["others"])),
        )
        return cls(
            kept["text"],
            understood,
            kept["role"],
            Context.from_json(kept["context"]),
            kept["milliseconds"],
            kept["model"],
            kept["error"],
        )


UNKNOWN = Understood(Command(Intent.OUT_OF_SCOPE), 0.0, "grammar")


def is_for_the_assistant(said: Said) -> bool:
    """Whether a message may be understood: words, and nothing in them that may be secret."""
    if not settings.ASSISTANT or said.tap or not said.is_words or said.text.startswith(IDS):
        return False
    if holds_code(said.text) or intents.names_token(said.text):
        return False
    return re.search(r"[^\W\d_]{2}", said.text) is not None


# --- before the turn --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asking:
    """Who said something, and what the chat holds: all that is needed to understand it.

    since: nothing that was said before is looked at; then it was somebody else's, or about something else.
    """

    contact: Contact
    role: Role | None
    reader: Reader
    now: datetime
    since: datetime
    context: Context = NOTHING

    @classmethod
    def of(cls, person: Person, *, context: Context, since: datetime) -> "Asking":
        role = person.account.role_here if person.account else None
        return cls(person.contact, role, person.reader, person.now, since, context)


def get_ready() -> None:
    """Load what understanding needs, which takes a second: for a worker that begins."""
    interpreter.interpret("Hello", role=Role.SEEKER, now=clock.now(), gazetteer=places())


def in_the_turn(text: str, asking: Asking) -> Meaning | None:
    """What a text clearly means; None where finding that out would hold up other people's turns."""
    if not meaning.is_loaded():
        return None
    heard = at_once(text, asking)
    return heard if heard.sure >= CLEAR else None


def at_once(text: str, asking: Asking) -> Meaning:
    """What the embedded interpreter makes of a text: it takes milliseconds, and needs nobody."""
    began = time.monotonic()
    text = text[:LONGEST]
    understood = interpreter.interpret(
        text,
        role=asking.role or Role.SEEKER,
        now=asking.now.astimezone(asking.reader.tz),
        gazetteer=places(),
        context=asking.context,
    )
    took = round((time.monotonic() - began) * 1000)
    return Meaning(text, _checked(understood), asking.role or "", asking.context, took)


def second_opinion(first: Meaning, asking: Asking) -> Meaning:
    """What a language model makes of it, where one is configured."""
    if not settings.ASSISTANT_MODEL:
        return first
    from bot.assistant import language_model

    answered = language_model.ask(
        first.text,
        first=first.understood,
        contact=asking.contact,
        role=asking.role or Role.SEEKER,
        now=asking.now.astimezone(asking.reader.tz),
        gazetteer=places(),
        context=asking.context,
        history=history(asking),
    )
    return replace(
        first,
        understood=_checked(answered.understood),
        model=answered.model,
        error=answered.error,
        milliseconds=first.milliseconds + answered.milliseconds,
    )


def _checked(understood: Understood) -> Understood:
    """Without what is no command: whoever made it up, it is not acted on."""
    try:
        command = Command.from_json(understood.command.to_json())
    except NotACommand:
        return UNKNOWN
    others = []
    for other in understood.others:
        try:
            others.append(Command.from_json(other.to_json()))
        except NotACommand:
            continue
    return replace(understood, command=command, others=tuple(others))


def history(asking: Asking) -> tuple[Turn, ...]:
    """What was said last, theirs and ours, oldest first."""
    theirs = (
        InboundEvent.objects.filter(
            contact=asking.contact, kind="message", state=InboundState.DONE, received_at__gt=asking.since
        )
        .order_by("-pk")
        .values_list("received_at", "text", Value("user", CharField()))[:REMEMBERED]
    )
    ours = (
        OutboxMessage.objects.filter(contact=asking.contact, kind="reply", created_at__gt=asking.since)
        .order_by("-pk")
        .values_list("created_at", "text", Value("assistant", CharField()))[:REMEMBERED]
    )
    found = sorted(theirs.union(ours, all=True), key=lambda row: row[0])
    return tuple(Turn(str(role), str(text)[:LONGEST]) for _at, text, role in found[-REMEMBERED:])


_places: tuple[float, Gazetteer] | None = None


def places() -> Gazetteer:
    """The places of the database, as they were within the last minute."""
    global _places
    now = time.monotonic()
    kept = _places
    if kept is None or now - kept[0] > FRESH:
        kept = _places = (now, gazetteer.of_database())
    return kept[1]


def forget_places() -> None:
    """Read them anew the next time."""
    global _places
    _places = None


# --- afterwards -------------------------------------------------------------------------------------------
def meaning_of(said: Said) -> Meaning | None:
    """How a message was understood before its turn; None if it was not yet."""
    kept = said.prepared.get("understood")
    return Meaning.from_json(kept) if kept else None


def record(heard: Meaning, person: Person, *, answered: str) -> None:
    """Note how a message was understood and what that led to, in its turn."""
    if not person.event:
        return
    row = Interpretation(
        event_id=person.event,
        text=heard.text,
        role=heard.role,
        context=heard.context.to_json(),
        command=heard.command.to_json(),
        source=heard.understood.source,
        sure=heard.sure,
        model=heard.model,
        milliseconds=heard.milliseconds,
        error=heard.error[:200],
        answered=answered[:80],
        at=person.now,
    )
    Interpretation.objects.bulk_create([row], ignore_conflicts=True)


def again(interpretation: Interpretation) -> Understood:
    """What the embedded interpreter of today makes of what was said then."""
    contact = interpretation.event.contact
    reader = Reader(zone=(contact.time_zone if contact else "") or settings.TIME_ZONE)
    return interpreter.interpret(
        interpretation.text,
        role=Role(interpretation.role) if interpretation.role else Role.SEEKER,
        now=interpretation.at.astimezone(reader.tz),
        gazetteer=places(),
        context=Context.from_json(interpretation.context),
    )


_TIMES = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b"
    r"|\b(?:today|tomorrow|tonight|next|week|month|noon|am|pm|to|till|until|from|at|by|and|on|the)\b"
    r"|\b\d{1,2}(?::\d\d)? ?(?:am|pm)\b",
    re.IGNORECASE,
)
_REF = re.compile(r"\b(?:PR|IN)\W?\d+", re.IGNORECASE)


def telling(text: str) -> int:
    """How many words of a text say what is wanted: a ref is one, days and times are none."""
    rest, refs = _REF.subn(" ", text)
    letters = re.sub(r"\d+", " ", rest)
    return refs + len(re.findall(r"[^\W\d_]{2,}", _TIMES.sub(" ", letters)))
