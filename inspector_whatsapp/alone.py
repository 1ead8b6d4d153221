"""One at a time, over all processes: PostgreSQL's advisory locks. They end with their holder."""

from collections.abc import Iterator
from contextlib import contextmanager
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
