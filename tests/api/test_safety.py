"""Safe visits by the website: the code on the day, being there and out, and a call for help."""

from datetime import timedelta
from typing import Any

import pytest

from bot.models import Conversation
from inspector_whatsapp import clock, inspections
from inspector_whatsapp.models import Answer, Incident, Inspection, User
from tests.api.inspector import person_token, with_token
from tests.factories import InspectionFactory, LinkFactory, SeekerFactory, SlotFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]


@pytest.fixture
def inspection() -> Inspection:
    """It begins in half an hour."""
    starts_at = clock.now() + timedelta(minutes=30)
    return InspectionFactory(
        slot=SlotFactory(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), taken=1)
    )


def says(account: User, inspection: Inspection, step: str = "", key: str = "") -> Any:
    client, address = with_token(person_token(account)), f"/api/v1/inspections/{inspection.ref}/safety"
    if not step:
        return client.get(address)
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, {"step": step}, format="json", headers=headers)


def test_the_code_is_shown_to_the_two_who_meet_and_kept_nowhere(inspection: Inspection) -> None:
    assert inspection.inspector is not None
    for person in (inspection.seeker, inspection.inspector):
        answer = says(person, inspection)
        assert answer.json()["door_code"] == inspections.door_code(inspection)
        assert answer["Cache-Control"] == "no-store"
    assert says(inspection.property.agent, inspection).json()["door_code"] is None
    assert says(SeekerFactory(), inspection).status_code == 404
    assert "door_code" not in says(inspection.inspector, inspection, "arrived", "one").json()
    assert "door_code" not in str(Answer.objects.get().body)


def test_one_is_there_and_out_and_each_step_is_refused_to_whom_it_is_not_for(inspection: Inspection) -> None:
    assert inspection.inspector is not None
    assert says(inspection.seeker, inspection, "arrived").json()["code"] == "not_assigned"
    there = says(inspection.inspector, inspection, "arrived").json()
    assert (there["arrived_at"] is not None, there["left_at"]) == (True, None)
    assert says(inspection.inspector, inspection, "stays").status_code == 200
    out = says(inspection.inspector, inspection, "left").json()
    assert (out["left_at"] is not None, out["asked_by"]) == (True, None)
    assert says(inspection.inspector, inspection, "stays").json()["code"] == "too_late"
    assert says(inspection.seeker, inspection, "danced").status_code == 400


def test_who_calls_for_help_there_is_written_to_in_their_chat(inspection: Inspection) -> None:
    chat = Conversation.objects.create(contact=LinkFactory(account=inspection.seeker).contact)
    answer = says(inspection.seeker, inspection, "unsafe").json()
    assert (answer["unsafe_since"] is not None, answer["emergency_number"]) == (True, "112")
    chat.refresh_from_db()
    assert chat.human_until is not None
    assert set(Incident.objects.values_list("kind", flat=True)) == {"unsafe", "human_wanted"}
    assert says(inspection.seeker, inspection, "fine").json()["unsafe_since"] is None
