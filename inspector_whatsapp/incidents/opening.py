"""Opening, seeing and closing."""

from django.db import connection, transaction

from inspector_whatsapp import clock
from inspector_whatsapp.models.accounts import User
from inspector_whatsapp.models.incidents import Incident


def report(kind: str, *, key: str, sentence: str) -> bool:
    """Open an incident, or count it again while it is open; whether it was opened.

    `sentence` names ids, never people's words.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inspector_whatsapp_incident (kind, key, sentence, opened_at, last_at, times)
            VALUES (%s, %s, %s, clock_now(), clock_now(), 1)
            ON CONFLICT (kind, key) WHERE closed_at IS NULL
            DO UPDATE SET last_at = clock_now(), times = inspector_whatsapp_incident.times + 1
            RETURNING times = 1
            """,
            [kind, key[:128], sentence[:500]],
        )
        (opened,) = cursor.fetchone()
    return bool(opened)


def see(incident: Incident, *, by: User) -> bool:
    """Somebody looks into it; False if somebody did before, or it is over. It stays open, and is counted."""
    unseen = Incident.objects.filter(pk=incident.pk, closed_at=None, seen_at=None)
    return bool(unseen.update(seen_at=clock.now(), seen_by=by))


def close(kind: str, *, key: str, by: User | None = None) -> int:
    """Close what is open of that kind and key; how many there were. by: None where it is well by itself.

    What happens again is a new incident.
    """
    still = Incident.objects.filter(kind=kind, key=key, closed_at=None)
    return still.update(closed_at=clock.now(), closed_by=by)


def settle(kind: str, *, key: str, wrong: str) -> None:
    """What is looked at again and again: open while something is `wrong`, uncounted, and closed once not."""
    if not wrong:
        close(kind, key=key)
    elif not Incident.objects.filter(kind=kind, key=key, closed_at=None).exists():
        report(kind, key=key, sentence=wrong)
