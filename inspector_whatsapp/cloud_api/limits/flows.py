"""What a form of WhatsApp's (a Flow) may be made of, and what a message may put into it.

Only what a form without an endpoint has: texts, a calendar, radio buttons, a button that sends it. What Meta
says of the rest is not written down here, so that it is refused.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from .figures import (
    BAD_VALUE,
    FLOW_COMPONENTS,
    FLOW_JSON,
    FLOW_OPTION_NOTE,
    FLOW_OPTION_TITLE,
    FLOW_OPTIONS,
    INVALID,
    MISSING,
)
from .node import Node, refuse

VERSIONS: Final = ("6.1", "6.2", "6.3", "7.0", "7.1", "7.2", "7.3")
"""Those that can be published and have a calendar."""

_TEXTS: Final[Mapping[str, Mapping[str, int]]] = {
    "TextHeading": {"text": 80},
    "TextSubheading": {"text": 80},
    "TextBody": {"text": 4096},
    "TextCaption": {"text": 409},
    "CalendarPicker": {"label": 40, "helper-text": 80, "title": 80, "description": 300},
    "RadioButtonsGroup": {"label": 30, "description": 300},
    "Footer": {"label": 35},
}
"""Component → its texts → most characters. The first of each is required."""
_MORE: Final[Mapping[str, frozenset[str]]] = {
    "CalendarPicker": frozenset(["name", "mode", "min-date", "max-date", "unavailable-dates", "required"]),
    "RadioButtonsGroup": frozenset(["name", "data-source", "required", "visible"]),
    "Footer": frozenset(["on-click-action"]),
}
_SCREEN: Final = re.compile(r"[A-Za-z_]+")
_REFERENCE: Final = re.compile(r"\$\{(data|form)\.([A-Za-z0-9_]+)\}")
_EXPRESSION: Final = re.compile(r"`\$\{form\.\w+\} == \$\{data\.\w+\}`")
_TYPES: Final[Mapping[str, type]] = {"string": str, "array": list}


def check_flow(document: Mapping[str, Any]) -> None:
    """Raise `Broken` when Meta would not publish this Flow JSON."""
    if len(json.dumps(document).encode()) > FLOW_JSON:
        refuse(INVALID, "A Flow JSON has 10 MB at most.")
    root = Node(document, "")
    if (version := root.text("version")) not in VERSIONS:
        refuse(INVALID, f"Flow JSON version {version[:10]} can't be published.")
    screens = root.nodes("screens", most=100)
    names = [screen.text("id") for screen in screens]
    for name in names:
        if _SCREEN.fullmatch(name) is None or name == "SUCCESS" or names.count(name) > 1:
            refuse(INVALID, f"A screen can't be called {name[:40]}.")
    if not any(screen.get("terminal") is True for screen in screens):
        refuse(INVALID, "No screen is terminal.")
    for screen in screens:
        screen.text("title")
        _check_screen(screen, _examples(screen))


def check_flow_data(document: Mapping[str, Any], screen: str, data: object) -> None:
    """Raise `Broken` when a message can't open this form on `screen` with `data`."""
    found = next((each for each in document["screens"] if each["id"] == screen), None)
    if found is None:
        refuse(BAD_VALUE, f"The Flow has no screen {screen[:40]}.")
    declared: Mapping[str, Any] = found.get("data") or {}
    given: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    if odd := sorted(set(declared) ^ set(given)):
        refuse(BAD_VALUE, f"The data of screen {screen} lacks, or has too much: {odd[0][:40]}.")
    for name, about in declared.items():
        if not isinstance(given[name], _TYPES[about["type"]]):
            refuse(BAD_VALUE, f"{name} must be of type {about['type']}.")
    _check_screen(Node(found, screen), given)


def _examples(screen: Node) -> Mapping[str, Any]:
    """The data that a screen declares, as its examples."""
    found = {}
    for name, about in (screen.node("data").value if screen.get("data") else {}).items():
        if not isinstance(about, Mapping) or about.get("type") not in _TYPES or "__example__" not in about:
            refuse(INVALID, f"{screen.at('data')}.{name} needs a type and an __example__.")
        found[name] = about["__example__"]
    return found


