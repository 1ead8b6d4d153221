"""The people at the other end, and what stands in their chats."""

import base64
import hashlib
import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import phonenumbers

from inspector_whatsapp.simulator.config import Json

DEMO = {
    "+2348030000001": "Ada",
    "+2348030000002": "Bola",
    "+2348030000003": "Chidi",
    "+2348030000009": "A stranger",
}


@dataclass(kw_only=True)
class Entry:
    """One message of a chat, by the person or by the business."""

    id: str
    by_person: bool
    at: datetime
    message: Json
    """As it went over the wire."""
    view: Json
    """As the phone shows it."""
    status: str = "sent"
    callback: str | None = None
    error: Json | None = None
    category: str = "service"
    to_user_id: bool = False
    reactions: dict[str, str] = field(default_factory=dict)
    seq: int = 0

    def json(self) -> Json:
        return {
            "id": self.id,
            "from": "person" if self.by_person else "business",
            "at": self.at.isoformat(),
            "type": self.message.get("type", "text"),
            "message": self.message,
            "view": self.view,
            "status": self.status,
            "callback": self.callback,
            "error": self.error,
            "reactions": self.reactions,
            "seq": self.seq,
        }


@dataclass(kw_only=True)
class Person:
    """A person with a phone: what Meta would know, and the chat with the business."""

    phone: str
    """E.164 with plus; what the simulator calls the person by, whether or not it is told."""
    name: str
    user_id: str
    username: str | None = None
    hides_phone: bool = False
    on_whatsapp: bool = True
    online: bool = True
    opted_out: bool = False
    heard: datetime | None = None
    """When the person last wrote: the customer service window counts from here."""
    chat: list[Entry] = field(default_factory=list)
    unread: int = 0

    @property
    def wa_id(self) -> str:
        return self.phone.lstrip("+")

    def entry(self, wamid: str) -> Entry | None:
        return next((entry for entry in reversed(self.chat) if entry.id == wamid), None)

    def json(self) -> Json:
        last = self.chat[-1] if self.chat else None
        return {
            **{key: value for key, value in asdict_flat(self).items() if key not in ("chat", "heard")},
            "heard": self.heard.isoformat() if self.heard else None,
            "last": {
                "at": last.at.isoformat(),
                "text": preview(last),
                "mine": last.by_person,
                "status": last.status,
            }
            if last
            else None,
        }


def asdict_flat(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in person.__dataclass_fields__}


def preview(entry: Entry) -> str:
    """The one line that stands in the list of chats."""
    view = entry.view
    media = view.get("media") or {}
    sign = {"image": "📷", "video": "🎬", "audio": "🎤", "document": "📄", "sticker": "🏷️"}.get(
        media.get("kind", ""), ""
    )
    kind = "Voice message" if media.get("kind") == "audio" else media.get("kind", "").capitalize()
    text = str(view.get("body") or view.get("title") or media.get("name") or kind)
    if view.get("location"):
        sign, text = "📍", "Location"
    return f"{sign} {text}".strip().replace("\n", " ")[:120]


def user_id(phone: str) -> str:
    """A business-scoped user id: stable for the number, with its country in front."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        country = None
    number = int.from_bytes(hashlib.sha256(phone.encode()).digest()[:8], "big")
    return f"{country or 'NG'}.{number:020d}"


def wamid(wa_id: str, *, by_person: bool) -> str:
    """A message id as Meta makes them: the other side's number and a random part, in base64."""
    digits = wa_id.encode()
    upper = "".join(secrets.choice(string.digits + "ABCDEF") for _ in range(32 if by_person else 18)).encode()
    kind = b"\x15\x02\x00\x12\x18" if by_person else b"\x15\x02\x00\x11\x18"
    raw = b"\x1c\x18" + bytes([len(digits)]) + digits + kind + bytes([len(upper)]) + upper + b"\x00"
    return "wamid." + base64.b64encode(raw).decode()
