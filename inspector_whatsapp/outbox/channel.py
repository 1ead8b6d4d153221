"""What a channel is, and what may go wrong in it."""

from collections.abc import Callable, Sequence
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
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox.adding import Outgoing
from inspector_whatsapp.outbox.pace import Turn
from inspector_whatsapp.outbox.story import Step

__all__ = [
    "CannotSend",
    "Channel",
    "Held",
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
    """A message that must not leave any more; its words say why, and an admin reads them.

    steps: how that was decided. status: where it ends. instead: what is written in its place, unless it has
    been written already. then: called in the transaction that ends the message, for what it says of others.
    """

    def __init__(
        self,
        why: str,
        *,
        steps: Sequence[Step] = (),
        status: Status = Status.WITHHELD,
        instead: Sequence[Outgoing] = (),
        then: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(why)
        self.steps = steps
        self.status = status
        self.instead = instead
        self.then = then


class Held(Exception):
    """A message that leaves later, through no fault of its own: no attempt of it counts."""

    def __init__(self, why: str, *, until: datetime, steps: Sequence[Step] = ()) -> None:
        super().__init__(why)
        self.until = until
        self.steps = steps


PLACES, MOST_PLACES = 32, 200  # messages that a process has on the way at once by a channel
BACK_OFF = (10, 60, 300, 900, 3600, 3 * 3600)  # seconds, ± 20 %


@dataclass(frozen=True)
class Receipt:
    """A channel took a message: its id there, and the media ids of photos uploaded on the way.

    then: what follows from its answer, called in the transaction that records it.
    """

    provider_id: str
    uploaded: dict[str, str] = field(default_factory=dict)
    then: Callable[[], object] | None = None


@dataclass(frozen=True)
class Sending:
    """A message ready to go. `send` touches no database and tries once. steps: how it was decided.

    turn: what reserves it a moment before `send` is called, where its provider minds how many come at once.
    """

    send: Callable[[], Receipt]
    body: dict[str, Any]
    text: str
    steps: Sequence[Step] = ()
    turn: Turn | None = None


class Channel(Protocol):
    """A way out: to people, or to Inspector.

    back_off: seconds until a message is tried again, each time. knows_repeats: whether who gets it twice
    notices; then a message of unknown fate is simply tried again. in_order: whether the messages of a lane
    wait for each other for as long as it takes. minds_expiry: whether `gave_up` is for what expired untried
    as well, because something hangs on it.
    """

    back_off: Sequence[int] = BACK_OFF
    knows_repeats: bool = False
    in_order: bool = False
    minds_expiry: bool = False

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        """Put the message into this channel's form; may read and write the database, never the network.

        Runs in a transaction of its own, but for an answer, whose words stand in its row. Raises Withheld
        when it must not leave any more (not wanted, out of date, no way to say it here), Held when it must
        leave later.
        """

    def places(self) -> int:
        """How many messages a process has on the way here at once, none waiting for another."""
        return PLACES

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        """This message will never arrive here, or nobody can say so: remember what that says of the person;
        what is written in its place, unless it has been written already. In the transaction that ends it.

        error: TryLater when it only became too late, Uncertain when it may have arrived, else what was said.
        """

    def uploaded(self, files: dict[str, str]) -> None:
        """Remember under which ids our files lie with the provider."""

    def by_mail(self, message: OutboxMessage) -> Outgoing:
        """The letter that says the same, because a person wants one. Raises Withheld where there is none."""
        raise Withheld("only what is for WhatsApp can be said by e-mail instead")


def by_name(name: str) -> Channel:
    """The channel that CHANNELS lists under `name`."""
    return _channel(settings.CHANNELS[name])


@cache
def _channel(path: str) -> Channel:
    channel: Channel = import_string(path)()
    return channel
