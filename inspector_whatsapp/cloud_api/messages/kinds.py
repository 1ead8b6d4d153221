"""The kinds of message there are, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Media:
    """A picture or file: Meta's id, a public link, or our own storage name, uploaded before sending."""

    media_id: str | None = None
    link: str | None = None
    file: str | None = None
    kind: Literal["image", "video", "document"] = "image"  # asked for in headers only

    def __post_init__(self) -> None:
        if sum(bool(way) for way in (self.media_id, self.link, self.file)) != 1:
            raise ValueError("Media is exactly one of media_id, link and file.")


@dataclass(frozen=True)
class Text:
    body: str
    preview_url: bool = False


@dataclass(frozen=True)
class Button:
    id: str
    title: str


@dataclass(frozen=True)
class Buttons:
    """Up to three reply buttons under a text."""

    body: str
    buttons: tuple[Button, ...]
    header: Media | str | None = None
    footer: str | None = None


@dataclass(frozen=True)
class Row:
    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class List:
    """A sheet of up to ten rows behind one button; either `rows` or titled `sections`."""

    body: str
    button: str
    rows: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    header: str | None = None
    footer: str | None = None


@dataclass(frozen=True)
class CallToAction:
    """One button that opens a web page; Meta tells nobody when it is tapped."""

    body: str
    label: str
    url: str
    header: Media | str | None = None
    footer: str | None = None


@dataclass(frozen=True)
class Image:
    media: Media
    caption: str = ""


@dataclass(frozen=True)
class Document:
    media: Media
    caption: str = ""
    filename: str = ""


@dataclass(frozen=True)
class QuickReply:
    """What a template's quick-reply button sends back when it is tapped."""

    payload: str


@dataclass(frozen=True)
class UrlSuffix:
    """What completes the address of a template's URL button; percent-encoded when it is sent."""

    suffix: str


@dataclass(frozen=True)
class Template:
    """An approved template. `buttons` are in the template's order, None for one without a parameter."""

    name: str
    language: str
    body: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[QuickReply | UrlSuffix | None, ...] = ()
    header: Media | Mapping[str, str] | None = None


@dataclass(frozen=True)
class Location:
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class LocationRequest:
    """A text with a button that shares the person's location."""

    body: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """A button that opens a published form, on `screen` with `data`; `token` comes back with the answer."""

    body: str
    label: str
    flow_id: str
    token: str
    screen: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class Reaction:
    """An emoji on a message of theirs; an empty one takes it back."""

    wamid: str
    emoji: str


Message = (
    Text
    | Buttons
    | List
    | CallToAction
    | Image
    | Document
    | Template
    | Location
    | LocationRequest
    | Form
    | Reaction
)
