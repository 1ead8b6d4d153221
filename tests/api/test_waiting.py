"""Waiting lists by the website: joined, seen, an offer taken, and left; nobody sees another's."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Inspection, Slot, User, Wait
from tests.api.inspector import person_token, with_token
from tests.factories import LAGOS, InspectionFactory, SeekerFactory, SlotFactory, at

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]
WAITING = "/api/v1/waiting"


def person(account: User | None = None) -> APIClient:
    return with_token(person_token(account or SeekerFactory()))


def join(client: APIClient, key: str = "one", **wish: Any) -> Any:
    return client.post(WAITING, wish, format="json", headers={"Idempotency-Key": key})


def full() -> Inspection:
    return InspectionFactory(slot=SlotFactory(taken=1, starts_at=at(10, days=3)))


def cancel(inspection: Inspection) -> None:
    inspections.cancel(inspection=inspection, actor=None, origin=Origin.CHAT)


def of(answer: Any, *names: str) -> Mapping[str, Any]:
    return {name: answer.json()[name] for name in names}


def test_a_place_is_waited_for_offered_and_taken() -> None:
    inspection = full()
    slot = inspection.slot
    assert slot is not None
    ada = person()
    listed = ada.get(f"/api/v1/properties/{inspection.property.ref}/slots?full=true").json()["results"]
    assert [one["id"] for one in listed] == [slot.pk]
    answer = join(ada, slot=slot.pk)
    assert (answer.status_code, of(answer, "state", "position")) == (201, {"state": "waiting", "position": 1})
    assert join(ada, "two", slot=slot.pk).json()["id"] == answer.json()["id"]
    assert join(person(), slot=slot.pk).json()["position"] == 2
    address = answer["Location"]
    assert ada.patch(address, {"answer": "take"}, format="json").json()["code"] == "offer_over"
    cancel(inspection)
    offered = ada.get(address).json()
    assert (offered["state"], offered["offered"]["id"], offered["answer_by"]) == ("offered", slot.pk, None)
    assert join(person(), slot=slot.pk).json()["position"] == 3
    taken = ada.patch(address, {"answer": "take"}, format="json")
    assert of(taken, "state", "position") == {"state": "booked", "position": None}
    assert ada.get(f"/api/v1/inspections/{taken.json()['inspection']}").json()["state"] == "confirmed"
    assert ada.get(WAITING).json()["results"] == []
    assert ada.patch(address, {"answer": "take"}, format="json").json()["code"] == "already_booked"


def test_who_leaves_gives_the_offer_to_the_next_and_may_leave_twice() -> None:
    inspection = full()
    assert inspection.slot is not None
    ada, ben = person(), person()
    first, second = (join(each, slot=inspection.slot.pk)["Location"] for each in (ada, ben))
    cancel(inspection)
    assert ada.delete(first).json()["state"] == "declined"
    assert ada.delete(first).json()["state"] == "declined"
    assert ben.get(second).json()["state"] == "offered"
    assert ben.get(first).status_code == ada.delete(second).status_code == 404


def test_a_day_is_meant_by_the_persons_clock() -> None:
    inspection = full()
    ref = inspection.property.ref
    day = inspection.starts_at.astimezone(LAGOS).date()
    answer = join(person(), property=ref, day=day.isoformat())
    assert answer.status_code == 201
    wait = Wait.objects.get()
    assert wait.since is not None
    assert wait.since.astimezone(LAGOS).isoformat() == f"{day}T00:00:00+01:00"
    for other in (day + timedelta(days=1), "0001-01-01", "9999-12-31"):
        assert join(person(), property=ref, day=str(other)).json()["code"] == "slot_gone"
    SlotFactory(property=inspection.property, starts_at=at(15, days=3))
    still = join(person(), property=ref, day=day.isoformat())
    assert (still.status_code, still.json()["code"], len(still.json()["next_free"])) == (409, "still_free", 1)


def test_what_makes_no_sense_is_refused_by_its_name() -> None:
    inspection = full()
    for wish in ({}, {"slot": "1"}, {"day": "2026-11-28"}, {"slot": 1, "day": "2026-11-28", "property": "x"}):
        assert join(person(), **wish).status_code == 400
    assert join(person(), slot=2**40).json()["code"] == "slot_gone"
    assert join(person(), property="PR-999", day="2026-11-28").status_code == 404
    assert person().get(f"{WAITING}/{10**17}").status_code == 404
    assert Slot.objects.get().taken == 1 == Inspection.objects.filter(pk=inspection.pk).count()
    assert clock.now() < inspection.starts_at
