"""When Meta says that the 24-hour window is closed (131047), and whether to believe it.

It is known to say so of people who wrote minutes ago, and to take the same message a little later.
"""

from datetime import datetime, timedelta
from typing import Any

from inspector_whatsapp.models import OutboxMessage

DOUBTS = (10, 30)  # seconds until the message is tried again, and once more
SURELY_OPEN = timedelta(hours=23, minutes=50)  # after their last message; the rest is for clocks that differ

Arguments = dict[str, Any]


def doubted(message: OutboxMessage, *, now: datetime) -> int | None:
    """Seconds until it is worth another try as it is; None when the window must be taken for closed."""
    heard = message.contact.last_inbound_at if message.contact else None
    tries: int = message.arguments.get("window_tries", 0)
    if closed(message) or heard is None or now - heard >= SURELY_OPEN or tries >= len(DOUBTS):
        return None
    return DOUBTS[tries]


def closed(message: OutboxMessage) -> bool:
    """Whether the message is known to need a template."""
    return bool(message.arguments.get("window_closed"))


def tried(message: OutboxMessage) -> Arguments:
    """Its arguments, for another try as it is."""
    arguments: Arguments = message.arguments
    return arguments | {"window_tries": arguments.get("window_tries", 0) + 1}


def believed(message: OutboxMessage) -> Arguments | None:
    """Its arguments, for a try by template; None when there is none to try: an answer, or tried already."""
    if message.kind == "reply" or closed(message):
        return None
    arguments: Arguments = message.arguments
    return arguments | {"window_closed": True}
