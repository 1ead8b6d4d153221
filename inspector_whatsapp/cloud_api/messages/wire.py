"""Messages as Meta wants them written, and what is done with a written one before it is sent."""

from collections.abc import Mapping
from typing import Any, Final, assert_never, cast
from urllib.parse import quote

from .. import limits
from ..text import clean, clean_parameter
from .kinds import (
    Buttons,
    CallToAction,
    Document,
    Form,
    Image,
    List,
    Location,
    LocationRequest,
    Media,
    Message,
    QuickReply,
    Reaction,
    Row,
    Section,
    Template,
    Text,
    UrlSuffix,
)

Payload = dict[str, object]
_PLACEHOLDER: Final = "0"  # stands for a file not uploaded yet while the limits are checked


def payload(message: Message) -> Payload:
    """The wire body without addressee; raises `limits.Broken` when Meta would refuse it."""
    body = cast(Payload, _cleaned(_body(message)))
    limits.check(with_media(body, dict.fromkeys(files(body), _PLACEHOLDER)))
    return body


def files(payload: Mapping[str, object]) -> list[str]:
    """Our storage names in the body that must be uploaded before it can be sent, each once, in order."""
    found: dict[str, None] = {}
    for media in _media_in(payload):
        if isinstance(name := media.get("file"), str):
            found[name] = None
    return list(found)


def with_media(payload: Mapping[str, object], uploaded: Mapping[str, str]) -> Payload:
    """The body with Meta's media ids in place of our storage names, as far as they are uploaded."""
    body = cast(Payload, _cleaned(payload))
    for media in _media_in(body):
        name = media.get("file")
        if isinstance(name, str) and name in uploaded:
            del media["file"]
            media["id"] = uploaded[name]
    return body


def addressed(
    payload: Mapping[str, object],
    *,
    phone: str | None,
    user_id: str | None,
    callback: str,
    reply_to: str | None = None,
) -> Payload:
    """The body as it is posted; a phone wins over a business-scoped user id.

    Meta sends `callback` (≤ 512 characters) back with every status: the only way to learn what became
    of a request that died. ValueError when there is nobody to address.
    """
    body: Payload = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **payload,
        "biz_opaque_callback_data": callback,
    }
    if phone:
        body["to"] = "+" + phone.lstrip("+")  # without the plus Meta may put the business's country in front
    elif user_id:
        body["recipient"] = user_id
    else:
        raise ValueError("A message needs a phone number or a business-scoped user id.")
    if reply_to and body.get("type") != "reaction":  # a reaction names its message itself
        body["context"] = {"message_id": reply_to}
    limits.check_envelope(body)
    return body


def mark_read(wamid: str, *, typing: bool = False) -> Payload:
    """Marks the message and all before it read; with `typing` the bubble shows for up to 25 seconds."""
    body: Payload = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    if typing:
        body["typing_indicator"] = {"type": "text"}
    return body


def _body(message: Message) -> Payload:
    match message:
        case Text(body, preview_url):
            return {"type": "text", "text": {"body": body, "preview_url": preview_url}}
        case Buttons(body, buttons, header, footer):
            replies = [
                {"type": "reply", "reply": {"id": button.id, "title": button.title}} for button in buttons
            ]
            return _interactive("button", body, {"buttons": replies}, header=header, footer=footer)
        case List(body, button, rows, sections, header, footer):
            sheet = {"button": button, "sections": _sections(rows, sections)}
            return _interactive("list", body, sheet, header=header, footer=footer)
        case CallToAction(body, label, url, header, footer):
            link = {"name": "cta_url", "parameters": {"display_text": label, "url": url}}
            return _interactive("cta_url", body, link, header=header, footer=footer)
        case LocationRequest(body):
            return _interactive("location_request_message", body, {"name": "send_location"})
        case Form():
            parameters = {
                "flow_message_version": "3",
                "flow_id": message.flow_id,
                "flow_cta": message.label,
                "flow_token": message.token,
                "mode": "published",
                "flow_action": "navigate",
                "flow_action_payload": {"screen": message.screen, "data": message.data},
            }
            return _interactive("flow", message.body, {"name": "flow", "parameters": parameters})
        case Image(media, caption):
            return {"type": "image", "image": _given(_media(media), caption=caption)}
        case Document(media, caption, filename):
            return {"type": "document", "document": _given(_media(media), caption=caption, filename=filename)}
        case Location(latitude, longitude, name, address):
            place: Payload = {"latitude": latitude, "longitude": longitude}
            return {"type": "location", "location": _given(place, name=name, address=address)}
        case Reaction(wamid, emoji):
            return {"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}}
        case Template():
            return {"type": "template", "template": _template(message)}
        case _:
            assert_never(message)


def _interactive(
    kind: str,
    body: str,
    action: Mapping[str, object],
    *,
    header: Media | str | None = None,
    footer: str | None = None,
) -> Payload:
    interactive: Payload = {"type": kind, "body": {"text": body}, "action": action}
    if isinstance(header, Media):
        interactive["header"] = {"type": header.kind, header.kind: _media(header)}
    elif header:
        interactive["header"] = {"type": "text", "text": header}
    if footer:
        interactive["footer"] = {"text": footer}
    return {"type": "interactive", "interactive": interactive}


def _sections(rows: tuple[Row, ...], sections: tuple[Section, ...]) -> list[Payload]:
    parts = [*([Section("", rows)] if rows else []), *sections]
    return [
        _given({}, title=part.title)
        | {
            "rows": [
                _given({"id": row.id, "title": row.title}, description=row.description) for row in part.rows
            ]
        }
        for part in parts
    ]


def _template(template: Template) -> Payload:
    components: list[Payload] = []
    if isinstance(template.header, Media):
        kind = template.header.kind
        components.append({"type": "header", "parameters": [{"type": kind, kind: _media(template.header)}]})
    elif template.header:
        components.append({"type": "header", "parameters": _named(template.header)})
    if template.body:
        components.append({"type": "body", "parameters": _named(template.body)})
    for index, button in enumerate(template.buttons):
        match button:
            case QuickReply(payload):
                parameter = {"type": "payload", "payload": payload}
                components.append(_template_button("quick_reply", index, parameter))
            case UrlSuffix(suffix):
                parameter = {"type": "text", "text": quote(suffix, safe="/")}
                components.append(_template_button("url", index, parameter))
            case None:
                pass
    body: Payload = {"name": template.name, "language": {"code": template.language}}
    return body | {"components": components} if components else body


def _named(values: Mapping[str, str]) -> list[Payload]:
    return [
        {"type": "text", "parameter_name": name, "text": clean_parameter(text)}
        for name, text in values.items()
    ]


def _template_button(kind: str, index: int, parameter: Mapping[str, str]) -> Payload:
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]}


def _media(media: Media) -> Payload:
    return _given({}, id=media.media_id, link=media.link, file=media.file)


def _given(start: Payload, **more: str | None) -> Payload:
    """`start` and those of `more` that are not empty: Meta refuses some keys with empty values."""
    return start | {key: value for key, value in more.items() if value}


def _media_in(value: object) -> list[dict[str, Any]]:
    """Every object of the body that stands for a file, wherever it is nested."""
    found: list[dict[str, Any]] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in limits.MEDIA_TYPES and isinstance(inner, dict):
                found.append(inner)
            else:
                found += _media_in(inner)
    elif isinstance(value, list):
        for inner in value:
            found += _media_in(inner)
    return found


def _cleaned(value: object) -> object:
    """A copy as plain JSON whose strings can be stored."""
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {str(key): _cleaned(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_cleaned(inner) for inner in value]
        case _:
            return value
