"""The rules of a `/messages` body, kind by kind."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from .figures import (
    BAD_PARAMETER,
    BAD_VALUE,
    BSUID,
    BUTTON_ID,
    BUTTON_TITLE,
    BUTTONS,
    CALLBACK,
    CAPTION,
    CONTACT_CARDS,
    CTA_LABEL,
    FILENAME,
    FLOW_LABEL,
    FOOTER_TEXT,
    GROUP_UNSUPPORTED,
    HEADER_TEXT,
    INTERACTIVE_BODY,
    INVALID,
    LIST_BODY,
    LIST_BUTTON,
    MEDIA_TYPES,
    MISSING,
    PARAMETER,
    PARAMETER_DETAILS,
    QUICK_REPLY_PAYLOAD,
    ROW_DESCRIPTION,
    ROW_ID,
    ROW_TITLE,
    ROWS,
    SECTION_TITLE,
    SECTIONS,
    TEMPLATE_BODY,
    TEMPLATE_BUTTONS,
    TEMPLATE_HEADER,
    TEMPLATE_NAME,
    TEMPLATE_TOO_LONG,
    TEXT_BODY,
    UNSUPPORTED_TYPE,
    URL,
)
from .node import Node, refuse

_TEMPLATE_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:_[A-Za-z]{2,4})?")
_CAPTIONED: Final = ("image", "video", "document")


def check(payload: Mapping[str, object]) -> None:
    """Raise `Broken` when Meta would refuse this `/messages` body for what it says.

    Who it is for is `check_envelope`'s business, so that a body can be judged before it is addressed.
    """
    body = Node(payload, "")
    if body.get("biz_opaque_callback_data") is not None:
        body.text("biz_opaque_callback_data", most=CALLBACK)
    if body.get("context") is not None:
        body.node("context").text("message_id")
    if "status" in payload:
        return _check_read(body)
    kind = payload.get("type", "text")
    if not isinstance(kind, str) or kind not in _CHECKS:
        refuse(UNSUPPORTED_TYPE, f"Message type is not supported: {str(kind)[:40]}")
    if payload.get("recipient_type") == "group" and kind not in ("text", "template", *MEDIA_TYPES):
        refuse(GROUP_UNSUPPORTED, "Message type is not supported in groups")
    # A card list is the one kind whose sibling is an array.
    return _CHECKS[kind](body if kind == "contacts" else body.node(kind))


def check_envelope(payload: Mapping[str, object]) -> None:
    """Raise `Broken` when the body doesn't say that it is WhatsApp's, or for whom it is."""
    body = Node(payload, "")
    if payload.get("messaging_product") != "whatsapp":
        refuse(INVALID, "The parameter messaging_product is required.")
    if "status" in payload:
        return
    if payload.get("recipient_type", "individual") not in ("individual", "group"):
        refuse(INVALID, "Param recipient_type must be one of {INDIVIDUAL, GROUP}")
    if not payload.get("to") and not payload.get("recipient"):
        refuse(INVALID, "The parameter to is required.")
    if payload.get("to"):  # both given: `to` wins
        body.text("to", most=128)
    elif BSUID.fullmatch(body.text("recipient")) is None:
        refuse(INVALID, "Param recipient must be a valid business-scoped user id")


def _unique(values: Iterable[str], name: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            refuse(BAD_VALUE, f"Duplicated {name}: {value}")
        seen.add(value)


def _check_read(body: Node) -> None:
    if body.get("status") != "read":
        refuse(INVALID, "Param status must be one of {READ}")
    body.text("message_id")
    if body.get("typing_indicator") is not None and body.node("typing_indicator").get("type") != "text":
        refuse(INVALID, "Param typing_indicator.type must be one of {TEXT}")


def _check_text(text: Node) -> None:
    if not text.get("body"):
        refuse(INVALID, "The parameter text['body'] is required.")
    text.text("body", most=TEXT_BODY, label="text['body']", code=INVALID)
    if not isinstance(text.get("preview_url"), bool | None):
        refuse(INVALID, "Param text['preview_url'] must be a boolean.")


def _check_media(media: Node) -> None:
    kind = media.path.rpartition(".")[2]
    named = [key for key in ("id", "link") if media.get(key)]
    if len(named) != 1:
        refuse(MISSING if not named else INVALID, f"{media.path} must have exactly one of id and link")
    media.text("id") if named == ["id"] else media.url("link")
    if media.get("caption") is not None:
        if kind not in _CAPTIONED:
            refuse(INVALID, f"Unexpected key caption on param {media.path}.")
        media.text("caption", most=CAPTION, least=0)
    if media.get("filename") is not None:
        if kind != "document":
            refuse(INVALID, f"Unexpected key filename on param {media.path}.")
        media.text("filename", most=FILENAME)
    if unknown := set(media.value) - {"id", "link", "caption", "filename", "provider", "voice"}:
        refuse(INVALID, f"Unexpected key {min(unknown)} on param {media.path}.")


def _check_location(location: Node) -> None:
    for key, bound in (("latitude", 90.0), ("longitude", 180.0)):
        found = location.get(key)
        if found is None:
            refuse(MISSING, f"The parameter {location.at(key)} is required.")
        try:  # Meta's OpenAPI has them as strings, its documentation and the wire as numbers
            number = math.nan if isinstance(found, bool) else float(found)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not -bound <= number <= bound:
            refuse(BAD_VALUE, f"{location.at(key)} must be between -{bound:.0f} and {bound:.0f}")
    for key in ("name", "address"):
        location.text(key, most=1000, least=0)


def _check_reaction(reaction: Node) -> None:
    reaction.text("message_id")
    reaction.text("emoji", most=32, least=0)  # empty takes the reaction back


def _check_contacts(body: Node) -> None:
    for card in body.nodes("contacts", most=CONTACT_CARDS):
        card.node("name").text("formatted_name")


def _check_interactive(interactive: Node) -> None:
    kind = interactive.text("type")
    if kind not in _INTERACTIVE:
        refuse(BAD_VALUE, f"Interactive type is not supported: {kind[:40]}")
    most = LIST_BODY if kind == "list" else INTERACTIVE_BODY
    interactive.node("body").text("text", most=most, label="Body text")
    if interactive.get("footer") is not None:
        interactive.node("footer").text("text", most=FOOTER_TEXT, label="Footer text")
    if interactive.get("header") is not None:
        _check_header(interactive.node("header"), kind)
    _INTERACTIVE[kind](interactive.node("action"))


def _check_header(header: Node, kind: str) -> None:
    shape = header.text("type")
    if kind in ("location_request_message", "request_contact_info"):
        refuse(INVALID, f"Unexpected key header on param interactive of type {kind}.")
    if shape == "text":
        header.text("text", most=HEADER_TEXT, label="Header text")
    elif shape in _CAPTIONED and kind != "list":
        _check_media(header.node(shape))
    else:
        refuse(BAD_VALUE, f"Header type {shape[:40]} is not allowed for interactive type {kind}")


def _check_buttons(action: Node) -> None:
    buttons = action.nodes("buttons", most=BUTTONS)
    replies = [button.node("reply") for button in buttons if button.text("type") == "reply"]
    if len(replies) != len(buttons):
        refuse(BAD_VALUE, "Button type must be reply")
    for reply in replies:
        identifier = reply.text("id", most=BUTTON_ID, label="Button id")
        if identifier != identifier.strip():
            refuse(BAD_VALUE, "Button id cannot have leading or trailing spaces")
        reply.text("title", most=BUTTON_TITLE, label="Button title")
    _unique((str(reply.get("id")) for reply in replies), "button id")
    _unique((str(reply.get("title")) for reply in replies), "button title")


def _check_list(action: Node) -> None:
    action.text("button", most=LIST_BUTTON, label="Button")
    sections = action.nodes("sections", most=SECTIONS)
    for section in sections:
        section.text("title", most=SECTION_TITLE, least=int(len(sections) > 1), label="Section title")
    rows = [row for section in sections for row in section.nodes("rows", most=1000)]
    if len(rows) > ROWS:
        refuse(BAD_VALUE, f"Total row count exceed max allowed count: {ROWS}")
    for row in rows:
        row.text("id", most=ROW_ID, label="Row id")
        row.text("title", most=ROW_TITLE, label="Row title")
        row.text("description", most=ROW_DESCRIPTION, least=0, label="Row description")
    _unique((str(row.get("id")) for row in rows), "row id")


def _check_cta(action: Node) -> None:
    _check_name(action, "cta_url")
    parameters = action.node("parameters")
    parameters.text("display_text", most=CTA_LABEL, label="Display text")
    parameters.url("url")


def _check_flow(action: Node) -> None:
    _check_name(action, "flow")
    parameters = action.node("parameters")
    if bool(parameters.get("flow_id")) == bool(parameters.get("flow_name")):
        refuse(INVALID, "Exactly one of flow_id and flow_name is required.")
    if parameters.text("flow_message_version") != "3":
        refuse(BAD_VALUE, "flow_message_version must be 3")
    parameters.text("flow_cta", most=FLOW_LABEL)
    if parameters.get("flow_token") is not None:
        parameters.text("flow_token")
    if parameters.value.get("mode", "published") not in ("draft", "published"):
        refuse(BAD_VALUE, "mode must be draft or published")
    way, given = parameters.value.get("flow_action", "navigate"), parameters.get("flow_action_payload")
    if way not in ("navigate", "data_exchange"):
        refuse(BAD_VALUE, "flow_action must be navigate or data_exchange")
    if given is not None and way == "data_exchange":
        refuse(INVALID, "Unexpected key flow_action_payload where the endpoint decides.")
    if given is not None:
        opened = parameters.node("flow_action_payload")
        opened.text("screen")
        if opened.get("data") is not None and not opened.node("data").value:
            refuse(BAD_VALUE, "flow_action_payload.data must not be empty")


def _check_name(action: Node, name: str) -> None:
    if action.text("name") != name:
        refuse(BAD_VALUE, f"action.name must be {name}")


def _check_template(template: Node) -> None:
    if _TEMPLATE_NAME.fullmatch(template.text("name", most=TEMPLATE_NAME)) is None:
        refuse(BAD_VALUE, "template.name may only have lower-case letters, digits and underscores")
    code = template.node("language").text("code")
    if _LANGUAGE.fullmatch(code) is None:
        refuse(BAD_VALUE, f"template.language.code is not valid: {code[:20]}")
    for component in template.nodes("components", most=2 + TEMPLATE_BUTTONS, least=0):
        match component.text("type").lower():
            case "body" | "header" as part:
                parameters = component.nodes("parameters", most=100, least=0)
                length = sum(_check_parameter(parameter) for parameter in parameters)
                if length > (TEMPLATE_BODY if part == "body" else TEMPLATE_HEADER):
                    refuse(TEMPLATE_TOO_LONG, f"{part}: translated text too long")
            case "button":
                _check_template_button(component)
            case other:
                refuse(INVALID, f"{component.at('type')} is not valid: {other[:40]}")


def _check_parameter(parameter: Node) -> int:
    """Checks a header's or body's parameter; returns how many characters it adds to the rendered text."""
    kind = parameter.text("type")
    if kind in _CAPTIONED:
        _check_media(parameter.node(kind))
    elif kind == "location":
        _check_location(parameter.node(kind))
    elif kind in ("currency", "date_time"):
        return len(_parameter_text(parameter.node(kind), "fallback_value"))
    elif kind == "text":
        if parameter.get("parameter_name") is not None:
            parameter.text("parameter_name", most=100)
        return len(_parameter_text(parameter, "text"))
    else:
        refuse(BAD_VALUE, f"{parameter.at('type')} is not valid: {kind[:40]}")
    return 0


def _parameter_text(parameter: Node, key: str) -> str:
    text = parameter.get(key)
    if text is None or text == "":
        refuse(MISSING, "Parameter of type text is missing text value")
    value = parameter.text(key, most=10 * TEXT_BODY, least=0)
    if PARAMETER.search(value):
        refuse(BAD_PARAMETER, PARAMETER_DETAILS)
    return value


def _check_template_button(button: Node) -> None:
    index = button.get("index")
    if str(index) not in map(str, range(TEMPLATE_BUTTONS)):
        refuse(MISSING if index is None else BAD_VALUE, f"{button.at('index')} must be 0 to 9")
    kind = button.text("sub_type").lower()
    for parameter in button.nodes("parameters", most=1, least=int(kind in ("quick_reply", "url"))):
        match kind:
            case "quick_reply":
                parameter.text("payload", most=QUICK_REPLY_PAYLOAD)
            case "url":
                parameter.text("text", most=URL)


_INTERACTIVE: Final[Mapping[str, Callable[[Node], None]]] = {
    "button": _check_buttons,
    "list": _check_list,
    "cta_url": _check_cta,
    "flow": _check_flow,
    "location_request_message": lambda action: _check_name(action, "send_location"),
    "request_contact_info": lambda action: _check_name(action, "request_contact_info"),
}
_CHECKS: Final[Mapping[str, Callable[[Node], None]]] = {
    "text": _check_text,
    "interactive": _check_interactive,
    "template": _check_template,
    "location": _check_location,
    "reaction": _check_reaction,
    "contacts": _check_contacts,
    **dict.fromkeys(MEDIA_TYPES, _check_media),
}
