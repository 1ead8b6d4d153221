"""Which WhatsApp speaks for which account: links are made, switched, paused and ended here alone."""

from linking.rules.ending import on_change, on_changes, suspend, unlink
from linking.rules.holding import current, links, switch
from linking.rules.making import connect, connect_from_web
from linking.rules.refusals import (
    AlreadyLinkedElsewhere,
    CannotLink,
    NotClaimed,
    NotLinked,
    NotProved,
    Over,
    Why,
)

__all__ = [
    "AlreadyLinkedElsewhere",
    "CannotLink",
    "NotClaimed",
    "NotLinked",
    "NotProved",
    "Over",
    "Why",
    "connect",
    "connect_from_web",
    "current",
    "links",
    "on_change",
    "on_changes",
    "suspend",
    "switch",
    "unlink",
]
