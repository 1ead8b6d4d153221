"""A thousand rows of Inspector's at once, of each kind, and what follows from them: how many a second?

Held against Django's bulk_create and bulk_update of as many rows of the same table, without what follows.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from inspector_whatsapp import sync
from inspector_whatsapp.models import Inspection, Property, SavedSearch, Slot, User
from inspector_whatsapp.models.inspections import InspectionState
from tests.benchmarks.table import Row
from tests.factories import AgentFactory, PropertyFactory, SeekerFactory, at, now

MANY = 1_000
FEW = 50  # agents and inspectors among whom they are spread
LOOKING = 20  # searches that each of the properties fits
BUDGET = 2.0  # seconds; marked in the notes where it takes longer, nothing fails
Rows = Callable[[int], list[dict[str, Any]]]


def users(version: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"s{n}",
            "version": version,
            "email": f"s{n}@inspector.example",
            "name": f"Seeker {n}",
            "role": "seeker",
            "phone": f"+23480{version}{n:07}",
        }
        for n in range(MANY)
    ]


def properties(version: int) -> list[dict[str, Any]]:
    """Cheaper with every version."""
    return [
        {
            "id": f"p{n}",
            "version": version,
            "agent": f"a{n % FEW}",
            "title": "3-bedroom flat in Yaba",
            "kind": "apartment",
            "listing_type": "rent",
            "bedrooms": 3,
            "price": 5_000_000 - 1_000 * version,
            "period": "year",
            "area": "Yaba",
            "city": "Lagos",
            "state": "Lagos",
            "status": "live",
            "description": "Bright and quiet. " * 30,
        }
        for n in range(MANY)
    ]


def slots(version: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"t{n}",
            "version": version,
            "property": f"p{n}",
            "inspector": f"i{n % FEW}",
            **_times(n, 8 + version),
        }
        for n in range(MANY)
    ]


def inspections(version: int) -> list[dict[str, Any]]:
    """Moved by an hour with every version."""
    return [
        {
            "id": f"n{n}",
            "version": version,
            "property": f"p{n}",
            "slot": f"t{n}",
            "seeker": f"s{n}",
            "inspector": f"i{n % FEW}",
            "state": "confirmed",
            **_times(n, 11 + version),
        }
        for n in range(MANY)
    ]


def interests(version: int) -> list[dict[str, Any]]:
    return [{"id": f"k{n}", "version": version, "seeker": f"s{n}", "property": f"p{n}"} for n in range(MANY)]


def photos(version: int) -> list[dict[str, Any]]:
    url = "https://inspector.example/a.jpg"
    same = {"version": version, "position": 0, "url": url}
    return [{"id": f"f{n}", "property": f"p{n}", **same} for n in range(MANY)]


def _times(number: int, hour: int) -> dict[str, str]:
    start = at(hour, days=2 + number // FEW)
    return {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}


def applied(kind: str, rows: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Seconds that it takes, and seconds of this process's processor; every one of them is taken."""
    began, worked = time.perf_counter(), time.process_time()
    results = sync.apply(kind, rows)
    took = time.perf_counter() - began, time.process_time() - worked
    assert {one.result for one in results} <= {"created", "updated"}
    return took


def plainly(model: Any, made: Callable[[int], Any], column: str, value: Any) -> tuple[float, float]:
    """Seconds for bulk_create of as many rows, and for bulk_update of a column; they are gone then."""
    rows = [made(number) for number in range(MANY)]
    began = time.perf_counter()
    model.objects.bulk_create(rows)
    between = time.perf_counter()
    for row in rows:
        setattr(row, column, value)
    model.objects.bulk_update(rows, [column])
    end = time.perf_counter()
    model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return between - began, end - between


@pytest.mark.django_db(transaction=True)
def test_a_thousand_rows_of_each_kind(rows: list[Row], notes: list[str]) -> None:
    taken: dict[str, float] = {}
    worked: dict[str, float] = {}
    agent, seeker = AgentFactory(), SeekerFactory()
    place = PropertyFactory(agent=agent)
    plain = {
        "users": plainly(User, lambda n: User(email=f"x{n}@example.com", password="!"), "name", "Another"),
        "properties": plainly(
            Property, lambda n: _copy(place, ref=f"PR-{10**9 + n}"), "price", place.price - 1
        ),
        "slots": plainly(
            Slot,
            lambda n: Slot(property=place, starts_at=at(), ends_at=at(11), capacity=1),
            "capacity",
            2,
        ),
        "inspections": plainly(
            Inspection,
            lambda n: Inspection(
                property=place,
                seeker=seeker,
                starts_at=at(days=n + 2),
                ends_at=at(11, days=n + 2),
                state=InspectionState.CONFIRMED,
                created_at=now(),
            ),
            "state",
            InspectionState.CANCELLED,
        ),
    }

    def measure(name: str, kind: str, items: list[dict[str, Any]]) -> None:
        taken[name], worked[name] = applied(kind, items)

    measure("new users", "users", users(1))
    measure("users with another number", "users", users(2))
    people = [("a", "agent"), ("i", "inspector")]
    staff = [
        {"id": f"{letter}{n}", "version": 1, "email": f"{letter}{n}@inspector.example", "role": role}
        for letter, role in people
        for n in range(FEW)
    ]
    applied("users", staff)
    measure("new properties", "properties", properties(1))
    measure("cheaper properties", "properties", properties(2))
    measure("new interests", "interests", interests(1))
    measure("cheaper properties, each kept by one", "properties", properties(3))
    looking = [SeekerFactory() for _ in range(LOOKING)]
    SavedSearch.objects.bulk_create(
        SavedSearch(seeker=one, criteria={"areas": ["Yaba"]}, created_at=now()) for one in looking
    )
    measure(f"cheaper properties, each looked for by {LOOKING}", "properties", properties(4))
    measure("new slots", "slots", slots(1))
    measure("moved slots", "slots", slots(2))
    measure("new inspections", "inspections", inspections(1))
    measure("moved inspections", "inspections", inspections(2))
    measure("new photos, to be fetched", "photos", photos(1))
    for kind, name in (
        ("users", "new users"),
        ("properties", "new properties"),
        ("slots", "new slots"),
        ("inspections", "new inspections"),
    ):
        against = MANY / plain[kind][0]
        rows.append(Row(f"sync: {name}", [MANY / taken[name]], "bulk_create", [against], USUAL[name]))
    for kind, name in (
        ("users", "users with another number"),
        ("properties", "cheaper properties"),
        ("slots", "moved slots"),
        ("inspections", "moved inspections"),
    ):
        against = MANY / plain[kind][1]
        rows.append(Row(f"sync: {name}", [MANY / taken[name]], "bulk_update", [against], USUAL[name]))
    slow = [name for name, took in taken.items() if took > BUDGET]
    listed = "; ".join(f"{name} {took:.2f} s ({worked[name]:.2f})" for name, took in taken.items())
    over = f"over 2 s: {', '.join(slow)}" if slow else "none over 2 s"
    notes.append(f"Sync, {MANY:,} items at once (of the processor, without PostgreSQL): {listed}; {over}.")


def _copy(property: Property, **more: Any) -> Property:
    values = {
        field.attname: getattr(property, field.attname)
        for field in Property._meta.concrete_fields
        if field.attname not in ("id", "ref")
    }
    return Property(**values, **more)


# On two cores with nothing else at work.
USUAL = {
    "new users": 0.09,
    "new properties": 0.45,
    "new slots": 0.09,
    "new inspections": 0.3,
    "users with another number": 0.32,
    "cheaper properties": 0.41,
    "moved slots": 0.25,
    "moved inspections": 0.09,
}
