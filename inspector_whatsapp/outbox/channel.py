"""What a channel is, and what may go wrong in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from inspector_whatsapp.cloud_api.errors import (
    CloudError as CannotSend,
)
from inspector_whatsapp.cloud_api.errors import (
    NotAllowed,
    OptedOut,
    Refused,
    TryLater,
    Uncertain,
    Unreachable,
    WindowClosed,
)
from inspector_whatsapp.models import OutboxMessage

__all__ = [
    "CannotSend",
    "Channel",
    "NotAllowed",
    "OptedOut",
    "Receipt",
    "Refused",
    "Sending",
    "TryLater",
    "Uncertain",
    "Unreachable",
    "WindowClosed",
    "Withheld",
    "by_name",
]


class Withheld(Exception):
    """A message that must not leave any more; its words say why, and an admin reads them."""


@dataclass(frozen=True)
class Receipt:
    """A channel took a message: its id there, and the media ids of photos uploaded on the way."""

    provider_id: str
    uploaded: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sending:
    """A message ready to go. `send` touches no database and tries once."""

    send: Callable[[], Receipt]
    body: dict[str, Any]
    text: str


class Channel(Protocol):
    """A way to people."""

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        """Put the message into this channel's form; may read and write the database, never the network.

        Runs in a transaction of its own. Raises Withheld when it must not leave any more (not wanted, out of
        date, no way to say it here).
        """

    def uploaded(self, files: dict[str, str]) -> None:
        """Remember under which ids our files lie with the provider."""


def by_name(name: str) -> Channel:
    """The channel that CHANNELS lists under `name`."""
    return _channel(settings.CHANNELS[name])


@cache
def _channel(path: str) -> Channel:
    channel: Channel = import_string(path)()
    return channel
