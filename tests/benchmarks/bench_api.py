"""How long the API takes to answer while several call at once, beside a bare DRF view in the same run."""

import http.client
import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles

import pytest

from config.programs import Programs
from config.run import WEB
from inspector_whatsapp.models import Inspection, Slot, User
from tests.api import inspector
from tests.benchmarks.bench_webhooks import programs, start
from tests.benchmarks.table import Row
from tests.factories import PropertyFactory, at

__all__ = ["programs"]  # a fixture

CALLERS = 8
ROUNDS = 3
EACH = 40  # rounds of the four calls by each caller in a round
KINDS = ("free slots", "book", "show inspection", "preferences")


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks at a property, books a place, looks at that, and at their preferences."""

    token: str
    ref: str
    slot: int

    def calls(self) -> Iterator[tuple[str, str, str]]:
        """Method, address and body, in the order of KINDS."""
        yield "GET", f"/api/v1/properties/{self.ref}/slots?limit=10", ""
        yield "POST", "/api/v1/inspections", json.dumps({"slot": self.slot})
        yield "GET", "/api/v1/inspections/{booked}", ""
        yield "GET", "/api/v1/preferences", ""


def visitors(many: int) -> list[Visitor]:
    """As many people, each with a place of their own."""
    homes = [PropertyFactory() for _ in range(20)]
    people = User.objects.bulk_create(
        User(email=f"caller{number}@example.com", platform_id=f"caller-{number}", password="!")
        for number in range(many)
    )
    slots = Slot.objects.bulk_create(
        Slot(
            property=homes[number % 20],
            starts_at=at(6) + timedelta(minutes=number),
            ends_at=at(7) + timedelta(minutes=number),
        )
        for number in range(many)
    )
    return [
        Visitor(inspector.person_token(person, exp=int(time.time()) + 3_000), slot.property.ref, slot.pk)
        for person, slot in zip(people, slots, strict=True)
    ]


def visit(port: int, some: list[Visitor]) -> list[list[float]]:
    """Seconds that each call took, by its kind; every one is answered well."""
    took: list[list[float]] = [[] for _ in KINDS]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for visitor in some:
        booked = "IN-1"
        headers = {
            "Authorization": f"Bearer {visitor.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        for place, (method, address, body) in enumerate(visitor.calls()):
            began = time.perf_counter()
            connection.request(method, address.format(booked=booked), body, headers)
            answer = connection.getresponse()
            read = json.loads(answer.read())
            took[place].append(time.perf_counter() - began)
            assert answer.status in (200, 201), read
            booked = read.get("ref", booked)
    connection.close()
    return took


def measure(port: int, some: list[Visitor]) -> tuple[float, list[list[float]]]:
    """Calls a second, and what each took."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as threads:
        shares = [some[place::CALLERS] for place in range(CALLERS)]
        parts = list(threads.map(lambda share: visit(port, share), shares))
    rate = len(some) * len(KINDS) / (time.perf_counter() - began)
    return rate, [[one for part in parts for one in part[place]] for place in range(len(KINDS))]


@pytest.mark.django_db(transaction=True)
def test_calls_answered(
    programs: Programs, rows: list[Row], notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSPECTOR_JWT_KEYS", inspector.PEM)
    monkeypatch.setenv("API_USER_RATE", "100000/minute")
    ours = start(programs, "api", WEB[-1])
    bare = start(programs, "bare", "tests.benchmarks.bare_drf:application")
    everybody = visitors(CALLERS * (EACH * ROUNDS + 2))
    for port in (ours, bare):  # every thread connects to PostgreSQL
        measure(port, everybody[-CALLERS:] if port == ours else everybody[:CALLERS])
    rates: list[float] = []
    least: list[float] = []
    took: list[list[float]] = [[] for _ in KINDS]
    took_least: list[float] = []
    for round in range(ROUNDS):
        some = everybody[round * CALLERS * EACH :][: CALLERS * EACH]
        rate, calls = measure(ours, some)
        rates.append(rate)
        took = [before + now for before, now in zip(took, calls, strict=True)]
        rate, calls = measure(bare, some)
        least.append(rate)
        took_least += [one for kind in calls for one in kind]
    assert Inspection.objects.count() == CALLERS * (EACH * ROUNDS + 1)
    rows.append(Row("API calls", rates, "bare DRF view", least, usual=0.03))
    said = [f"{kind} {_both(times)}" for kind, times in zip(KINDS, took, strict=True)]
    notes.append(
        f"The API with {CALLERS} callers, p95 and p99 in milliseconds: {', '.join(said)}; "
        f"all {_both([one for times in took for one in times])}; the bare view {_both(took_least)}."
    )


def _both(times: list[float]) -> str:
    cuts = quantiles(times, n=100)
    return f"{1000 * cuts[94]:.0f}/{1000 * cuts[98]:.0f}"
