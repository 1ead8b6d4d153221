"""What only ever grows. Processes count, Redis adds up.

That is how often something came that nothing was made of, which no row tells, and what the figures of the
days have grown by. A process adds to a number in its memory, and tells Redis every few seconds from a thread,
so that nobody waits for it. A process that is killed takes a few seconds' counts along, and a Redis that was
lost begins at nothing: both are what a counter of Prometheus's may do.
"""

import logging
import os
import threading
from collections import Counter
from enum import StrEnum
from typing import Final

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

KEY: Final = "inspector:tally"
EVERY: Final = 2.0  # seconds between two times that Redis is told
PATIENCE: Final = 1.0  # seconds for Redis


class Tally(StrEnum):
    """What is counted beside figures, whose names have a colon in them (see `of_figure`)."""

    STORED = "stored"  # webhooks
    REPEATED = "repeated"  # webhooks that were stored before
    FORGED = "forged"  # webhooks whose signature is not Meta's
    NOT_STORED = "not_stored"  # webhooks; PostgreSQL took none
    EVENT_REPEATED = "event_repeated"  # an event that came before, in another webhook


def of_figure(name: str, label: str) -> str:
    """What a figure of the days is counted as."""
    return f"{name}:{label}"


class _Counts:
    """Of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._some = threading.Event()
        self._pid = 0

    def add(self, what: str, many: int = 1) -> None:
        """Count. Never waits for Redis, never raises."""
        if many <= 0:
            return
        with self._lock:
            self._counts[what] += many
            if self._pid != os.getpid():  # a fork takes no threads along
                self._pid = os.getpid()
                threading.Thread(target=self._run, name="tally", daemon=True).start()
        self._some.set()

    def tell(self) -> None:
        """Tell Redis now. What it does not hear is told the next time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with _redis() as client, client.pipeline(transaction=False) as pipe:
                for what, many in counts.items():
                    pipe.hincrby(KEY, what, many)
                pipe.execute()
        except redis.RedisError:
            with self._lock:
                self._counts.update(counts)
            self._some.set()

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._some.clear()
            threading.Event().wait(EVERY)
            self.tell()

    def read(self) -> Counter[str]:
        """Everybody's, of all processes. Raises redis.RedisError."""
        self.tell()
        with _redis() as client:
            found = client.hgetall(KEY)
        return Counter({what.decode(): int(many) for what, many in found.items()})


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


tally = _Counts()
