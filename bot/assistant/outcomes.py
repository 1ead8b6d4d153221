"""What a command leads to: a flow that is begun, or words. What becomes of them is the turn's."""

from dataclasses import dataclass, field
from typing import Any

from bot.scripts import Suggestion
from inspector_whatsapp.words import Words


@dataclass(frozen=True)
class Begin:
    """A flow to begin: what is known already stands among its answers. first: sentences before it."""

    flow: str
    argument: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    first: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Tell:
    """An answer in words, with buttons that begin flows. photo: a storage name of ours, shown above."""

    words: Words
    suggest: tuple[Suggestion, ...] = ()
    photo: str = ""


Outcome = Begin | Tell
