"""Statements on who came, in the console: a number on an account, the rows behind it, what contradicts."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, Presence
from inspector_whatsapp.models.inspections import Outcome
from tests.admin.conftest import address
from tests.factories import InspectionFactory, SlotFactory

pytestmark = pytest.mark.django_db


def reported(outcome: Outcome) -> Inspection:
    """Begun, and reported by its inspector."""
    start = clock.now() - timedelta(minutes=20)
    slot = SlotFactory(taken=1, starts_at=start, ends_at=start + timedelta(hours=1))
    inspection = InspectionFactory(slot=slot)
    assert inspection.inspector is not None
    return inspections.report(
        inspection=inspection,
        outcome=outcome,
        note="",
        photos=(),
        actor=inspection.inspector,
        origin=Origin.CHAT,
    )


def shown(staff: Client, **filters: str) -> set[int]:
    page = staff.get(f"{address(Presence)}?{urlencode(filters)}")
    return {row.pk for row in page.context["cl"].result_list}


def test_an_account_says_how_often_and_leads_to_the_rows(staff: Client) -> None:
    inspection = reported(Outcome.SEEKER_ABSENT)
    page = staff.get(address(inspection.seeker, "change")).content.decode()
    assert "Said not to have come: 1 of 1 inspections" in page
    assert f"/admin/inspector_whatsapp/presence/?about__id__exact={inspection.seeker_id}" in page
    assert shown(staff, about__id__exact=str(inspection.seeker_id)) == {Presence.objects.get().pk}
    assert (
        "Said not to have come"
        not in staff.get(address(inspection.property.agent, "change")).content.decode()
    )


def test_what_contradicts_is_found_and_what_does_not_is_left_out(staff: Client) -> None:
    reported(Outcome.AGENT_ABSENT)
    each_other, there = reported(Outcome.SEEKER_ABSENT), reported(Outcome.SEEKER_ABSENT)
    inspections.nobody_came(inspection=each_other, actor=each_other.seeker, origin=Origin.CHAT)
    inspections.was_there(inspection=there, actor=there.seeker, origin=Origin.CHAT)
    against = Presence.objects.filter(inspection__in=[each_other, there])
    assert shown(staff, contradicted="yes") == set(against.values_list("pk", flat=True))
    page = staff.get(address(there, "change")).content.decode()
    assert page.count("field-came") >= 2
