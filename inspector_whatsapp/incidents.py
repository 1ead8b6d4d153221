"""Incidents: what a person should look at. The same trouble is opened once and counted."""

from django.db import connection, transaction

from inspector_whatsapp import clock
from inspector_whatsapp.models.incidents import Incident


def report(kind: str, *, key: str, sentence: str) -> None:
    """Open an incident, or count it again while it is open. `sentence` names ids, never people's words."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inspector_whatsapp_incident (kind, key, sentence, opened_at, last_at, times)
            VALUES (%s, %s, %s, clock_now(), clock_now(), 1)
            ON CONFLICT (kind, key) WHERE closed_at IS NULL
            DO UPDATE SET last_at = clock_now(), times = inspector_whatsapp_incident.times + 1
            """,
            [kind, key[:128], sentence[:500]],
        )


def close(kind: str, *, key: str) -> int:
    """Close what is open of that kind and key; how many there were."""
    return Incident.objects.filter(kind=kind, key=key, closed_at=None).update(closed_at=clock.now())
