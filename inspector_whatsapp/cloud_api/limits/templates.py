"""The rules of a message template's definition, as `message_templates` takes it."""

import itertools
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from .figures import (
    FOOTER_TEXT,
    HEADER_TEXT,
    INVALID,
    QUICK_REPLY_TITLE,
    TEMPLATE_BODY,
    TEMPLATE_BUTTONS,
    Broken,
)

VARIABLE: Final = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
"""A place in a template's text that a message fills."""

# Meta's subcodes of 100.
TOO_LONG: Final = 2388040
BAD_SHAPE: Final = 2388072
BAD_FOOTER: Final = 2388073
ADJACENT: Final = 2388293
AT_THE_EDGE: Final = 2388299
_URLS: Final = 2  # buttons that open a page


class BrokenTemplate(Broken):
    """Meta would refuse this definition with 100 and `subcode`; `details` is a sentence for people."""

    def __init__(self, subcode: int, details: str) -> None:
        super().__init__(INVALID, details)
        self.subcode = subcode


def component(definition: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The definition's BODY, HEADER, FOOTER or BUTTONS; empty when it has none."""
    components = definition.get("components")
    for part in components if isinstance(components, list) else []:
        if isinstance(part, Mapping) and str(part.get("type", "")).upper() == kind:
            return part
    return {}


def check_template(definition: Mapping[str, Any]) -> None:
    """Raise `BrokenTemplate` when Meta would not take the definition."""
    _check_body(definition)
    header, footer = (str(component(definition, kind).get("text", "")) for kind in ("HEADER", "FOOTER"))
    if len(header) > HEADER_TEXT:
        _refuse(TOO_LONG, f"The header is longer than {HEADER_TEXT} characters.")
    if len(footer) > FOOTER_TEXT or VARIABLE.search(footer):
        _refuse(BAD_FOOTER, f"The footer is longer than {FOOTER_TEXT} characters, or has variables.")
    _check_buttons(component(definition, "BUTTONS").get("buttons") or [])


def _check_body(definition: Mapping[str, Any]) -> None:
    part = component(definition, "BODY")
    body = str(part.get("text") or "").strip()
    if not body and str(definition.get("category", "")).upper() != "AUTHENTICATION":
        _refuse(BAD_SHAPE, "The body is empty.")
    if len(body) > TEMPLATE_BODY:
        _refuse(TOO_LONG, f"The body is longer than {TEMPLATE_BODY} characters.")
    found = list(VARIABLE.finditer(body))
    if found and (found[0].start() == 0 or found[-1].end() == len(body)):
        _refuse(AT_THE_EDGE, "A variable can't be the first or the last thing in the body.")
    if any(not body[one.end() : two.start()].strip(" ") for one, two in itertools.pairwise(found)):
        _refuse(ADJACENT, "Two variables can't stand next to one another.")
    if found and not part.get("example"):
        _refuse(BAD_SHAPE, "A body with variables needs an example of each.")
    named = str(definition.get("parameter_format", "POSITIONAL")).upper() == "NAMED"
    if any(one[1].isdigit() == named for one in found):
        _refuse(BAD_SHAPE, "The variables don't fit parameter_format.")
    if "{{" in VARIABLE.sub("", body) or "}}" in VARIABLE.sub("", body):
        _refuse(BAD_SHAPE, "A variable is written {{name}}: small letters, digits and underscores.")


def _check_buttons(buttons: list[Mapping[str, Any]]) -> None:
    kinds = [str(button.get("type", "")).upper() for button in buttons]
    titles = [str(button.get("text", "")) for button in buttons]
    if len(buttons) > TEMPLATE_BUTTONS or kinds.count("URL") > _URLS:
        _refuse(TOO_LONG, f"There are too many buttons: {TEMPLATE_BUTTONS} at most, {_URLS} of them links.")
    if any(len(title) > QUICK_REPLY_TITLE for title in titles):
        _refuse(TOO_LONG, f"A button's text is longer than {QUICK_REPLY_TITLE} characters.")
    quick = [title for kind, title in zip(kinds, titles, strict=True) if kind == "QUICK_REPLY"]
    if len(set(quick)) < len(quick) or "" in quick:
        _refuse(BAD_SHAPE, "Each button needs a text of its own.")


def _refuse(subcode: int, details: str) -> NoReturn:
    raise BrokenTemplate(subcode, details)
