"""Markup that cannot be broken by what people wrote: whatever is not markup already is escaped."""

from collections.abc import Sequence
from html import escape
from typing import Final

ALONE: Final = frozenset({"img", "input", "link", "meta", "br"})


class Markup(str):
    """Text that is markup, and stays as it is."""

    __slots__ = ()


Child = str | int | None | bool | Sequence["Child"]


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """An element. `class_` is class, `data_do` is data-do; None and False leave an attribute out."""
    shown = ""
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        shown += f" {key}" if value is True else f' {key}="{escape(str(value))}"'
    start = f"<{name}{shown}>"
    return Markup(start if name in ALONE else f"{start}{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Several, one after the other; None and False are nothing."""
    return Markup("".join(_one(child) for child in children))


def _one(child: Child) -> str:
    match child:
        case None | False | True:
            return ""
        case list():
            return join(*child)
        case Markup():
            return child
    return escape(str(child))
