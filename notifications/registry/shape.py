"""What a template asks of a message, and what people read in it: ours and Meta's are compared by it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inspector_whatsapp.cloud_api import limits
from notifications.models import MessageTemplate


@dataclass(frozen=True)
class Shape:
    """A template's text. `around` is what stands in header and footer; `asks` what a header wants filled."""

    body: str
    buttons: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    asks: str = ""

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(limits.VARIABLE.findall(self.body))

    @property
    def room(self) -> int:
        """How many characters the values may have, all together."""
        return limits.TEMPLATE_BODY - len(limits.VARIABLE.sub("", self.body))


def ours(row: MessageTemplate) -> Shape:
    """The text as we wrote it."""
    return Shape(_plain(row.body), tuple(row.buttons))


def theirs(components: Iterable[object]) -> Shape:
    """The text that Meta has; never raises, whatever it says."""
    body, asks = "", ""
    buttons: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    for part in components:
        if not isinstance(part, Mapping):
            continue
        text = _plain(str(part.get("text") or ""))
        match str(part.get("type", "")).upper():
            case "BODY":
                body = text
            case "BUTTONS":
                given = part.get("buttons")
                buttons = tuple(_button(button) for button in given) if isinstance(given, list) else ()
            case "HEADER":
                around, asks = (*around, text), _asked(part, text)
            case _:
                around = (*around, text)
    return Shape(body, buttons, around, asks)


def unfit(wanted: Shape, found: Shape) -> str:
    """Why a message made for `wanted` does not fit `found`, as what Meta's template does; else nothing."""
    if found.parameters != wanted.parameters:
        return "has other parameters at Meta: " + _instead(
            named(found.parameters - wanted.parameters), named(wanted.parameters - found.parameters)
        )
    if found.buttons != wanted.buttons:  # in another order too: a tap would do what another button says
        return "has other buttons at Meta: " + _instead(", ".join(found.buttons), ", ".join(wanted.buttons))
    return f"has {found.asks} at Meta, which we do not fill" if found.asks else ""


def reworded(wanted: Shape, found: Shape) -> bool:
    """Whether people read something else, though every message still fits."""
    return not unfit(wanted, found) and (found.body, found.around) != (wanted.body, wanted.around)


def named(parameters: Collection[str]) -> str:
    """`{{person}}, {{when}}`"""
    return ", ".join(f"{{{{{name}}}}}" for name in sorted(parameters))


def filled(body: str, values: Mapping[str, str]) -> str:
    """The body with its values; a place without one stays as it is."""
    return limits.VARIABLE.sub(lambda found: values.get(found[1], found[0]), body)


def _instead(found: str, wanted: str) -> str:
    if not wanted:
        return f"{found} as well"
    return f"{found or 'nothing'} instead of {wanted}"


def _button(button: Any) -> str:
    """A quick reply's title; another kind of button is none of ours, whatever its title."""
    if not isinstance(button, Mapping):
        return "?"
    title, kind = str(button.get("text", "")), str(button.get("type", "")).upper()
    return title if kind == "QUICK_REPLY" else f"{title} [{kind.lower()}]"


def _asked(header: Mapping[str, Any], text: str) -> str:
    shape = str(header.get("format", "TEXT")).lower()
    if shape != "text":
        return f"a header with {shape}"
    return "a header with variables" if limits.VARIABLE.search(text) else ""


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
