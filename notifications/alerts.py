"""Alerts: a property and somebody who looks for it, once for the two of them.

    note()           write them, in the transaction of the change that brings them about
    tell()           those that are to be told at once, as many a day as ALERTS_PER_DAY
    digests.send()   the others, once a day

Who tells somebody holds the row of their account meanwhile: what they heard today is counted by one alone.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count

from inspector_whatsapp import clock, doorbell, outbox, searches
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import Link, OutboxMessage, Property, User
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.words import Reader
from notifications import recipients
from notifications.kind import key
from notifications.models import Alert, AlertState
from notifications.recipients import CHANNELS, Notice

BATCH = 500  # seekers per transaction
FURTHEST = timedelta(days=7)  # what was found before is no news
DAY = timedelta(hours=25)  # the longest that a day is, where clocks are put back

# What was dropped was never told: it may be found again.
_NOTE = """
INSERT INTO notifications_alert AS kept (seeker_id, property_id, searches, at_once, state, reason, found_at)
SELECT seeker_id, %s, array_agg(DISTINCT search_id), bool_or(at_once), 'new', '', clock_now()
FROM ({found}) AS found (seeker_id, search_id, at_once)
GROUP BY seeker_id ORDER BY seeker_id
ON CONFLICT (seeker_id, property_id) DO UPDATE SET searches = EXCLUDED.searches, at_once = EXCLUDED.at_once,
    state = EXCLUDED.state, reason = EXCLUDED.reason, found_at = EXCLUDED.found_at
WHERE kept.state = 'dropped'
"""
_NOTE_MANY = """
INSERT INTO notifications_alert AS kept (seeker_id, property_id, searches, at_once, state, reason, found_at)
SELECT seeker_id, property_id, array_agg(DISTINCT search_id), bool_or(at_once), 'new', '', clock_now()
FROM ({found}) AS found (property_id, seeker_id, search_id, at_once)
WHERE NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS told (property, seeker)
    WHERE told.property = property_id AND told.seeker = seeker_id
)
GROUP BY seeker_id, property_id ORDER BY seeker_id, property_id
ON CONFLICT (seeker_id, property_id) DO UPDATE SET searches = EXCLUDED.searches, at_once = EXCLUDED.at_once,
    state = EXCLUDED.state, reason = EXCLUDED.reason, found_at = EXCLUDED.found_at
WHERE kept.state = 'dropped'
"""
_DROP = """
UPDATE notifications_alert alert SET state = 'dropped', reason = useless.why FROM (
    SELECT alert.id, CASE
        WHEN property.status <> 'live' THEN 'the property is no longer live'
        WHEN NOT seeker.is_active THEN 'the account is no longer active'
        WHEN alert.found_at < %(furthest)s THEN 'it waited for so long that it is no news'
        WHEN NOT EXISTS (
            SELECT FROM inspector_whatsapp_savedsearch search
            WHERE search.id = ANY (alert.searches) AND search.is_active
        ) THEN 'they no longer look for it'
        WHEN NOT EXISTS (
            SELECT FROM inspector_whatsapp_savedsearch search
            WHERE search.id = ANY (alert.searches) AND search.is_active AND NOT EXISTS (
                SELECT FROM inspector_whatsapp_searchless less
                WHERE less.search_id = search.id AND less.area = property.area
                    AND less.listing_type = property.listing_type AND less.currency = property.currency
                    AND property.price BETWEEN less.price_from AND less.price_to)
        ) THEN 'they asked to be shown less like it'
    END AS why
    FROM notifications_alert alert
    JOIN inspector_whatsapp_property property ON property.id = alert.property_id
    JOIN inspector_whatsapp_user seeker ON seeker.id = alert.seeker_id
    WHERE alert.state = 'new' AND alert.at_once = %(at_once)s AND alert.seeker_id = ANY (%(seekers)s)
) useless
WHERE useless.id = alert.id AND useless.why IS NOT NULL
"""
# The first ones as far as there is room today; the others wait for the digest.
_TELL = """
WITH ranked AS (
    SELECT alert.id, place.room,
        row_number() OVER (PARTITION BY alert.seeker_id ORDER BY alert.found_at, alert.id) AS rank
    FROM notifications_alert alert
    JOIN unnest(%(seekers)s::bigint[], %(rooms)s::int[]) AS place (seeker_id, room) USING (seeker_id)
    WHERE alert.state = 'new' AND alert.at_once
)
UPDATE notifications_alert alert SET at_once = rank <= room,
    state = CASE WHEN rank <= room THEN 'told' ELSE 'new' END,
    told_at = CASE WHEN rank <= room THEN %(now)s::timestamptz END
