"""The one way out: every reply, notification and e-mail is a row, written with what brought it about.

    add()      write it, in the caller's transaction
    drain()    claim what is due, send it, record what became of it       (sending.py)
    heard()    a status came back from Meta; forward only                  (settling.py)
    sweep()    leases that ran out, messages of unknown fate               (settling.py)

Knows channels by name and no kinds: what a kind has to say is found by the channel, at the last moment.
"""

from inspector_whatsapp.outbox.adding import Outgoing, add, add_all, withhold
from inspector_whatsapp.outbox.channel import (
    CannotSend,
    Channel,
    Held,
    NotAllowed,
    OptedOut,
    Receipt,
    Refused,
    Sending,
    TryLater,
    Uncertain,
    Unreachable,
    WindowClosed,
    Withheld,
)
from inspector_whatsapp.outbox.sending import drain
from inspector_whatsapp.outbox.settling import heard, sweep
from inspector_whatsapp.outbox.story import Step

__all__ = [
    "CannotSend",
    "Channel",
    "Held",
    "NotAllowed",
    "OptedOut",
    "Outgoing",
    "Receipt",
    "Refused",
    "Sending",
    "Step",
    "TryLater",
    "Uncertain",
    "Unreachable",
    "WindowClosed",
    "Withheld",
    "add",
    "add_all",
    "drain",
    "heard",
    "sweep",
    "withhold",
]
