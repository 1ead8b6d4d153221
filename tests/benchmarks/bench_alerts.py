"""A property is matched against a million saved searches; alerts are noted, and told in digests."""

import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import TypeVar

import pytest
from django.db import connection, transaction

from inspector_whatsapp import searches
from inspector_whatsapp.listings import gazetteer
from inspector_whatsapp.models import OutboxMessage, Property, SavedSearch, SearchPlace
from inspector_whatsapp.models.outbox import Status
from notifications import alerts, digests
from notifications.models import Alert
from tests.benchmarks.table import Row
from tests.factories import PropertyFactory

SEARCHES, SEEKERS = 1_000_000, 200_000
ROUNDS, LOOKS = 5, 21
WANTED = 2_000  # seekers who look for one property

AREAS = gazetteer.data()["areas"]["Lagos"][:40]  # the most looked for first
T = TypeVar("T")

# Of forty areas the first is in a quarter of the searches, the last in one of a hundred; a seventh of them
# looks through a whole city, and a tenth has wishes that only the criteria hold.
_SEEKERS = """
INSERT INTO inspector_whatsapp_user (
    password, is_superuser, version, email, name, role, phone, time_zone, language, is_staff, is_active,
    joined_at
)
SELECT '', false, 0, 'seeker' || n || '@example.com', 'Seeker ' || n, 'seeker', '', 'Africa/Lagos', 'en',
    false, true, now()
FROM generate_series(1, %s) n
"""
_SEARCHES = """
INSERT INTO inspector_whatsapp_savedsearch (version, seeker_id, criteria, frequency, is_active, created_at)
SELECT 0, seeker, jsonb_strip_nulls(jsonb_build_object(
    'areas', CASE WHEN n %% 7 > 0 THEN jsonb_build_array(areas[1 + floor(40 * random() ^ 3)::int]) END,
    'city', CASE WHEN n %% 7 = 0 THEN (ARRAY['Lagos', 'Abuja', 'Ibadan'])[1 + n %% 3] END,
    'kinds', CASE WHEN n %% 3 > 0 THEN
        jsonb_build_array((ARRAY['apartment', 'duplex', 'bungalow', 'land'])[1 + (random() * 3)::int]) END,
    'listing_type', (ARRAY['rent', 'rent', 'sale'])[1 + n %% 3],
    'bedrooms_min', beds, 'bedrooms_max', beds,
    'price_min', most / 2, 'price_max', most, 'currency', 'NGN',
    'amenities', CASE WHEN n %% 10 = 0 THEN jsonb_build_array('water') END
)), CASE WHEN n %% 2 = 0 THEN 'instant' ELSE 'daily' END, true, now()
FROM (
    SELECT n, first.id + n %% %s AS seeker, 1 + (random() * 5)::int AS beds,
        1000000 * (1 + (random() * 40)::int) + n AS most
    FROM generate_series(1, %s) n, (SELECT min(id) AS id FROM inspector_whatsapp_user) first
) made, (SELECT %s::text[] AS areas) given
"""
_WANTED = """
INSERT INTO inspector_whatsapp_savedsearch (version, seeker_id, criteria, frequency, is_active, created_at)
SELECT 0, id, jsonb_build_object('areas', jsonb_build_array('Kubwa')), 'daily', true, now()
FROM inspector_whatsapp_user WHERE role = 'seeker' ORDER BY id LIMIT %s
"""


def seed() -> None:
    """Seekers and their searches, as they would lie there after some time: vacuumed and analysed."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEKERS, [SEEKERS])
        cursor.execute(_SEARCHES, [SEEKERS, SEARCHES, AREAS])
        cursor.execute(_WANTED, [WANTED])
        cursor.execute("VACUUM (ANALYZE)")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """How many seconds it took, and what it gave."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def look(property: Property) -> int:
    """How many rows find it; the statement that notes alerts reads them in PostgreSQL just so."""
    return searches.places_of(property).count()


def look_through(property: Property) -> int:
    """What has to be done without the index: every search's place and prices are read in its criteria."""
    price = int(property.price)
    return SavedSearch.objects.filter(
        is_active=True,
        criteria__areas__has_any_keys=[property.area],
        criteria__price_min__lte=price,
        criteria__price_max__gte=price,
    ).count()