FROM ranked WHERE ranked.id = alert.id
RETURNING alert.at_once, alert.seeker_id, alert.property_id, alert.searches
"""


@dataclass(frozen=True)
class Claimed:
    """Seekers who are held until the transaction ends, and how late it is for each."""

    seekers: Mapping[int, User]
    zones: Mapping[int, ZoneInfo]
    now: datetime

    @property
    def keys(self) -> list[int]:
        return list(self.seekers)

    def told_today(self, state: AlertState) -> Counter[int]:
        """How many alerts each was told in this way on their own day."""
        told = Alert.objects.filter(seeker__in=self.keys, state=state, told_at__gt=self.now - DAY)
        counted: Counter[int] = Counter()
        for seeker, told_at, many in told.values_list("seeker", "told_at").annotate(many=Count("pk")):
            if self.day(seeker, told_at) == self.day(seeker, self.now):
                counted[seeker] += many
        return counted

    def day(self, seeker: int, moment: datetime) -> str:
        """The date of a moment where the seeker is."""
        return moment.astimezone(self.zones[seeker]).date().isoformat()


def note(property: Property, *, but: Collection[int] = ()) -> int:
    """Write an alert for everybody who looks for a property that is live; how many are new.

    Called in the transaction of the change. `but`: who hears of the change in another way.
    """
    found = searches.places_of(property).exclude(seeker__in=but)
    sql, values = found.values_list("seeker_id", "search_id", "at_once").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(found=sql), [property.pk, *values])
        noted: int = cursor.rowcount
    if noted:
        doorbell.ring_on_commit(doorbell.ALERTS)
    return noted


def note_many(found: Sequence[tuple[Property, Collection[int]]]) -> int:
    """The same for many properties in one statement, each with those who hear in another way."""
    besides = searches.looked_for([property for property, _but in found])
    noted = sum(note(property, but=but) for property, but in found if besides.get(property.pk))
    plain = [(property, but) for property, but in found if besides.get(property.pk) is False]
    if not plain:
        return noted
    sql, values = searches.plainly_found([property for property, _but in plain])
    told = [(property.pk, seeker) for property, but in plain for seeker in but]
    with connection.cursor() as cursor:
        keys = [[pair[0] for pair in told], [pair[1] for pair in told]]
        cursor.execute(_NOTE_MANY.format(found=sql), [*values, *keys])
        noted += int(cursor.rowcount)
    if noted:
        doorbell.ring_on_commit(doorbell.ALERTS)
    return noted


def tell() -> int:
    """Put what is to be told at once into the outbox; how many. Several may run at once."""
    return write(_notices, at_once=True)


def write(notices: Callable[[Claimed], Iterable[Notice]], *, at_once: bool) -> int:
    """Write what `notices` makes for seekers with alerts that wait, batch after batch; how many."""
    written = after = 0
    while True:
        done = retried(partial(_batch, notices, at_once=at_once, after=after))
        if done is None:
            return written
        many, after = done
        written += many


def was_not_told(*, property: int, seeker: int | None, why: str) -> None:
    """What was to be told at once could not be, by any channel: should the property come back, it is news."""
    # Both channels' rows may close at the same moment: the second looks when the first has committed.
    Alert.objects.select_for_update().filter(property=property, seeker=seeker).first()
    name = key("search_match", property, seeker)
    rows = OutboxMessage.objects.filter(key__in=[f"{name}:{channel}" for channel in CHANNELS])
    if rows.exclude(status=Status.WITHHELD).exists():
        return
    rows.update(key=None)
    told = Alert.objects.filter(property=property, seeker=seeker, state=AlertState.TOLD)
    told.update(state=AlertState.DROPPED, reason=why, told_at=None)


# --- the steps --------------------------------------------------------------------------------------------
def _batch(
    notices: Callable[[Claimed], Iterable[Notice]], *, at_once: bool, after: int
) -> tuple[int, int] | None:
    """How many were written, and the last of the seekers; None when there are no more behind `after`."""
    claimed = _claim(at_once=at_once, after=after)
    if claimed is None:
        return None
    made = list(notices(claimed))
    outbox.add_all(recipients.outgoing(made), now=claimed.now)
    return len(made), claimed.keys[-1]


def _claim(*, at_once: bool, after: int) -> Claimed | None:
    """Hold the next seekers behind `after`; what waits for them and is of no use any more is dropped.

    Of alerts that are told at once a sweep finds what somebody else holds now; of a digest nobody would until
    tomorrow, so it is waited for.
    """
    waiting = Alert.objects.filter(state=AlertState.NEW, at_once=at_once, seeker__gt=after)
    seekers = User.objects.filter(pk__gt=after, pk__in=waiting.values("seeker")).order_by("pk")
    held = list(seekers.select_for_update(no_key=True, skip_locked=at_once)[:BATCH])
    if not held:
        return None
    claimed = Claimed({seeker.pk: seeker for seeker in held}, _zones(held), clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            _DROP,
            {"at_once": at_once, "seekers": claimed.keys, "furthest": claimed.now - FURTHEST},
        )
    return claimed


def _notices(claimed: Claimed) -> Iterable[Notice]:
    heard = claimed.told_today(AlertState.TOLD)
    rooms = [max(0, settings.ALERTS_PER_DAY - heard[seeker]) for seeker in claimed.keys]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, {"seekers": claimed.keys, "rooms": rooms, "now": claimed.now})
        moved = cursor.fetchall()
    for at_once, seeker, property, fitting in sorted(moved):
        if at_once:
            yield Notice(
                kind="search_match",
                account=claimed.seekers[seeker],
                key=key("search_match", property, seeker),
                arguments={"property": property, "searches": fitting},
                because=f"the property fits what they look for: search {', '.join(map(str, fitting))}",
            )


def _zones(seekers: Sequence[User]) -> dict[int, ZoneInfo]:
    """Where each is; what was chosen in the chat wins over the account's."""
    links = Link.objects.filter(account__in=seekers, state=LinkState.ACTIVE)
    chosen = dict(links.values_list("account", "contact__time_zone"))
    return {
        seeker.pk: Reader(zone=chosen.get(seeker.pk) or seeker.time_zone or settings.TIME_ZONE).tz
        for seeker in seekers
    }
