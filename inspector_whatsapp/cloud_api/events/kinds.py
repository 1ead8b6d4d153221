"""What a webhook can tell us, as values.

Strings are clean (no NUL, no lone surrogates) and of bounded length, phone numbers are "+" and digits,
times are UTC. An event's `key` is the same however Meta batches and repeats it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Sender:
    """Who wrote. People with a username may hide their phone; then only `user_id` (BSUID) is there."""

    phone: str | None
    user_id: str | None
    username: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class TextSaid:
    body: str


@dataclass(frozen=True)
class Tapped:
    """A reply button, a list row, or a template's quick reply (whose payload is the id)."""

    id: str
    title: str


@dataclass(frozen=True)
class MediaSent:
    kind: str  # image, video, audio, document, sticker
    media_id: str
    mime: str | None = None
    sha256: str | None = None  # base64 on the wire
    caption: str | None = None
    filename: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class LocationSent:
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class ContactsSent:
    """Shared cards. Only when `requested` are the phones the sender's own; else they are anybody's."""

    phones: tuple[str, ...]
    requested: bool


@dataclass(frozen=True)
class Reacted:
    """An emoji on a message of ours; empty when it was taken back."""

    wamid: str
    emoji: str


@dataclass(frozen=True)
class FormAnswered:
    """A WhatsApp Flow's answer, untrusted like any other words of the person's."""

    response: Mapping[str, object]


@dataclass(frozen=True)
class Ordered:
    """A catalogue order; we have no catalogue."""


@dataclass(frozen=True)
class Edited:
    """The person changed a message; `text` is None when it has none."""

    original: str
    text: str | None


@dataclass(frozen=True)
class Revoked:
    """The person deleted a message for everyone."""

    original: str


@dataclass(frozen=True)
class NumberChanged:
    new_phone: str


@dataclass(frozen=True)
class UserIdChanged:
    new_user_id: str
    phone: str | None


@dataclass(frozen=True)
class Unsupported:
    """Something Meta doesn't pass on, such as a poll."""

    kind: str


@dataclass(frozen=True)
class UnknownContent:
    """A type we don't know, or one without what it should hold."""

    kind: str


Content = (
    TextSaid
    | Tapped
    | MediaSent
    | LocationSent
    | ContactsSent
    | Reacted
    | FormAnswered
    | Ordered
    | Edited
    | Revoked
    | NumberChanged
    | UserIdChanged
    | Unsupported
    | UnknownContent
)


@dataclass(frozen=True)
class MessageReceived:
    """`sent_at` is None when Meta's timestamp is missing or absurd: then our own receipt counts."""

    key: str
    phone_number_id: str
    business_account_id: str
    sender: Sender
    wamid: str
    sent_at: datetime | None
    group_id: str | None
    reply_to: str | None
    content: Content


@dataclass(frozen=True)
class StatusChanged:
    """What became of a message of ours; `callback` is what we sent as biz_opaque_callback_data."""

    key: str
    phone_number_id: str
    wamid: str
    status: str  # sent, delivered, read, played, failed
    at: datetime | None
    callback: str | None
    phone: str | None
    user_id: str | None
    code: int | None
    details: str
    category: str | None
    billable: bool | None


@dataclass(frozen=True)
class AccountEvent:
    """Something about the business account, its number or its templates; `value` is Meta's object.

    `at` is when Meta says it happened, None where it does not, and in rows of earlier releases.
    """

    key: str
    field: str
    business_account_id: str
    value: Mapping[str, object]
    at: datetime | None = None


@dataclass(frozen=True)
class PreferenceChanged:
    """The person stopped or resumed marketing messages in WhatsApp itself; to be honoured at once."""

    key: str
    phone: str | None
    user_id: str | None
    wants_marketing: bool
    at: datetime | None


@dataclass(frozen=True)
class UserIdUpdated:
    key: str
    previous: str
    current: str


@dataclass(frozen=True)
class ErrorsReported:
    """Errors without a message, as pairs of Meta's code and details."""

    key: str
    phone_number_id: str
    errors: tuple[tuple[int | None, str], ...]


@dataclass(frozen=True)
class Unknown:
    """What could not be read: `why` in words, `raw` the item's JSON, cut."""

    key: str
    why: str
    raw: str


Event = (
    MessageReceived
    | StatusChanged
    | AccountEvent
    | PreferenceChanged
    | UserIdUpdated
    | ErrorsReported
    | Unknown
)
