"""Whether a property is still there, by the website: seen, asked, and answered by its agent."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from inspector_whatsapp.models import Enquiry, Inspection, Property, User
from tests.api.inspector import person_token, service_token, with_token
from tests.factories import InspectionFactory, PropertyFactory, SeekerFactory

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]


def person(account: User | None = None) -> APIClient:
    return with_token(person_token(account or SeekerFactory()))


def address(property: Property) -> str:
    return f"/api/v1/properties/{property.ref}/still-there"


def answers(client: APIClient, property: Property, says: str) -> Any:
    return client.patch(address(property), {"answer": says}, format="json")


def test_it_is_asked_once_for_all_and_the_agents_answer_is_seen_by_everybody() -> None:
    home = PropertyFactory()
    ada, website, agent = person(), with_token(service_token("read")), person(home.agent)
    shown = website.get(address(home)).json()
    assert shown == {"property": home.ref, "state": "unknown", "at": None}
    assert answers(agent, home, "there").json()["code"] == "not_asked"
    first = ada.post(address(home))
    assert (first.status_code, first.json()["state"]) == (200, "asked")
    assert person().post(address(home)).json()["at"] == first.json()["at"]
    assert Enquiry.objects.get().enquirers.count() == 2
    said = answers(agent, home, "there").json()
    assert said["state"] == "there"
    assert website.get(address(home)).json() == said == ada.post(address(home)).json()
    assert answers(agent, home, "taken").json()["code"] == "already_answered"
    assert Property.objects.get().status == "live"


def test_taken_ends_it_and_only_its_agent_says_so() -> None:
    inspection = InspectionFactory()
    home = inspection.property
    ada, agent = person(inspection.seeker), person(home.agent)
    ada.post(address(home))
    assert answers(ada, home, "taken").json()["code"] == "not_yours"
    assert answers(agent, home, "sold").status_code == 400
    assert agent.post(address(home)).json()["code"] == "your_own"
    assert answers(agent, home, "taken").json()["state"] == "unknown"
    assert Property.objects.get(pk=home.pk).status == "let"
    assert Inspection.objects.get().state == "cancelled"
    assert ada.post(address(home)).json()["code"] == "not_live"
    hidden = PropertyFactory(status="pending", published_at=None)
    assert ada.get(address(hidden)).status_code == ada.post(address(hidden)).status_code == 404
