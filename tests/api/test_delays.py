"""Inspectors who are late, by the website: said by the one who comes, and by nobody else."""

from datetime import timedelta

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.models import Inspection
from tests.api.inspector import person_token, with_token
from tests.factories import LAGOS, InspectionFactory, SlotFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]
HOUR = timedelta(hours=1)


def in_hours(hours: float) -> Inspection:
    """Of an inspector's; it is noon."""
    starts_at = clock.now() + hours * HOUR
    return InspectionFactory(slot=SlotFactory(starts_at=starts_at, ends_at=starts_at + HOUR, taken=1))


def test_the_inspector_says_so_and_takes_it_back() -> None:
    noon = clock.now().astimezone(LAGOS).replace(hour=12, minute=0, second=0) + timedelta(days=1)
    clock.move(noon - clock.now())
    inspection = in_hours(1)
    address = f"/api/v1/inspections/{inspection.ref}/delay"
    assert inspection.inspector is not None
    inspector = with_token(person_token(inspection.inspector))
    said = inspector.put(address, {"minutes": 20}, format="json")
    assert said.status_code == 200
    delay = inspections.delay_of(inspection, now=clock.now())
    assert delay is not None
    assert said.json()["inspection"] == inspection.ref
    assert inspector.put(address, {"minutes": 25}, format="json").status_code == 400
    for other in (inspection.seeker, inspection.property.agent):
        refused = with_token(person_token(other)).put(address, {"minutes": 20}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_assigned")
    assert inspector.delete(address).json() == {"inspection": inspection.ref, "expected_at": None}
    assert inspections.delay_of(inspection, now=clock.now()) is None
    address = f"/api/v1/inspections/{in_hours(30).ref}/delay"
    assert inspector.put(address, {"minutes": 20}, format="json").status_code == 404
