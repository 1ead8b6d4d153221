"""The registry of message templates: declared in code, kept as rows, edited and submitted by admins.

    find()      which version a message may be sent by, or why there is none     (finding.py)
    check()     whether a message fits it
    missing()   tell a person that a message found none
    declare()   rows for what the code declares; edit() makes a new version      (declaring.py)
    submit()    to Meta, for review                                              (submitting.py)
    heard()     what Meta says by webhook                                        (hearing.py)
    sync()      Meta's list, compared with ours                                  (syncing.py)
    send_test() to the admin's own phone                                         (trial.py)

Nothing is ever deleted at Meta.
"""

from notifications.registry.declaring import declare, declared, edit, reworded, says
from notifications.registry.finding import (
    Unusable,
    Usable,
    check,
    difference,
    find,
    missing,
    refused,
    why_not,
)
from notifications.registry.hearing import heard
from notifications.registry.lacking import submit_lacking, version_of
from notifications.registry.noticing import notice
from notifications.registry.submitting import SUBMITTABLE, CannotSubmit, submit
from notifications.registry.syncing import Synced, compare, sync
from notifications.registry.trial import CannotSendTest, NoNumber, send_test

__all__ = [
    "SUBMITTABLE",
    "CannotSendTest",
    "CannotSubmit",
    "NoNumber",
    "Synced",
    "Unusable",
    "Usable",
    "check",
    "compare",
    "declare",
    "declared",
    "difference",
    "edit",
    "find",
    "heard",
    "missing",
    "notice",
    "refused",
    "reworded",
    "says",
    "send_test",
    "submit",
    "submit_lacking",
    "sync",
    "version_of",
    "why_not",
]
