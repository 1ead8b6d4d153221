"""What became of a message, step by step, each with its reason: an admin reads it on the message's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.db.models.expressions import Combinable

LONGEST = 300  # characters of a reason


@dataclass(frozen=True)
class Step:
    """One decision or event: its name (`consent`, `window`, `attempt` …) and what it came to, in words."""

    name: str
    says: str


def entries(steps: Sequence[Step], *, at: datetime) -> list[dict[str, Any]]:
    """Steps as they are kept."""
    return [{"at": at.isoformat(), "step": step.name, "says": step.says[:LONGEST]} for step in steps]


def told(steps: Sequence[Step], *, at: datetime) -> Combinable:
    """The story of a row with these steps added, for an update of it."""
    return _Longer(F("story"), Value(entries(steps, at=at), JSONField()))


class _Longer(Func):
    """One JSON list behind the other. What would repeat the last word to the letter is left out: a message
    that waits for its turn again and again does not grow."""

    template = (
        "(SELECT CASE WHEN jsonb_array_length(more) = 1 AND told -> -1 ->> 'says' = more -> 0 ->> 'says' "
        "THEN told ELSE told || more END FROM (VALUES (%(expressions)s)) AS parts (told, more))"
    )
    arity = 2
    output_field = JSONField()
