"""Safe visits in the console: codes that are masked, who does not answer, who called for help."""

from datetime import timedelta

import pytest
from django.test import Client

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.audit import Act
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import AuditEntry, Incident, Inspection
from tests.admin.conftest import address
from tests.factories import InspectionFactory, SlotFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection() -> Inspection:
    """It begins in half an hour."""
    starts_at = clock.now() + timedelta(minutes=30)
    return InspectionFactory(slot=SlotFactory(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))


def test_the_code_for_the_door_is_masked_until_somebody_asks_and_that_is_noted(
    staff: Client, inspection: Inspection
) -> None:
    code, page = f">{inspections.door_code(inspection)}<", address(inspection, "change")
    assert code not in staff.get(page).content.decode().replace(" ", "").replace("\n", "")
    assert not AuditEntry.objects.filter(act=Act.REVEALED).exists()
    shown = staff.post(page, {"_reveal": "1"}).content.decode().replace(" ", "").replace("\n", "")
    assert code in shown
    assert AuditEntry.objects.filter(act=Act.REVEALED, object_id=str(inspection.pk)).count() == 1


def test_an_incident_leads_to_who_called_and_a_list_tells_who_does_not_answer(
    staff: Client, inspection: Inspection
) -> None:
    assert inspection.inspector is not None
    inspections.arrive(inspection=inspection, actor=inspection.inspector, origin=Origin.CHAT)
    distress = inspections.call_for_help(inspection=inspection, actor=inspection.seeker, origin=Origin.CHAT)
    page = staff.get(address(Incident.objects.get(kind="unsafe"), "change")).content.decode()
    assert address(distress, "change") in page
    clock.move(timedelta(hours=3))
    inspections.tend_visits()
    clock.move(timedelta(hours=1))
    inspections.tend_visits()
    for stands, many in (("unanswered", 1), ("asked", 0), ("there", 0), ("left", 0)):
        found = staff.get(f"/admin/inspector_whatsapp/stay/?stands={stands}").context["cl"].result_count
        assert found == many, stands
