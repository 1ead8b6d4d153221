"""Whether the service works: the checks of /readyz, and the heartbeats of its processes."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache

import redis
from django.conf import settings
from django.db import close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from inspector_whatsapp import clock
from inspector_whatsapp.models import Heartbeat, OutboxMessage
from inspector_whatsapp.models.outbox import WAITING_STATES, Priority, Status
from inspector_whatsapp.outbox import circuit

logger = logging.getLogger(__name__)

LATE = timedelta(seconds=60)  # of an answer that could leave
SILENT = timedelta(seconds=30)  # without a heartbeat
EVERY = 5  # seconds between two heartbeats
_BEATS = "beat@"

Check = tuple[str, Callable[[], str]]  # a name, and what is wrong ("" when nothing is)


def beat(name: str) -> None:
    """Say that a process is alive, by PostgreSQL's real time: the clock may jump."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def keep_a_beat_beating() -> None:
    """A beat of the schedules says that it is there, by a name of its own: two of them are seen."""
    Heartbeat.objects.filter(name__startswith=_BEATS, at__lt=Now() - timedelta(days=1)).delete()
    keep_beating(f"{_BEATS}{socket.gethostname()[:40]}:{os.getpid()}", lambda: None)


def beats() -> list[str]:
    """The beats that run, by machine and process. One that was killed counts for a few seconds more."""
    fresh = Heartbeat.objects.filter(name__startswith=_BEATS, at__gt=Now() - timedelta(seconds=3 * EVERY))
    return [name.removeprefix(_BEATS) for name in fresh.order_by("name").values_list("name", flat=True)]


def keep_beating(name: str, look: Callable[[], None]) -> None:
    """Beat from a thread of this process for as long as it lives; and look, once it has lived for a while.

    Not at once: when everything starts, others come after it.
    """

    def run() -> None:
        began = time.monotonic()
        while True:
            try:
                close_old_connections()
                beat(name)
                if time.monotonic() - began > SILENT.seconds:
                    look()
            except Exception as error:  # the database is away: the missing heartbeat says so
                logger.warning("no heartbeat of %s: %s", name, type(error).__name__)
            threading.Event().wait(EVERY)

    threading.Thread(target=run, name=f"heartbeat-{name}", daemon=True).start()


def failures() -> dict[str, str]:
    """What is wrong, by the name of the check; empty when all is well."""
    found = {}
    for name, check in _all_checks(tuple(settings.HEALTH_CHECKS)):
        try:
            wrong = check()
        except Exception as error:  # a check that cannot even run says that something is wrong
            wrong = _words(error)
        if wrong:
            found[name] = wrong
    return found


# What PostgreSQL's codes mean for whoever runs it.
_STATES = {
    "25006": "PostgreSQL takes no writes: it is a standby, or set to read only",
    "28P01": "PostgreSQL refuses the password of DATABASE_URL",
    "3D000": "PostgreSQL has no database of that name",
    "42501": "the role of DATABASE_URL lacks a right",
    "42P01": "a table is missing: run manage.py migrate",
    "53100": "PostgreSQL's disk is full",
    "53300": "PostgreSQL has no connection left for us",
    "57P03": "PostgreSQL is starting or shutting down",
}


def _words(error: BaseException) -> str:
    """Why a check could not run; its type where nothing else is known to be nobody's."""
    state = getattr(error.__cause__ or error, "sqlstate", None)
    return _STATES.get(state or "", type(error).__name__)


@cache
def _all_checks(names: tuple[str, ...]) -> tuple[Check, ...]:
    return tuple(check for name in names for check in import_string(name)())


def checks() -> Iterable[Check]:
    """The checks of the platform itself."""
    return (
        ("database", _database),
        ("migrations", _migrations),
        ("redis", _redis),
        ("worker", lambda: alive("worker")),
        ("beat", lambda: alive("beat")),
        ("outbox", _outbox),
    )


def _database() -> str:
    """It is written to: a full disk or a standby answers every question."""
    beat("web")
    return ""


_migrated = threading.Event()


def _migrations() -> str:
    """Unapplied migrations. Once none are left this process asks no more: it started with all it knows."""
    if _migrated.is_set():
        return ""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return f"{len(waiting)} not applied"
    _migrated.set()
    return ""


def _redis() -> str:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
        client.ping()
    return ""


def _outbox() -> str:
    """Answers that nothing keeps here, and that have not left all the same.

    A channel that is shut is its provider's trouble, and what is many at once takes its time.
    """
    shut = circuit.shut()
    before = OutboxMessage.objects.filter(lane=OuterRef("lane"), id__lt=OuterRef("id"))
    late = OutboxMessage.objects.filter(
        ~Exists(before.filter(status__in=(*WAITING_STATES, Status.SENDING))),
        channel__in=[name for name in settings.CHANNELS if (name, "") not in shut],
        priority=Priority.NOW,
        status__in=WAITING_STATES,
        not_before__lt=clock.now() - LATE,
    )
    return "messages wait for more than a minute" if late.exists() else ""


def alive(name: str) -> str:
    """What is wrong with a process, by its last heartbeat."""
    fresh = Heartbeat.objects.filter(name=name, at__gt=Now() - SILENT)
    return "" if fresh.exists() else f"silent for more than {SILENT.seconds} s"
