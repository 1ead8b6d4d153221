"""One at a time: over all processes by PostgreSQL's advisory locks, which end with their holder; in one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from typing import Final

from django.db import connection

# Each lock has a number of its own.
INBOX: Final = 0x1B0D1E5
TICK: Final = 0x71C4
CATCH_UP: Final = 0xCA7C4
RETAIN: Final = 0x4E7A14
ERASE: Final = 0xE4A5E
FIGURES: Final = 0xF165
PULL: Final = 0x9077
JOB: Final = 0x10B  # in a batch's transaction: see jobs.running
FRAUD: Final = 0xF4A0D
BROADCAST: Final = 0xB40AD  # in the transaction that confirms one
SYNC: Final = 0x51C  # in a transaction of its own: see sync.applying


@contextmanager
def alone(lock: int, part: int = 0) -> Iterator[bool]:
    """Whether nobody else holds this part of the lock; it is held until the block ends. Never waits."""
    part %= 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, part])
        free = bool(cursor.fetchone()[0])
    try:
        yield free
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, part])


class OneAtATime:
    """Work that one thread of this process does. Who comes meanwhile leaves it to them: it is done once more.

    A process that is told of much at once so does it together, instead of a little in each of its threads.
    """

    def __init__(self, work: Callable[[], int]) -> None:
        update_wrapper(self, work)
        self.work = work
        self._wanted = threading.Event()
        self._busy = threading.Lock()

    def __call__(self) -> int:
        done = 0
        self._wanted.set()
        while self._wanted.is_set() and self._busy.acquire(blocking=False):
            try:
                while self._wanted.is_set():
                    self._wanted.clear()
                    done += self.work()
            finally:
                self._busy.release()
        return done
