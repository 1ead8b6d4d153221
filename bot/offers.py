"""What the assistant asks before it does something: whether instead of what is under way, which of two, or
whether it heard right.

Each is kept beside the flow, one at a time. Its buttons name what they were shown for: tapped later, when
something else is offered or nothing is, they do nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bot import matching, screens
from bot.assistant import titles
from bot.assistant.commands import Command, NotACommand
from bot.models import Conversation
from bot.questions import Confirm, NotUnderstood, Option, Prompt
from bot.questions.base import Shown
from bot.questions.confirms import NO
from bot.said import Said
from bot.screens import Reply
from bot.scripts import Person
from inspector_whatsapp.words import Words, join, say

INSTEAD: Final = "assistant.instead"
WHICH: Final = "assistant.which"
HEARD: Final = "assistant.heard"
_GO_ON = ("go on", "continue", *NO)
_MENU = "menu"


@dataclass(frozen=True)
class Chosen:
    """What somebody answered: a command to carry out, or none of it. over: that is not offered any more.

    words: what they said aloud, and was heard right; misheard: it was not.
    """

    command: Command | None = None
    over: bool = False
    words: str = ""
    misheard: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer(Confirm):
    """Yes or no to doing something else: read as strictly as any other yes."""

    of: str

    @property
    def digest(self) -> str:
        return self.of


def instead(talk: Conversation, person: Person, command: Command, *, ref: str) -> Reply:
    """Offer something else in the middle of a flow. ref: what the flow is about; empty if that is unknown."""
    words = join(titles.were(talk, ref=ref), titles.instead(command), separator=" ")
    of = _keep(talk, commands=[command.to_json()])
    return screens.show(talk, person, _offer(words, of=of).prompt(0), INSTEAD, ())


def which(talk: Conversation, person: Person, commands: Sequence[Command], first: Sequence[Words]) -> Reply:
    """Ask which of a few is meant; the menu is there as well."""
    of = _keep(talk, commands=[command.to_json() for command in commands])
    options = [
        *(Option(f"{place}.{of}", titles.short(command)) for place, command in enumerate(commands)),
        Option(f"{_MENU}.{of}", say(_("Menu"))),
    ]
    return screens.show(talk, person, Prompt(say(_("Did you mean …?")), tuple(options)), WHICH, first)


def heard(talk: Conversation, person: Person, words: str) -> Reply:
    """Ask whether this is what somebody said aloud: it is taken as typed once they say so."""
    of = _keep(talk, words=words)
    right = say(_("I heard: “{words}”\nIs that right?"), words=words)
    return screens.show(talk, person, _offer(right, of=of, no=say(_("No"))).prompt(0), HEARD, ())


def _offer(words: Words, *, of: str, no: Words | None = None) -> Offer:
    return Offer(words=words, yes=say(_("Yes")), no=no or say(_("No, go on")), changed=say(""), of=of)


def _keep(talk: Conversation, **kept: Any) -> str:
    of = hashlib.sha256(json.dumps([kept, talk.turns], sort_keys=True).encode()).hexdigest()[:10]
    talk.understood = talk.understood | {"choice": {"of": of, "shown": talk.shown, **kept}}
    return of


def answered(talk: Conversation, said: Said) -> Chosen | None:
    """What a message answers of what is offered; None if it is no answer to it, and the offer is over."""
    if (aloud := talk.understood.get("aloud")) is not None:
        if aloud["wamid"] == said.wamid:  # what they said had to be found out about, before this same turn
            return Chosen(words=aloud["words"])
        talk.understood = _without(talk, "aloud")
    tapped = said.answered()
    shown = Shown.from_json(talk.shown)
    kept: dict[str, Any] | None = talk.understood.get("choice")
    if tapped is not None and tapped[0] in (INSTEAD, WHICH, HEARD):
        value = tapped[1]
        if kept is None or value.rpartition(".")[2] != kept["of"]:
            return Chosen(over=True)
        return _chosen(talk, said, kept, value)
    if kept is None or shown.question not in (INSTEAD, WHICH, HEARD):
        talk.understood = _without(talk)
        return None
    value = "" if said.tap or not said.is_words else _meant(talk, said, shown)
    if value:
        return _chosen(talk, said, kept, value)
    _put_back(talk, kept)
    return None


def _meant(talk: Conversation, said: Said, shown: Shown) -> str:
    """The value of the option that somebody typed; empty when it is none."""
    exact = shown.exactly(said.text)
    if exact is not None:
        return exact
    if shown.question == WHICH:
        picked = shown.pick(said.text)
        return picked if isinstance(picked, str) else ""
    of = talk.understood["choice"]["of"]
    if matching.folded(said.text) in _GO_ON:
        return f"no.{of}"
    try:
        answer = _offer(say(""), of=of).hear(said, None, shown)
    except NotUnderstood:
        return ""
    return f"yes.{of}" if answer["yes"] else f"no.{of}"


def _chosen(talk: Conversation, said: Said, kept: dict[str, Any], value: str) -> Chosen:
    word = value.rpartition(".")[0]
    if "words" in kept:
        _put_back(talk, kept)
        if word != "yes":
            return Chosen(misheard=True)
        talk.understood = talk.understood | {"aloud": {"wamid": said.wamid, "words": kept["words"]}}
        return Chosen(words=kept["words"])
    talk.understood = _without(talk)
    if word in ("no", _MENU):
        return Chosen()
    by_word = dict(zip(("0", "1", "2"), kept["commands"], strict=False))
    by_word["yes"] = kept["commands"][0]
    try:
        return Chosen(Command.from_json(by_word.get(word)))
    except NotACommand:
        return Chosen(over=True)


def _put_back(talk: Conversation, kept: dict[str, Any]) -> None:
    """What stood there before is on the screen again; but a yes that was asked for is asked for anew."""
    before = Shown.from_json(kept["shown"])
    if not any(option.value.startswith("yes.") for option in before.options):
        talk.shown = kept["shown"]
    talk.understood = _without(talk)


def _without(talk: Conversation, without: str = "choice") -> dict[str, Any]:
    return {name: value for name, value in talk.understood.items() if name != without}