def _check_screen(screen: Node, data: Mapping[str, Any]) -> None:
    layout = screen.node("layout")
    if layout.text("type") != "SingleColumnLayout":
        refuse(INVALID, "layout.type must be SingleColumnLayout.")
    children = layout.nodes("children", most=FLOW_COMPONENTS)
    fields = [str(child.get("name")) for child in children if child.get("name") is not None]
    if len(set(fields)) != len(fields):
        refuse(INVALID, "Two fields of a screen have one name.")
    for child in children:
        _check_references(child.value, data, fields)
        _check_component(Node(_filled(child.value, data), child.path))
    footers = [child for child in children if child.get("type") == "Footer"]
    if len(footers) != 1:  # a terminal screen must have one, and no screen may have two
        refuse(INVALID, "A screen has exactly one Footer.")
    action = footers[0].node("on-click-action")
    if action.text("name") != "complete" or screen.get("terminal") is not True:
        refuse(
            INVALID, "Without an endpoint and a next screen a form ends with complete, on a terminal screen."
        )
    action.node("payload")


def _check_references(value: object, data: Mapping[str, Any], fields: Sequence[str]) -> None:
    for text in _strings(value):
        for kind, name in _REFERENCE.findall(text):
            if name not in (data if kind == "data" else fields):
                refuse(INVALID, f"{kind}.{name} is not declared.")


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)


def _filled(component: Mapping[str, object], data: Mapping[str, Any]) -> Mapping[str, object]:
    """A component with the data in its properties, as the phone shows it."""
    found = {}
    for key, value in component.items():
        named = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        found[key] = data[named[2]] if named is not None and named[1] == "data" else value
    return found


def _check_component(component: Node) -> None:
    kind = component.text("type")
    if kind not in _TEXTS:
        refuse(INVALID, f"A component {kind[:40]} is not known.")
    texts = _TEXTS[kind]
    if unknown := set(component.value) - {"type", *texts} - _MORE.get(kind, frozenset()):
        refuse(INVALID, f"Unexpected key {min(unknown)} on {component.path}.")
    for place, (key, most) in enumerate(texts.items()):
        component.text(key, most=most, least=int(place == 0))
    if kind == "CalendarPicker":
        _check_calendar(component)
    elif kind == "RadioButtonsGroup":
        _check_options(component)


def _check_calendar(calendar: Node) -> None:
    calendar.text("name")
    if calendar.get("mode") not in (None, "single", "range"):
        refuse(INVALID, "mode must be single or range.")
    first, last = (_day(calendar.text(key)) for key in ("min-date", "max-date"))
    if first > last:
        refuse(BAD_VALUE, "min-date is after max-date.")
    closed = calendar.get("unavailable-dates")
    for day in closed if isinstance(closed, list) else ():
        if not first <= _day(day) <= last:
            refuse(BAD_VALUE, "An unavailable date is outside of min-date and max-date.")


def _day(text: object) -> date:
    try:
        if not isinstance(text, str) or len(text) != len("2026-11-28"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        refuse(BAD_VALUE, "A date is written YYYY-MM-DD.")


def _check_options(group: Node) -> None:
    group.text("name")
    visible = group.get("visible")
    if isinstance(visible, str) and _EXPRESSION.fullmatch(visible) is None:
        refuse(INVALID, f"{group.at('visible')} is no expression.")
    seen = set()
    for option in group.nodes("data-source", most=FLOW_OPTIONS):
        seen.add(option.text("id"))
        option.text("title", most=FLOW_OPTION_TITLE)
        option.text("description", most=FLOW_OPTION_NOTE, least=0)
    if len(seen) != len(group.nodes("data-source", most=FLOW_OPTIONS)):
        refuse(MISSING, f"Two options of {group.path} have one id.")
