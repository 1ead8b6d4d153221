"""What a worker notices by itself, because nobody else would: a beat that is silent, clocks that differ."""

import socket
from datetime import UTC, datetime, timedelta

from django.db import connection

from inspector_whatsapp import health, incidents
from inspector_whatsapp.models import Incident

MOST_SKEW = timedelta(seconds=2)


def look() -> None:
    """Open incidents for what is wrong, and close those of what is well again."""
    wrong = health.alive("beat")
    _settle(
        "beat_silent", key="beat", wrong=wrong and f"The beat is {wrong}: nothing is run by the schedules."
    )
    apart, machine = skew(), socket.gethostname()
    _settle(
        "clock_skew",
        key=machine,
        wrong=f"The clock of {machine} is {apart.total_seconds():+.0f} s off PostgreSQL's."
        if abs(apart) > MOST_SKEW
        else "",
    )


def skew() -> timedelta:
    """How far this machine's clock is ahead of PostgreSQL's; the way there and back does not count."""
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
        after = datetime.now(UTC)
    if there > after:
        return after - there
    return max(before - there, timedelta())


def _settle(kind: str, *, key: str, wrong: str) -> None:
    if not wrong:
        incidents.close(kind, key=key)
    elif not Incident.objects.filter(kind=kind, key=key, closed_at=None).exists():
        incidents.report(kind, key=key, sentence=wrong)
