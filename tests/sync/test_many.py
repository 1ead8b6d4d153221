"""Many changes at once bring about what each would by itself."""

from decimal import Decimal
from typing import Any

import pytest

from inspector_whatsapp import sync
from inspector_whatsapp.models import OutboxMessage, SavedSearch
from notifications.models import Alert
from tests.factories import SeekerFactory, now
from tests.sync import rows

pytestmark = pytest.mark.django_db

SEARCHES = (
    {"areas": ["Yaba"]},
    {"areas": ["Yaba"], "price_max": 4_400_000},
    {"areas": ["Yaba"], "bedrooms_min": 4},
    {"areas": ["Lekki"]},
    {"city": "Lagos", "listing_type": "sale"},
    {"city": "Lagos", "amenities": ["generator"]},
    {"areas": ["Yaba"], "amenities_excluded": ["generator"]},
)
HOMES: tuple[dict[str, Any], ...] = (
    {},
    {"amenities": ["generator"]},
    {"area": "Lekki Phase 1"},
    {"bedrooms": None, "kind": "land", "listing_type": "sale", "period": ""},
    {"bedrooms": 5},
)


def outcome(*, at_once: bool) -> tuple[set[tuple[str, str, int]], set[tuple[str, str]]]:
    """Alerts by seeker, property and number of searches; and who is told what, when prices fall."""
    name = "many" if at_once else "single"
    people = [rows.user(f"{name}-bola", "agent"), rows.user(f"{name}-ada")]
    sync.apply("users", people)
    seekers = {SeekerFactory(name=f"{number}").pk: f"{number}" for number in range(len(SEARCHES))}
    for seeker, criteria in zip(seekers, SEARCHES, strict=True):
        SavedSearch.objects.create(seeker_id=seeker, criteria=criteria, created_at=now())
    homes = [
        rows.property(f"{name}-{number}", agent=people[0]["id"], title=f"home {number}", **more)
        for number, more in enumerate(HOMES)
    ]
    sync.apply("properties", homes, quiet=True)
    kept = {"version": 1, "seeker": people[1]["id"], "property": homes[0]["id"]}
    sync.apply("interests", [{"id": f"{name}-interest", **kept}], quiet=True)
    cheaper = [{**home, "version": 2, "price": str(Decimal(4_000_000))} for home in homes]
    for together in [cheaper] if at_once else [[home] for home in cheaper]:
        sync.apply("properties", together)
    alerts = {
        (seekers[alert.seeker_id], alert.property.title, len(alert.searches))
        for alert in Alert.objects.filter(seeker__in=seekers).select_related("property")
        if alert.property.agent.platform_id == people[0]["id"]
    }
    told = OutboxMessage.objects.filter(account__platform_id=people[1]["id"])
    return alerts, set(told.values_list("kind", "channel"))


def test_many_prices_that_fall_at_once_are_told_as_if_one_by_one() -> None:
    one_by_one, at_once = outcome(at_once=False), outcome(at_once=True)
    assert at_once == one_by_one
    assert {alert[1] for alert in at_once[0]} == {f"home {number}" for number in range(len(HOMES))}
    assert ("price_changed", "email") in at_once[1]
