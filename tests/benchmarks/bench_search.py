"""Pages of a search among a million properties with free times, and what to let go where nothing fits."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime

from inspector_whatsapp import clock, listings
from inspector_whatsapp.inspections import Viewing
from inspector_whatsapp.listings import Criteria, gazetteer
from inspector_whatsapp.models import Property, Slot
from tests.benchmarks.table import Row
from tests.factories import AgentFactory

PROPERTIES = 1_000_000
ROUNDS, LOOKS = 5, 20

# Nine of ten are live. The first area of the gazetteer has more than any other, and Lagos more than half; two
# of five have six times within three weeks, a third of which are taken.
_PROPERTIES = """
INSERT INTO inspector_whatsapp_property (
    version, agent_id, title, kind, listing_type, bedrooms, bathrooms, price, currency, period, area, city,
    state, address, amenities, description, status, published_at, url, booking_rule, access_notes
)
SELECT 0, %s, 'Home ' || n,
    (ARRAY['apartment', 'apartment', 'apartment', 'mini_flat', 'self_contain', 'duplex', 'terraced_duplex',
        'detached_duplex', 'bungalow', 'land', 'shop', 'office'])[1 + floor(12 * random())::int],
    offer, 1 + floor(5 * random() ^ 2)::int, 1 + floor(4 * random())::int,
    CASE offer WHEN 'sale' THEN 10000000 * (1 + floor(60 * random() ^ 2)::int)
        ELSE 100000 * (3 + floor(100 * random() ^ 3)::int) END,
    'NGN', CASE offer WHEN 'sale' THEN '' WHEN 'rent' THEN 'year' ELSE 'night' END,
    place ->> 0, place ->> 1, place ->> 2, n || ' Palm Street',
    CASE WHEN n %% 1000 = 0 THEN ARRAY['water', 'waterfront'] WHEN n %% 3 = 0 THEN ARRAY['water', 'parking']
        WHEN n %% 3 = 1 THEN ARRAY['security', 'parking', 'prepaid_meter'] ELSE '{}'::text[] END,
    repeat('Bright and quiet. ', 10), CASE WHEN n %% 10 = 0 THEN 'let' ELSE 'live' END,
    now() - interval '1 minute' * (random() * 500000)::int, '', 'automatic', ''
FROM (
    SELECT n, (ARRAY['rent', 'rent', 'rent', 'sale', 'shortlet'])[1 + floor(5 * random())::int] AS offer,
        places -> floor(jsonb_array_length(places) * random() ^ 2)::int AS place
    FROM generate_series(1, %s) n, (SELECT %s::jsonb AS places) given
) made
"""
_SLOTS = """
INSERT INTO inspector_whatsapp_slot (version, property_id, starts_at, ends_at, capacity, taken, state)
SELECT 0, p.id, starts, starts + interval '45 minutes', 1, (random() < 0.3)::int, 'open'
FROM inspector_whatsapp_property p, generate_series(1, 6) k, LATERAL (
    SELECT date_trunc('day', now()) + interval '1 day' * floor(21 * random() + p.id * 0)
        + interval '1 hour' * (8 + floor(9 * random()))
) s (starts)
WHERE p.id %% 5 < 2 AND p.status = 'live'
"""


def seed() -> None:
    """As they would lie there after some time: vacuumed and analysed."""
    places = [
        [area, *(gazetteer.place_of(area) or ())]
        for areas in gazetteer.data()["areas"].values()
        for area in areas
    ]
    agent = AgentFactory()
    with connection.cursor() as cursor:
        cursor.execute(_PROPERTIES, [agent.pk, PROPERTIES, json.dumps(places)])
        cursor.execute(_SLOTS, [])
        cursor.execute("VACUUM (ANALYZE)")


def next_week() -> Viewing:
    monday = localtime(clock.now()).date()
    monday += timedelta(days=7 - monday.weekday())
    return Viewing(settings.TIME_ZONE, monday, monday + timedelta(days=6))


def timed(work: Callable[[], Any]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_postgresql(sql: str, values: Sequence[Any]) -> float:
    """Seconds that PostgreSQL itself takes to plan and run it, as it says."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", values)
        (told,) = cursor.fetchone()[0]
    return float(told["Planning Time"] + told["Execution Time"]) / 1000


def all_of(criteria: Criteria) -> int:
    """What has to be done without an order to read in: all that fit are found, with the same indexes."""
    return listings.search(criteria).count()


@pytest.mark.django_db(transaction=True)
def test_search(rows: list[Row], notes: list[str]) -> None:
    seed()
    flat = Criteria(
        kinds=("apartment",), listing_type="rent", bedrooms_min=3, bedrooms_max=3, viewing=next_week()
    )
    asked: list[tuple[str, dict[str, Any], float]] = [
        ("Lekki Phase 1 next week", {"areas": ("Lekki Phase 1",)}, 13.0),
        ("all of Lekki next week", {"areas": ("Lekki",)}, 9.8),
        ("Lagos next week", {"cities": ("Lagos",)}, 220.0),
        ("Lagos next week, cheap", {"cities": ("Lagos",), "price_max": 300_000}, 63.0),
        ("Lagos next week, a rare extra", {"cities": ("Lagos",), "amenities": ("waterfront",)}, 0.8),
        ("Lagos next week, cheapest first", {"cities": ("Lagos",), "sort": "price_asc"}, 250.0),
    ]
    for name, wishes, usual in asked:
        _measure(name, Criteria(**(vars(flat) | wishes)), usual, rows, notes)
    _nothing(Criteria(**(vars(flat) | {"areas": ("Lekki Phase 1",), "price_max": 1})), notes)


def _measure(name: str, criteria: Criteria, usual: float, rows: list[Row], notes: list[str]) -> None:
    fit = all_of(criteria)
    listings.page(criteria)
    sql, values = listings.first_keys(criteria, most=6)
    counted, given = listings.search(criteria).order_by().values_list("pk").query.sql_with_params()
    ours, theirs, in_all = [], [], []
    for _round in range(ROUNDS):
        looks = sorted(in_postgresql(sql, values) for _look in range(LOOKS))
        ours.append(1 / looks[LOOKS // 2])
        theirs.append(1 / in_postgresql(counted, given))
        in_all.append(timed(lambda: listings.page(criteria)))
    page = listings.page(criteria)
    assert len(page.found) == min(fit, 5)
    assert all(found.times for found in page.found)
    rows.append(Row(f"searches, {name}", ours, "all that fit", theirs, usual=usual))
    notes.append(
        f"{name}: found in {1000 / median(ours):.1f} ms by PostgreSQL (median; {fit:,} fit), a page with its "
        f"times in {median(in_all) * 1000:.1f} ms with Django."
    )


def _nothing(criteria: Criteria, notes: list[str]) -> None:
    took = sorted(timed(lambda: listings.relax(criteria)) for _look in range(LOOKS))
    relaxations, near = listings.relax(criteria)
    assert relaxations
    assert near
    notes.append(
        f"Nothing fits: {len(relaxations)} relaxed searches and the nearest in {median(took) * 1000:.1f} ms "
        f"(median); {Property.objects.count():,} properties, {Slot.objects.count():,} times."
    )
