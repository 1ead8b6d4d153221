"""What is not as it should be around the service, while it works all the same: /readyz says it in words.

A database that this release is too old for, a Redis that forgets, two beats, a wrong clock, a full disk.
"""

import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from inspector_whatsapp import health, watching

MINUTE: Final = timedelta(minutes=1)  # by which a clock may be off; watching tells of seconds
ROOM: Final = 1024**3  # bytes that should be free for photos
_ASKED_FOR: Final = 60  # seconds that the bucket's answer is good for


def warnings() -> dict[str, str]:
    """What is wrong, by what it is about; empty when all is well."""
    found = {}
    for name, ask in _ALL.items():
        # That PostgreSQL or Redis is away is a failure, which is told elsewhere.
        with suppress(redis.RedisError, DatabaseError, OSError):
            if wrong := ask():
                found[name] = wrong
    return found


@cache
def _migrations() -> str:
    """Asked once: whoever started before the database was migrated goes on with what it knows."""
    return ahead()


def ahead() -> str:
    """What the database has that this release does not know."""
    loader = MigrationLoader(connection)
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
    return f"the database is ahead of this release: it has {', '.join(unknown)}" if unknown else ""


def _redis() -> str:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
        memory: Mapping[str, object] = client.info("memory")
    policy, most = memory.get("maxmemory_policy", "noeviction"), memory.get("maxmemory", 0)
    if policy == "noeviction" or not most:
        return ""
    return f"Redis throws things away when it is full ({policy}): set maxmemory-policy noeviction"


def _beats() -> str:
    beats = health.beats()
    return f"{len(beats)} beats run, one is enough: {', '.join(beats)}" if len(beats) > 1 else ""


def _clock() -> str:
    apart = watching.skew()
    if abs(apart) < MINUTE:
        return ""
    return f"this machine's clock is {apart.total_seconds():+.0f} s off PostgreSQL's"


def _photos() -> str:
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        while not folder.exists():
            folder = folder.parent
        return room(shutil.disk_usage(folder).free)
    return _bucket(int(time.monotonic() // _ASKED_FOR))


@lru_cache(maxsize=1)
def _bucket(_when: int) -> str:
    """Whether the bucket answers, asked once in a while: it is another machine's."""
    try:
        default_storage.listdir("nothing")
    except OSError as error:
        return f"photos cannot be kept, the bucket of MEDIA_STORAGE says {error}"
    return ""


def room(free: int) -> str:
    """What to say of so many free bytes."""
    return f"only {free // 1024**2} MB are free where photos are kept (MEDIA_STORAGE)" if free < ROOM else ""


_ALL: Final[Mapping[str, Callable[[], str]]] = {
    "migrations": _migrations,
    "redis": _redis,
    "beats": _beats,
    "clock": _clock,
    "photos": _photos,
}
