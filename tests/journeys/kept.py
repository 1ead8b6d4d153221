"""Everything that the service keeps or has said, to look for what it must not: a secret found is a leak."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import redis

from tests.journeys.service import Service

_BYTES = re.compile(r"\\\\x((?:[0-9a-f]{2})+)")  # as COPY writes a bytea
_JWT = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}")


def places(service: Service) -> dict[str, str]:
    """What stands where: each table of a dump, each key of Redis, each program's log and each server's."""
    return dict((*_tables(service), *_keys(service), *_logs(service)))


def holding(found: dict[str, str], secret: str) -> list[str]:
    """Where a secret stands. A code counts as a number by itself: six digits are also parts of many others,
    of ids, phone numbers and fractions of a second."""
    if secret.isdecimal():
        digits = re.escape(secret)
        pattern = re.compile(rf"(?<![\w.]){digits}(?!\w)|(?<![\w.]){secret[:3]}[ -]{secret[3:]}(?!\w)")
    else:
        pattern = re.compile(re.escape(secret))
    return [place for place, text in found.items() if pattern.search(text)]


def tokens(found: dict[str, str]) -> list[str]:
    """Where there is a JWT, whosever."""
    return [place for place, text in found.items() if _JWT.search(text)]


def _tables(service: Service) -> Iterator[tuple[str, str]]:
    with psycopg.connect(service.plan.settings["DATABASE_URL"], autocommit=True) as connection:
        names = connection.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in names.fetchall():
            with connection.cursor().copy(f"COPY {name} TO STDOUT".encode()) as rows:
                text = b"".join(rows).decode()
            yield f"table {name}", text + "\n".join(map(_decoded, _BYTES.findall(text)))


def _decoded(digits: str) -> str:
    return bytes.fromhex(digits).decode(errors="replace")


def _keys(service: Service) -> Iterator[tuple[str, str]]:
    server: Any = redis.Redis.from_url(service.plan.settings["REDIS_URL"])
    read = {
        b"string": server.get,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"set": server.smembers,
        b"zset": lambda key: server.zrange(key, 0, -1, withscores=True),
        b"hash": server.hgetall,
        b"stream": lambda key: server.xrange(key),
    }
    for key in server.scan_iter():
        kind = server.type(key)
        if kind == b"none":  # it has run out meanwhile
            continue
        value = read[kind](key)
        yield f"redis {key!r}", f"{key!r} {value!r} {_of_celery(value)}"


def _of_celery(value: object) -> str:
    """The bodies of waiting tasks, which Celery packs in base64."""
    bodies = []
    for item in value if isinstance(value, list) else ():
        with suppress(ValueError, KeyError, TypeError):
            bodies.append(base64.b64decode(json.loads(item)["body"]).decode())
    return " ".join(bodies)


def _logs(service: Service) -> Iterator[tuple[str, str]]:
    for log in service.logs.iterdir():
        yield f"log {log.name}", log.read_text(errors="replace")
    for server in (service.postgres.home / "log", service.redis.folder / "log"):
        yield f"log of {server.parent}", server.read_text(errors="replace")
