"""The one way out: every reply, notification and e-mail is a row, written with what brought it about.

    add()      write it, in the caller's transaction
    drain()    claim what is due, send it, record what became of it       (claiming.py, sending.py)
    repeat()   a person has it said once more, or by_mail() instead         (again.py)
    heard()    a status came back from Meta; forward only                  (statuses.py)
    sweep()    leases that ran out, messages of unknown fate               (uncertain.py)

Knows channels by name and no kinds: what a kind has to say is found by the channel, at the last moment.
"""

from inspector_whatsapp.outbox.adding import HasLeft, Outgoing, add, add_all, cancel, withhold
from inspector_whatsapp.outbox.again import (
    AGAIN,
    CannotRetry,
    SaidAgain,
    again_of,
    by_mail,
    may_have_arrived,
    repeat,
    retry,
)
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
from inspector_whatsapp.outbox.rehearsing import Rehearsal, rehearse
from inspector_whatsapp.outbox.sending import drain
from inspector_whatsapp.outbox.statuses import heard
from inspector_whatsapp.outbox.story import Step
from inspector_whatsapp.outbox.uncertain import sweep

__all__ = [
    "AGAIN",
    "CannotRetry",
    "CannotSend",
    "Channel",
    "HasLeft",
    "Held",
    "NotAllowed",
    "OptedOut",
    "Outgoing",
    "Receipt",
    "Refused",
    "Rehearsal",
    "SaidAgain",
    "Sending",
    "Step",
    "TryLater",
    "Uncertain",
    "Unreachable",
    "WindowClosed",
    "Withheld",
    "add",
    "add_all",
    "again_of",
    "by_mail",
    "cancel",
    "drain",
    "heard",
    "may_have_arrived",
    "rehearse",
    "repeat",
    "retry",
    "sweep",
    "withhold",
]
