"""How well the interpreter understands: its commands compared with those of a file of labelled utterances.

A file holds one JSON object a line: `id, text, role, now, history, context, expected, alts, tags`. An item is
right when intent and slots are those of `expected` or of one of `alts`; lists are compared as sets.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.assistant.commands import Intent
from bot.assistant.context import Context
from bot.assistant.gazetteer import Gazetteer
from bot.assistant.interpreter import Understood
from inspector_whatsapp.models import Role

ZONE = ZoneInfo("Africa/Lagos")  # where a time without a zone is told


class BadLine(ValueError):
    """A line that is no item; the sentence says which and why."""


@dataclass(frozen=True)
class Answer:
    """An intent and its slots as they are compared: pairs of name and value, one for each value of a list."""

    intent: str
    slots: Mapping[str, Any]

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        pairs = set()
        for name, value in self.slots.items():
            for one in value if isinstance(value, list) else [value]:
                if one not in (None, ""):
                    pairs.add((name, json.dumps(one, sort_keys=True)))
        return frozenset(pairs)

    def is_same(self, other: "Answer") -> bool:
        return self.intent == other.intent and self.pairs == other.pairs

    def __str__(self) -> str:
        return f"{self.intent} {json.dumps(dict(self.slots), ensure_ascii=False, sort_keys=True)}"


@dataclass(frozen=True)
class Item:
    """An utterance with what it means; right: every reading that is fine, the expected one first."""

    id: str
    text: str
    role: Role
    now: datetime
    context: Context
    right: tuple[Answer, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """An item, what was understood, and the reading of the item that comes nearest to it."""

    item: Item
    got: Answer
    nearest: Answer

    @property
    def is_intent_right(self) -> bool:
        return any(self.got.intent == right.intent for right in self.item.right)

    @property
    def is_exact(self) -> bool:
        return any(self.got.is_same(right) for right in self.item.right)


@dataclass(frozen=True)
class Figures:
    """What is measured of some results; each 0 to 1. f1: micro-averaged over pairs of slot and value."""

    items: int
    intent: float
    exact: float
    f1: float


def items_of(path: Path) -> tuple[list[Item], list[BadLine]]:
    """The items of a file, and the lines that are none."""
    items: list[Item] = []
    bad: list[BadLine] = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                items.append(_item(number, line))
            except BadLine as error:
                bad.append(error)
    return items, bad


def _item(number: int, line: bytes) -> Item:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise BadLine(f"Line {number} is no JSON: {error}.") from None
    if not isinstance(record, dict):
        raise BadLine(f"Line {number} is no object.")
    if not isinstance(record.get("text"), str):
        raise BadLine(f"Line {number} has no text.")
    try:
        role = Role(record.get("role") or Role.SEEKER)
    except ValueError:
        raise BadLine(f"Line {number} has an unknown role: {record['role']!r}.") from None
    try:
        now = datetime.fromisoformat(record["now"])
    except (KeyError, TypeError, ValueError):
        raise BadLine(f"Line {number} has no time in now, such as 2026-11-25T10:00:00+01:00.") from None
    try:
        context = Context.from_json(record.get("context"))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadLine(f"Line {number} has a context that cannot be read.") from None
    if not isinstance(others := record.get("alts") or [], list):
        raise BadLine(f"Line {number} has alts that are no list.")
    right = tuple(_answer(number, each) for each in (record.get("expected"), *others))
    tags = tuple(str(tag) for tag in record.get("tags") or ())
    aware = now if now.tzinfo else now.replace(tzinfo=ZONE)
    return Item(str(record.get("id", number)), record["text"], role, aware, context, right, tags)


def _answer(number: int, came: Any) -> Answer:
    if not isinstance(came, dict) or not isinstance(came.get("slots") or {}, dict):
        raise BadLine(f"Line {number} expects nothing that has an intent and slots.")
    if came.get("intent") not in list(Intent):
        raise BadLine(f"Line {number} expects an unknown intent: {came.get('intent')!r}.")
    return Answer(came["intent"], came.get("slots") or {})


def results_of(
    items: Iterable[Item], *, gazetteer: Gazetteer, interpret: Callable[..., Understood]
) -> list[Result]:
    """What `interpret` makes of each item."""
    results = []
    for item in items:
        command = interpret(
            item.text,
            role=item.role,
            now=item.now,
            gazetteer=gazetteer,
            context=item.context,
        ).command
        got = Answer(command.intent.value, command.slots)
        results.append(Result(item, got, max(item.right, key=lambda right: _likeness(got, right))))
    return results


def _likeness(got: Answer, right: Answer) -> tuple[bool, bool, float]:
    both = len(got.pairs | right.pairs)
    likeness = len(got.pairs & right.pairs) / both if both else 1.0
    return got.is_same(right), got.intent == right.intent, likeness


def figures(results: Sequence[Result]) -> Figures:
    """Nothing measured counts as 1: there was nothing to be wrong about."""
    count = len(results)
    hits = sum(len(each.got.pairs & each.nearest.pairs) for each in results)
    pairs = sum(len(each.got.pairs) + len(each.nearest.pairs) for each in results)
    return Figures(
        count,
        sum(each.is_intent_right for each in results) / count if count else 1.0,
        sum(each.is_exact for each in results) / count if count else 1.0,
        2 * hits / pairs if pairs else 1.0,
    )


def by_tag(results: Iterable[Result]) -> dict[str, list[Result]]:
    """An item with several tags counts for each, one without for `(none)`."""
    return _grouped((tag, each) for each in results for tag in each.item.tags or ("(none)",))


def by_intent(results: Iterable[Result]) -> dict[str, list[Result]]:
    return _grouped((each.item.right[0].intent, each) for each in results)


def misses(results: Iterable[Result]) -> list[Result]:
    return [each for each in results if not each.is_exact]


def _grouped(pairs: Iterable[tuple[str, Result]]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for name, result in pairs:
        groups[name].append(result)
    return dict(sorted(groups.items()))
