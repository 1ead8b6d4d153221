"""What a worker notices by itself, because nobody else would: a beat that is silent, clocks that differ.

WATCHES names what else is looked at, and tells the admins: a worker does it every few seconds, beat or not.
"""

import logging
import socket
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.module_loading import import_string

from inspector_whatsapp import health, incidents

logger = logging.getLogger(__name__)

MOST_SKEW = timedelta(seconds=2)


def look() -> None:
    """Open incidents for what is wrong, and close those of what is well again."""
    for name in settings.WATCHES:
        try:
            import_string(name)()
        except (OperationalError, InterfaceError):  # the database is away: so it is for the others
            raise
        except Exception:  # one that fails must not keep the others from looking
            logger.exception("%s could not look", name)


def processes() -> None:
    """The beat, and this machine's clock."""
    wrong = health.alive("beat")
    incidents.settle(
        "beat_silent", key="beat", wrong=wrong and f"The beat is {wrong}: nothing is run by the schedules."
    )
    apart, machine = skew(), socket.gethostname()
    incidents.settle(
        "clock_skew",
        key=machine,
        wrong=f"The clock of {machine} is {apart.total_seconds():+.0f} s off PostgreSQL's."
        if abs(apart) > MOST_SKEW
        else "",
    )


def postgresql_now() -> datetime:
    """PostgreSQL's real time, by which heartbeats are kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def skew() -> timedelta:
    """How far this machine's clock is ahead of PostgreSQL's; the way there and back does not count."""
    before = datetime.now(UTC)
    there = postgresql_now()
    after = datetime.now(UTC)
    if there > after:
        return after - there
    return max(before - there, timedelta())
