"""The one clock: PostgreSQL's time, plus an offset that only the simulator may change.

Whatever compares times of people's affairs (due, expired, the 24-hour window) asks it, in Python by `now()`
and in SQL by `Now()`. Leases and heartbeats are about processes and keep PostgreSQL's own time.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, Func

from inspector_whatsapp.models.clock import ClockOffset


class Now(Func):
    """The clock in SQL. The function is made by a migration."""

    function = "clock_now"
    template = "%(function)s()"
    output_field = DateTimeField()


def now() -> datetime:
    """The clock's time, aware, in UTC. One query: ask once per piece of work and pass it on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_now()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def offset() -> timedelta:
    """How far the clock stands ahead of PostgreSQL's."""
    return ClockOffset.objects.values_list("offset", flat=True).filter(pk=1).first() or timedelta()


def move(by: timedelta) -> datetime:
    """Move the clock ahead for everybody; only the simulator's door calls it. Returns the new time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inspector_whatsapp_clockoffset AS clock (id, "offset") VALUES (1, %s)
            ON CONFLICT (id) DO UPDATE SET "offset" = clock."offset" + EXCLUDED."offset"
            """,
            [str(by.total_seconds())],
        )
    return now()
