"""Broadcasts: one thing said to many people.

    people()    who is meant, each with why they are left out, if they are          (audience.py)
    cost_of()   what it costs at most, and what is left of the month's budget       (costs.py)
    confirm()   its people are chosen and a job begins; pause, resume, stop         (acting.py)
    WRITE       the job's work: a message for one of them, so many a minute         (writing.py)
    progress()  what has become of the messages                                     (progress.py)

What is written is a notification like any other: the outbox, the policy and the templates do the rest.
"""

from notifications.broadcasts.acting import (
    CannotSend,
    confirm,
    pause,
    refusal,
    resume,
    send_test,
    stop,
    values,
)
from notifications.broadcasts.audience import Why, counts, people, reason
from notifications.broadcasts.costs import Cost, cost_of
from notifications.broadcasts.progress import Progress, progress
from notifications.broadcasts.writing import PERMISSION

__all__ = [
    "PERMISSION",
    "CannotSend",
    "Cost",
    "Progress",
    "Why",
    "confirm",
    "cost_of",
    "counts",
    "pause",
    "people",
    "progress",
    "reason",
    "refusal",
    "resume",
    "send_test",
    "stop",
    "values",
]
