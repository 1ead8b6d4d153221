"""What the chat already holds when somebody says something: what follow-ups refer to."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.assistant.commands import Intent, Slots


@dataclass(frozen=True)
class Turn:
    """One thing that was said before: by whom (`user`, `assistant`), and what."""

    role: str
    text: str


@dataclass(frozen=True)
class Pending:
    """A question that waits for an answer: whether to do something, or for one slot of it."""

    type: Literal["confirm", "ask"]
    intent: Intent
    slots: Slots = field(default_factory=dict)
    slot: str = ""


@dataclass(frozen=True)
class Context:
    """What was understood last and what was shown: refs, in the order in which they were shown."""

    last_intent: Intent | None = None
    last_slots: Slots = field(default_factory=dict)
    results: tuple[str, ...] = ()
    focus_property: str | None = None
    focus_inspection: str | None = None
    pending: Pending | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any] | None) -> "Context":
        """Of what is kept, or of a file of examples; what is missing is empty."""
        kept = kept or {}
        pending = kept.get("pending")
        return cls(
            Intent(kept["last_intent"]) if kept.get("last_intent") else None,
            kept.get("last_slots") or {},
            tuple(kept.get("results") or ()),
            kept.get("focus_property"),
            kept.get("focus_inspection"),
            Pending(
                pending["type"],
                Intent(pending["intent"]),
                pending.get("slots") or {},
                pending.get("slot") or "",
            )
            if pending
            else None,
        )


NOTHING = Context()
