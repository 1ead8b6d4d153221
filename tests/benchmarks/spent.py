"""How much processor time PostgreSQL, Redis and our own processes have taken."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Seconds of a processor, until now."""

    ours: float
    postgresql: float
    redis: float

    def since(self, before: "Spent") -> "Spent":
        return Spent(self.ours - before.ours, self.postgresql - before.postgresql, self.redis - before.redis)

    def each(self, many: int) -> "Spent":
        """For one of so many."""
        return Spent(self.ours / many, self.postgresql / many, self.redis / many)

    def in_words(self) -> str:
        return (
            f"{self.ours * 1e6:,.0f} µs of our processes, {self.postgresql * 1e6:,.0f} µs of PostgreSQL,"
            f" {self.redis * 1e6:,.0f} µs of Redis"
        )


def spent(ours: Iterable[int] = ()) -> Spent:
    """By the processes of these ids, and by the servers of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        told = client.info("cpu")
    return Spent(
        sum(_of(pid) for pid in ours if _parent(pid)),  # one that has ended counts with its parent
        _of_postgresql(backend),
        float(told["used_cpu_user"]) + float(told["used_cpu_sys"]),
    )


def _fields(pid: int | str) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def _of(pid: int | str) -> float:
    """Of a process, and of those of its children that have ended."""
    user, system, ended_user, ended_system = map(int, _fields(pid)[11:15])
    return (user + system + ended_user + ended_system) / _TICKS


def _of_postgresql(backend: int) -> float:
    """Of the postmaster and all it has started; 0 where it runs on another machine."""
    try:
        postmaster = _fields(backend)[1]
        return _of(postmaster) + sum(
            _of(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _parent(entry.name) == postmaster
        )
    except OSError:
        return 0.0


def _parent(pid: int | str) -> str:
    try:
        return _fields(pid)[1]
    except OSError:
        return ""
