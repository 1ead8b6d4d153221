"""Once a day seekers hear, in one message, what is new for them and was not told at once."""

from collections.abc import Iterable

from django.db import connection

from notifications import alerts
from notifications.alerts import Claimed
from notifications.kind import key
from notifications.models import AlertState
from notifications.recipients import Notice

MOST = 10  # properties that are shown, the newest; of the others it is said how many

# What is marked is what is told: an alert that comes meanwhile is in the next one.
_TELL = """
WITH told AS (
    UPDATE notifications_alert SET state = 'digest', told_at = %(now)s
    WHERE state = 'new' AND NOT at_once AND seeker_id = ANY (%(seekers)s)
    RETURNING id, seeker_id, property_id, found_at
)
SELECT seeker_id, count(*), (array_agg(property_id ORDER BY found_at DESC, id DESC))[:%(most)s]
FROM told GROUP BY seeker_id ORDER BY seeker_id
"""


def send() -> int:
    """Write today's digest to everybody who has one coming; how many. Twice on a day, it goes once."""
    return alerts.write(_notices, at_once=False)


def _notices(claimed: Claimed) -> Iterable[Notice]:
    told = claimed.told_today(AlertState.DIGEST)
    due = [seeker for seeker in claimed.keys if seeker not in told]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, {"seekers": due, "most": MOST, "now": claimed.now})
        rows = cursor.fetchall()
    for seeker, many, newest in rows:
        yield Notice(
            kind="search_digest",
            account=claimed.seekers[seeker],
            key=key("search_digest", seeker, claimed.day(seeker, claimed.now)),
            arguments={"properties": newest, "more": many - len(newest)},
            because="the daily digest of their alerts",
        )
