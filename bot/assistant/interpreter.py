"""The embedded interpreter, always there: a text becomes one command, by a grammar and a small model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.assistant.commands import Command, Intent
from bot.assistant.context import NOTHING, Context
from bot.assistant.gazetteer import Gazetteer
from inspector_whatsapp.models import Role


@dataclass(frozen=True)
class Turn:
    """One thing that was said before: by whom, and what."""

    role: str
    text: str


@dataclass(frozen=True)
class Understood:
    """A command, and how sure it is that this is meant, 0 to 1.

    source: `grammar` (a rule decided), `model`, or `language_model`. others: what else it may be, likeliest
    first.
    """

    command: Command
    sure: float
    source: str
    others: tuple[Command, ...] = ()


def interpret(
    text: str,
    *,
    role: Role,
    now: datetime,
    gazetteer: Gazetteer,
    context: Context = NOTHING,
    history: Sequence[Turn] = (),
) -> Understood:
    """What somebody means. `now` is aware and of the person's zone: "tomorrow" is told by it."""
    return Understood(Command(Intent.OUT_OF_SCOPE), 0.0, "grammar")
