"""Who may see which inspection."""

import pytest

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from tests.factories import (
    AgentFactory,
    InspectionFactory,
    InspectorFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    at,
)

pytestmark = pytest.mark.django_db


def test_an_inspection_is_seen_by_its_seeker_its_agent_and_its_inspector_alone() -> None:
    inspection = InspectionFactory()
    InspectionFactory()
    assert inspection.inspector is not None
    for person in (inspection.seeker, inspection.property.agent, inspection.inspector):
        assert list(inspections.of(person)) == [inspection]
        assert inspections.by_ref(person, inspection.ref.lower().replace("-", " ")) == inspection
    for stranger in (SeekerFactory(), AgentFactory(), InspectorFactory()):
        assert not inspections.of(stranger)
        assert inspections.by_ref(stranger, inspection.ref) is None


def test_what_is_a_seekers_own_is_not_what_they_carry_out() -> None:
    inspection = InspectionFactory()
    assert inspection.inspector is not None
    assert inspections.of_seeker(inspection.seeker, inspection.ref) == inspection
    assert inspections.of_seeker(inspection.inspector, inspection.ref) is None
    assert not inspections.upcoming(inspection.inspector, now=clock.now())


def test_a_former_inspector_sees_it_no_more() -> None:
    inspection = InspectionFactory()
    former = inspection.inspector
    assert former is not None
    new = InspectorFactory()
    inspections.assign(inspection=inspection, inspector=new, actor=None, origin=Origin.ADMIN)
    assert not inspections.of(former)
    assert list(inspections.of(new)) == [inspection]


def test_an_inspectors_coming_visits_stand_by_time() -> None:
    inspector = InspectorFactory()
    late, early = (
        InspectionFactory(slot=SlotFactory(inspector=inspector, starts_at=at(hour), taken=1))
        for hour in (15, 9)
    )
    InspectionFactory(slot=SlotFactory(inspector=inspector, starts_at=at(9, days=-1), taken=1))
    InspectionFactory(slot=SlotFactory(inspector=inspector, starts_at=at(12)), state="cancelled")
    RequestFactory()
    assert list(inspections.assigned_to(inspector, now=clock.now())) == [early, late]
