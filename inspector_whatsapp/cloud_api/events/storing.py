"""Events as plain JSON and back, so that they can wait in a row."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast, get_args

from . import kinds
from .kinds import Event

_KIND: Final = "is"  # names the class beside its fields
_MOMENTS: Final = frozenset(("sent_at", "at"))
_CLASSES: Final[Mapping[str, type[Any]]] = {
    kind.__name__: kind for kind in (*get_args(kinds.Event), *get_args(kinds.Content), kinds.Sender)
}
_EVENTS: Final = get_args(kinds.Event)


def to_json(event: Event) -> dict[str, object]:
    """The event as a JSON object; `from_json` gives an equal one back."""
    return cast(dict[str, object], _encoded(event))


def from_json(stored: Mapping[str, object]) -> Event:
    """The event that `to_json` wrote; ValueError for anything else."""
    try:
        event = _decoded(stored)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("not a stored event") from error
    if not isinstance(event, _EVENTS):
        raise ValueError("not a stored event")
    return cast(Event, event)


def _encoded(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {_KIND: type(value).__name__, **{name: _encoded(inner) for name, inner in fields.items()}}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_encoded(inner) for inner in value]
    return value  # Meta's own JSON in `value` and `response`, already plain


def _decoded(stored: Mapping[str, object]) -> object:
    values = {name: _field(name, inner) for name, inner in stored.items() if name != _KIND}
    return _CLASSES[str(stored[_KIND])](**values)


def _field(name: str, value: object) -> object:
    if name in _MOMENTS and isinstance(value, str):
        return datetime.fromisoformat(value)
    if name in ("sender", "content") and isinstance(value, Mapping):
        return _decoded(value)
    if name == "phones" and isinstance(value, list):
        return tuple(value)
    if name == "errors" and isinstance(value, list):
        return tuple(tuple(pair) for pair in value)
    return value
