"""What a worker notices by itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from inspector_whatsapp import health, watching
from inspector_whatsapp.models import Heartbeat, Incident

pytestmark = pytest.mark.django_db


def silent_for(seconds: int) -> None:
    health.beat("beat")
    Heartbeat.objects.filter(name="beat").update(at=datetime.now(UTC) - timedelta(seconds=seconds))


def incident(kind: str) -> Incident | None:
    return Incident.objects.filter(kind=kind, closed_at=None).first()


def test_a_silent_beat_is_an_incident_until_it_is_heard() -> None:
    silent_for(20)
    watching.look()
    assert incident("beat_silent") is None
    silent_for(31)
    watching.look()
    watching.look()
    found = incident("beat_silent")
    assert found is not None
    assert found.times == 1
    health.beat("beat")
    watching.look()
    assert incident("beat_silent") is None


def test_a_beat_that_never_came_is_silent_too() -> None:
    watching.look()
    assert incident("beat_silent") is not None


@pytest.mark.parametrize(
    ("off", "wrong"),
    [
        (timedelta(), False),
        (timedelta(seconds=1.5), False),
        (timedelta(seconds=3), True),
        (timedelta(seconds=-3), True),
        (timedelta(hours=1), True),
        (timedelta(hours=-1), True),
    ],
)
def test_a_clock_that_differs_from_postgresqls_is_an_incident(off: timedelta, wrong: bool) -> None:
    health.beat("beat")
    with time_machine.travel(datetime.now(UTC) + off):
        watching.look()
    found = incident("clock_skew")
    assert (found is not None) is wrong
    if found is not None:
        assert f"{off.total_seconds():+.0f}"[:3] in found.sentence
    watching.look()
    assert incident("clock_skew") is None
