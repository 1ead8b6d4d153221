"""What Inspector's rows do to waiting lists: what only waits, or is only offered, gives way to them."""

import pytest

from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Incident, User, Wait
from inspector_whatsapp.models.waiting import WaitState
from tests.factories import SeekerFactory
from tests.sync import rows
from tests.sync.rows import account, everybody, ten, visit
from tests.sync.ways import Way, id_of

pytest_plugins = ("tests.sync.fixtures",)
pytestmark = pytest.mark.django_db


def waits(seeker: User | None = None) -> Wait:
    slot = ten()
    return inspections.join(
        seeker=seeker or SeekerFactory(), property=slot.property, place=slot, origin=Origin.CHAT
    )


def stands(wait: Wait) -> tuple[str, int | None]:
    wait.refresh_from_db()
    return str(wait.state), wait.offered_id


def test_a_visit_that_is_off_at_inspector_and_more_places_are_offered_in_line(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    first, second, third = waits(), waits(), waits()
    way.send("inspections", rows.inspection(state="cancelled", version=2))
    assert stands(first) == (WaitState.OFFERED, ten().pk)
    way.send("slots", rows.slot(capacity=2, version=2))
    assert stands(second) == (WaitState.OFFERED, ten().pk)
    assert (stands(third), ten().taken) == ((WaitState.WAITING, None), 2)


def test_a_visit_of_inspectors_takes_a_place_that_is_only_offered(way: Way) -> None:
    everybody(way)
    booked = inspections.book(seeker=account("ife"), slot=ten(), origin=Origin.CHAT)
    wait = waits()
    inspections.cancel(inspection=booked, actor=None, origin=Origin.CHAT)
    assert stands(wait) == (WaitState.OFFERED, ten().pk)
    way.send("inspections", rows.inspection())
    assert (stands(wait), ten().taken, visit().clash) == ((WaitState.WAITING, None), 1, False)
    assert not Incident.objects.filter(kind="clash").exists()


def test_fewer_places_take_offers_back_and_a_closed_slot_ends_the_waiting(way: Way) -> None:
    everybody(way)
    way.send("slots", rows.slot(capacity=2, version=2))
    way.send("inspections", rows.inspection())
    way.send("inspections", rows.inspection("second", seeker=id_of("ife")))
    wait = waits()
    way.send("inspections", rows.inspection("second", seeker=id_of("ife"), state="cancelled", version=2))
    assert stands(wait) == (WaitState.OFFERED, ten().pk)
    way.send("slots", rows.slot(capacity=1, version=3))
    assert (stands(wait), ten().capacity, ten().taken) == ((WaitState.WAITING, None), 1, 1)
    way.send("slots", rows.slot(capacity=1, state="closed", version=4))
    assert stands(wait)[0] == WaitState.OVER
    assert Change.objects.get(kind="waiting_over").data == {"why": "closed"}


def test_a_home_that_is_let_ends_the_waiting(way: Way) -> None:
    everybody(way)
    way.send("inspections", rows.inspection())
    wait = waits()
    way.send("properties", rows.property(status="unavailable", version=2))
    assert stands(wait)[0] == WaitState.WAITING
    way.send("properties", rows.property(status="let", version=3))
    assert stands(wait)[0] == WaitState.OVER
