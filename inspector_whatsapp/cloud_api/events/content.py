"""What one message says, by Meta's type."""

from collections.abc import Mapping

from . import reading
from .kinds import (
    ContactsSent,
    Content,
    Edited,
    FormAnswered,
    LocationSent,
    MediaSent,
    NumberChanged,
    Ordered,
    Reacted,
    Revoked,
    Tapped,
    TextSaid,
    UnknownContent,
    Unsupported,
    UserIdChanged,
)
from .reading import identifier, items, part, phone, user_id, word

Node = Mapping[str, object]


def content(message: Node) -> Content:
    """The message's content; one without what its type promises is `UnknownContent`, never an error."""
    kind = word(message, "type", 40) or "missing"
    body = part(message, kind)
    found: Content | None
    match kind:
        case "text":
            text = body.get("body")
            found = TextSaid(word(body, "body", reading.WORDS) or "") if isinstance(text, str) else None
        case "interactive":
            found = _interactive(body)
        case "button":
            title = word(body, "text", reading.ID) or ""
            found = _tapped(identifier(body, "payload", 512) or title, title)
        case "image" | "video" | "audio" | "document" | "sticker":
            found = _media(kind, body)
        case "location":
            found = _location(body)
        case "contacts":
            found = _contacts(items(message, "contacts"))
        case "reaction":
            wamid = identifier(body, "message_id")
            found = Reacted(wamid, word(body, "emoji", 32) or "") if wamid else None
        case "edit":
            original = identifier(body, "original_message_id")
            found = Edited(original, _text_of(part(body, "message"))) if original else None
        case "revoke":
            original = identifier(body, "original_message_id")
            found = Revoked(original) if original else None
        case "order":
            found = Ordered()
        case "system":
            return _system(body)
        case "unsupported" | "unknown":
            return Unsupported(word(body, "type", 40) or kind)
        case _:
            found = None
    return found or UnknownContent(kind)


def _interactive(body: Node) -> Content | None:
    kind = word(body, "type", 40) or ""
    answer = part(body, kind)
    match kind:
        case "button_reply" | "list_reply":
            return _tapped(identifier(answer, "id", 512), word(answer, "title", reading.ID) or "")
        case "nfm_reply":
            return _form(answer)
        case _:
            return None


def _tapped(name: str | None, title: str) -> Tapped | None:
    return Tapped(name, title) if name else None


def _form(answer: Node) -> FormAnswered | None:
    try:
        response = reading.load(word(answer, "response_json", 100_000) or "")
    except reading.Unparseable:
        return None
    values = reading.cleaned(response)
    return FormAnswered(values) if isinstance(values, dict) else None


def _media(kind: str, body: Node) -> MediaSent | None:
    media_id = identifier(body, "id")
    if not media_id:
        return None
    return MediaSent(
        kind=kind,
        media_id=media_id,
        mime=word(body, "mime_type"),
        sha256=word(body, "sha256"),
        caption=word(body, "caption", reading.WORDS),
        filename=word(body, "filename"),
        url=identifier(body, "url", reading.URL),
    )


def _location(body: Node) -> LocationSent | None:
    latitude, longitude = reading.number(body, "latitude", 90), reading.number(body, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    return LocationSent(latitude, longitude, word(body, "name"), word(body, "address", 1000))


def _contacts(cards: list[object]) -> ContactsSent | None:
    if not cards:
        return None
    # Cards we asked for are the sender's own number; any other next to them is not.
    asked = [card for card in cards if word(card, "origin") == "contact_request"]
    numbers = [entry for card in (asked or cards)[:257] for entry in items(card, "phones")[:20]]
    phones = [phone(entry, "wa_id") or phone(entry, "phone") for entry in numbers]
    return ContactsSent(tuple(dict.fromkeys(filter(None, phones))), requested=bool(asked))


def _text_of(message: Node) -> str | None:
    """The words of an edited message: its text, or its caption."""
    body = part(message, word(message, "type", 40) or "")
    return word(body, "body", reading.WORDS) or word(body, "caption", reading.WORDS)


def _system(body: Node) -> Content:
    kind = word(body, "type", 40) or "missing"
    if kind in ("user_changed_number", "customer_changed_number"):
        new_phone = phone(body, "wa_id") or phone(body, "new_wa_id")
        if new_phone:
            return NumberChanged(new_phone)
    elif kind == "user_changed_user_id":
        new_user_id = user_id(body, "user_id")
        if new_user_id:
            return UserIdChanged(new_user_id, phone(body, "wa_id"))
    return UnknownContent(f"system:{kind}")
