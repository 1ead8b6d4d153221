"""What can be said on WhatsApp.

`payload()` turns a message into the wire body without its addressee, already checked against Meta's
limits and plain JSON, so that it can wait in a row; `addressed()` completes it when it is sent.
"""

from ..text import clean_parameter, clip
from .kinds import (
    Button,
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
from .transcript import Offered, Seen, plain, seen
from .wire import Payload, addressed, files, mark_read, payload, with_media

__all__ = [
    "Button",
    "Buttons",
    "CallToAction",
    "Document",
    "Form",
    "Image",
    "List",
    "Location",
    "LocationRequest",
    "Media",
    "Message",
    "Offered",
    "Payload",
    "QuickReply",
    "Reaction",
    "Row",
    "Section",
    "Seen",
    "Template",
    "Text",
    "UrlSuffix",
    "addressed",
    "clean_parameter",
    "clip",
    "files",
    "mark_read",
    "payload",
    "plain",
    "seen",
    "with_media",
]
