"""A channel whose provider does what a test says, and keeps what it took."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import CannotSend, Channel, Outgoing, Receipt, Sending, Uncertain

PATH = "tests.outbox.fake.Fake"


@dataclass
class Provider:
    """error: what the next message meets; None takes it. arrives: whether what is uncertain was taken."""

    error: Exception | None = None
    arrives: bool = True
    taken: list[int] = field(default_factory=list)
    prepared: list[tuple[int, datetime]] = field(default_factory=list)
    given_up: list[tuple[int, CannotSend]] = field(default_factory=list)
    instead: bool = False  # whether there is another way to say it

    def takes(self, pk: int, error: Exception | None, arrives: bool) -> Receipt:
        if error is None or (isinstance(error, Uncertain) and arrives):
            self.taken.append(pk)
        if error is not None:
            raise error
        return Receipt(provider_id=f"fake.{pk}")


provider = Provider()


class Fake(Channel):
    """The channel."""

    def prepare(self, message: OutboxMessage, *, now: datetime) -> Sending:
        provider.prepared.append((message.pk, now))
        send = partial(provider.takes, message.pk, provider.error, provider.arrives)
        return Sending(send=send, body={}, text=message.text)

    def gave_up(self, message: OutboxMessage, error: CannotSend) -> Sequence[Outgoing]:
        provider.given_up.append((message.pk, error))
        if not provider.instead or message.kind == "instead":
            return ()
        return [
            Outgoing(kind="instead", channel="fake", contact=message.contact, key=f"instead:{message.pk}")
        ]

    def uploaded(self, files: dict[str, str]) -> None:
        """There are none."""


def reset() -> None:
    """A provider of whom nothing is known."""
    provider.__init__()  # type: ignore[misc]