@transaction.atomic
def note(property: Property) -> int:
    return alerts.note(property)


@transaction.atomic
def insert(property: Property) -> int:
    """As many rows as PostgreSQL itself writes into the same table, with the same keys and indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notifications_alert
                (seeker_id, property_id, searches, at_once, state, reason, found_at)
            SELECT id, %s, ARRAY[1], false, 'told', '', now()
            FROM inspector_whatsapp_user WHERE role = 'seeker' ORDER BY id LIMIT %s
            """,
            [property.pk, WANTED],
        )
        written: int = cursor.rowcount
    return written


@pytest.mark.django_db(transaction=True)
def test_alerts(rows: list[Row], notes: list[str]) -> None:
    seed()
    _matching(rows, notes)
    _telling(rows, notes)


def _matching(rows: list[Row], notes: list[str]) -> None:
    for area, usual in ((AREAS[0], 37.0), (AREAS[20], 49.0)):
        homes = [
            PropertyFactory(area=area, bedrooms=1 + number % 5, price=Decimal(3_000_000 * (1 + number % 7)))
            for number in range(LOOKS)
        ]
        look(homes[0])
        ours, theirs, found = [], [], []
        for _round in range(ROUNDS):
            looked = sorted(timed(lambda home=home: look(home)) for home in homes)  # type: ignore[misc]
            assert all(many for _took, many in looked)
            ours.append(1 / looked[LOOKS // 2][0])
            found += [many for _took, many in looked]
            took, many = timed(lambda: look_through(homes[0]))  # noqa: B023
            assert many
            theirs.append(1 / took)
        rows.append(Row(f"properties matched, {area}", ours, "searches read one by one", theirs, usual=usual))
        notes.append(
            f"{area}: a property is matched in {_milliseconds(1, ours):.1f} ms (median), the slowest of the "
            f"last round in {looked[-1][0] * 1000:.1f} ms; {min(found)} to {max(found)} rows "
            f"of {SearchPlace.objects.count():,} find it."
        )


def _telling(rows: list[Row], notes: list[str]) -> None:
    noting, inserting, digesting, writing = [], [], [], []
    note(PropertyFactory(area="Kubwa", price=Decimal(10**11)))
    for _round in range(ROUNDS):
        # So dear that only those find it who name no price.
        home, other = (PropertyFactory(area="Kubwa", price=Decimal(10**11)) for _which in range(2))
        took, many = timed(lambda: note(home))  # noqa: B023
        assert many == WANTED
        noting.append(WANTED / took)
        took, many = timed(lambda: insert(other))  # noqa: B023
        assert many == WANTED
        inserting.append(WANTED / took)
    for _round in range(ROUNDS):
        Alert.objects.all().delete()
        OutboxMessage.objects.all().delete()
        note(home)
        took, many = timed(digests.send)
        assert (many, OutboxMessage.objects.count()) == (WANTED, WANTED)
        digesting.append(WANTED / took)
        OutboxMessage.objects.all().delete()
        took, _nothing = timed(_write)
        writing.append(WANTED / took)
    rows.append(Row("alerts noted", noting, "rows inserted by one SELECT", inserting, usual=0.68))
    rows.append(Row("seekers written a digest", digesting, "bare rows by bulk_create", writing, usual=0.43))
    notes.append(
        f"{WANTED:,} matches are noted in {_milliseconds(WANTED, noting):.0f} ms, and written as digests "
        f"in {_milliseconds(WANTED, digesting):.0f} ms (medians)."
    )


def _milliseconds(many: int, rates: list[float]) -> float:
    return many / median(rates) * 1000


def _write() -> None:
    """As many outbox rows as the digests, made by the ORM in batches of the same size."""
    now = Alert.objects.values_list("found_at", flat=True)[0]
    for first in range(0, WANTED, alerts.BATCH):
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                kind="search_digest",
                channel="email",
                lane=f"email:{number}",
                key=f"bench:{number}",
                status=Status.SENT,
                created_at=now,
                not_before=now,
            )
            for number in range(first, first + alerts.BATCH)
        )
