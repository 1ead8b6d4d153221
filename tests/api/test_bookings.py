"""Bookings over the API: by the same verbs and rules as in the chat, each person their own."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Change, Inspection, Interest, Presence, Property, Slot, User
from inspector_whatsapp.models.clock import ClockOffset
from inspector_whatsapp.models.inspections import InspectionState, SlotState
from inspector_whatsapp.models.listings import BookingRule, PropertyStatus
from tests.api.inspector import person, service
from tests.factories import (
    AgentFactory,
    InspectionFactory,
    InspectorFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    at,
)

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

INSPECTIONS = "/api/v1/inspections"


def book(client: APIClient, slot: Slot | int, *, key: str = "", **more: Any) -> Any:
    body = {"slot": slot if isinstance(slot, int) else slot.pk, **more}
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(INSPECTIONS, body, format="json", headers=headers)


def change(client: APIClient, inspection: Inspection, *, tag: str | None = "", **body: Any) -> Any:
    address = f"{INSPECTIONS}/{inspection.ref}"
    if tag == "":
        tag = client.get(address)["ETag"]
    headers = {} if tag is None else {"If-Match": tag}
    return client.patch(address, body, format="json", headers=headers)


# --- free times -------------------------------------------------------------------------------------------
def test_free_times_come_soonest_first_by_pages() -> None:
    home = PropertyFactory()
    late, soon = (SlotFactory(property=home, starts_at=at(hour), capacity=3, taken=1) for hour in (15, 9))
    SlotFactory(property=home, starts_at=at(11), taken=1)  # full
    SlotFactory(property=home, starts_at=at(12), state=SlotState.CLOSED)
    SlotFactory()  # of another property
    client = person(SeekerFactory())
    page = client.get(f"/api/v1/properties/{home.ref}/slots?limit=1").json()
    assert page["bookable"] is True
    assert [(slot["id"], slot["places_left"]) for slot in page["results"]] == [(soon.pk, 2)]
    following = client.get(page["next"]).json()
    assert [slot["id"] for slot in following["results"]] == [late.pk]
    assert following["next"] is None


def test_free_times_of_some_days_are_asked_for_with_offsets() -> None:
    home = PropertyFactory()
    for days in (1, 2, 3):
        SlotFactory(property=home, starts_at=at(10, days=days))
    address = f"/api/v1/properties/{home.ref}/slots"
    asked = {"from": at(0, days=2).isoformat(), "to": at(0, days=3).isoformat()}
    assert len(service("read").get(address, asked).json()["results"]) == 1
    naive = service("read").get(address, {"from": "2026-12-01T10:00:00"})
    assert (naive.status_code, naive.json()["errors"][0]["pointer"]) == (400, "/from")
    assert service("read").get(address, {"form": "x"}).status_code == 400


def test_a_property_that_is_not_on_offer_says_so_and_a_hidden_one_is_not_there() -> None:
    slot = SlotFactory(property__status=PropertyStatus.LET)
    draft = SlotFactory(property__status=PropertyStatus.PENDING, property__published_at=None)
    client = service("read")
    page = client.get(f"/api/v1/properties/{slot.property.ref}/slots").json()
    assert page == {"bookable": False, "results": [], "next": None}
    for ref in (draft.property.ref, "PR-999999999", "PR-0", "PR-1%0A", "1042"):
        assert client.get(f"/api/v1/properties/{ref}/slots").status_code == 404
    own = person(draft.property.agent).get(f"/api/v1/properties/{draft.property.ref}")
    assert own.json()["status"] == "pending"


@pytest.mark.parametrize("limit", ["0", "-1", "many", "1" * 5000])
def test_a_page_has_a_size(limit: str) -> None:
    assert person(SeekerFactory()).get(INSPECTIONS, {"limit": limit}).status_code == 400


def test_a_page_is_never_huge() -> None:
    seeker = SeekerFactory()
    for days in range(1, 103):
        InspectionFactory(seeker=seeker, slot__starts_at=at(days=days))
    page = person(seeker).get(INSPECTIONS, {"limit": 10**9}).json()
    assert len(page["results"]) == 100
    assert len(person(seeker).get(page["next"]).json()["results"]) == 2


@pytest.mark.parametrize(
    "cursor", ["x", "cD1hYmM=", "cD0tMQ==", "bz05OTk5OTk5OTk5", "cD0xMDAwMDAwMDAwMDAwMDAwMDAwMDAw"]
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    SlotFactory(property=PropertyFactory(ref="PR-77"))
    for address in (INSPECTIONS, "/api/v1/properties/PR-77/slots"):
        assert person(SeekerFactory()).get(address, {"cursor": cursor}).status_code in (200, 400)
    assert (
        person(SeekerFactory()).get("/api/v1/properties/PR-77/slots", {"cursor": "cD0x"}).status_code == 400
    )


# --- booking ----------------------------------------------------------------------------------------------
def test_a_place_is_booked_as_in_the_chat() -> None:
    slot, ada = SlotFactory(), SeekerFactory(name="Ada Obi")
    answer = book(person(ada), slot, property=slot.property.ref)
    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["state"], shown["slot"], shown["seeker"]["name"]) == ("confirmed", slot.pk, "Ada Obi")
    there = person(ada).get(answer["Location"])
    assert (there.json(), there["ETag"]) == (shown, answer["ETag"])
    assert person(ada).get(answer["Location"], headers={"If-None-Match": answer["ETag"]}).status_code == 304
    change = Change.objects.get(kind="inspection_booked")
    assert (change.subject, change.actor, change.origin) == (shown["ref"], ada, Origin.API)
    assert Slot.objects.get(pk=slot.pk).taken == 1


def test_an_agent_who_wants_to_be_asked_is_asked() -> None:
    slot = SlotFactory(property__booking_rule=BookingRule.ASK)
    assert book(person(SeekerFactory()), slot).json()["state"] == "requested"


def test_a_seeker_says_that_they_come_and_afterwards_that_nobody_was_there() -> None:
    inspection = InspectionFactory()
    client = person(inspection.seeker)
    for answer in ("coming", "nobody_there"):
        refused = change(person(inspection.property.agent), inspection, answer=answer)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert change(client, inspection, answer="coming").json()["coming_at"] is not None
    early = change(client, inspection, answer="nobody_there")
    assert (early.status_code, early.json()["code"]) == (409, "too_early")
    clock.move(inspection.starts_at - clock.now() + timedelta(minutes=10))
    assert change(client, inspection, answer="nobody_there").status_code == 200
    assert Presence.objects.get().about == inspection.inspector
    late = change(client, inspection, answer="coming")
    assert (late.status_code, late.json()["code"]) == (409, "too_late")


def test_the_same_key_books_once_and_shows_the_same_inspection() -> None:
    slot, client = SlotFactory(capacity=2), person(SeekerFactory())
    first, again = book(client, slot, key="one"), book(client, slot, key="one")
    assert first.json() == again.json()
    assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
    assert Inspection.objects.count() == 1
    other = client.post(INSPECTIONS, {"slot": slot.pk}, format="json")
    assert (other.status_code, other.json()["code"]) == (400, "idempotency_key_missing")


def taken(ada: User) -> tuple[int, str]:
    return SlotFactory(taken=1).pk, "slot_taken"


def closed(ada: User) -> tuple[int, str]:
    return SlotFactory(state=SlotState.CLOSED).pk, "slot_gone"


def never_there(ada: User) -> tuple[int, str]:
    return 2**62, "slot_gone"


def had_already(ada: User) -> tuple[int, str]:
    slot = SlotFactory(capacity=2, taken=1)
    InspectionFactory(seeker=ada, slot=slot)
    return slot.pk, "already_booked"


def at_another_place(ada: User) -> tuple[int, str]:
    InspectionFactory(seeker=ada)
    return SlotFactory().pk, "overlapping"


def begun(ada: User) -> tuple[int, str]:
    return SlotFactory(starts_at=clock.now() - timedelta(minutes=5)).pk, "too_late"


def not_on_offer(ada: User) -> tuple[int, str]:
    return SlotFactory(property__status=PropertyStatus.UNAVAILABLE).pk, "not_live"


@pytest.mark.parametrize(
    "scene", [taken, closed, never_there, had_already, at_another_place, begun, not_on_offer]
)
def test_what_the_rules_refuse_is_said_by_a_word_of_its_own(scene: Any) -> None:
    ada = SeekerFactory()
    slot, code = scene(ada)
    before = Inspection.objects.count()
    answer = book(person(ada), slot)
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert Inspection.objects.count() == before


def test_who_comes_too_late_for_a_place_is_shown_the_next_ones() -> None:
    slot = SlotFactory(taken=1)
    later = SlotFactory(property=slot.property, starts_at=at(15))
    (offered,) = book(person(SeekerFactory()), slot).json()["next_free"]
    assert offered["id"] == later.pk
    assert set(offered) == {"id", "inspector_id", "starts_at", "ends_at", "places_left"}


@pytest.mark.parametrize(
    "body", [{}, {"slot": "x"}, {"slot": -1}, {"slot": 10**30}, {"slot": True}, {"slot": 1, "seeker": 2}]
)
def test_a_wrong_wish_is_refused_and_nothing_is_assigned_from_it(body: dict[str, Any]) -> None:
    answer = person(SeekerFactory()).post(
        INSPECTIONS, body, format="json", headers={"Idempotency-Key": "one"}
    )
    assert answer.status_code in (400, 409)
    assert not Inspection.objects.exists()


def test_a_slot_of_another_property_than_was_meant_is_not_booked() -> None:
    answer = book(person(SeekerFactory()), SlotFactory(), property="PR-1")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/slot")


def test_of_a_slot_that_is_gone_whoever_knows_its_property_hears_of_others() -> None:
    other = SlotFactory()
    answer = book(person(SeekerFactory()), 2**40, property=other.property.ref).json()
    assert (answer["code"], [one["id"] for one in answer["next_free"]]) == ("slot_gone", [other.pk])


def test_a_slot_of_what_is_not_published_is_not_there_but_for_its_agent() -> None:
    slot = SlotFactory(property__status=PropertyStatus.PENDING, property__published_at=None)
    home, ada = slot.property, person(SeekerFactory())
    answers = [book(ada, slot), book(ada, slot, property=home.ref), book(ada, slot, property="PR-1")]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(409, "slot_gone")}
    assert book(person(home.agent), slot).json()["code"] == "not_live"


# --- whose ------------------------------------------------------------------------------------------------
def test_an_inspection_is_there_for_those_who_have_a_part_in_it() -> None:
    chidi = InspectorFactory()
    inspection = InspectionFactory(slot__inspector=chidi)
    address = f"{INSPECTIONS}/{inspection.ref}"
    for who in (inspection.seeker, inspection.property.agent, chidi):
        assert person(who).get(address).json()["ref"] == inspection.ref
        assert [one["ref"] for one in person(who).get(INSPECTIONS).json()["results"]] == [inspection.ref]
    for stranger in (SeekerFactory(), AgentFactory(), InspectorFactory()):
        client = person(stranger)
        assert client.get(address).status_code == 404
        assert client.delete(address).status_code == 404
        assert change(client, inspection, tag="*", answer="cancel").status_code == 404
        assert client.get(INSPECTIONS).json()["results"] == []
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CONFIRMED


def test_lists_are_narrowed_by_state_role_and_time() -> None:
    ada = AgentFactory()
    mine = InspectionFactory(seeker=ada, slot__starts_at=at(days=5))
    asked = RequestFactory(slot__property=PropertyFactory(agent=ada, booking_rule=BookingRule.ASK))

    def refs(**which: Any) -> list[str]:
        return [one["ref"] for one in person(ada).get(INSPECTIONS, which).json()["results"]]

    assert refs() == [asked.ref, mine.ref]
    assert refs(state="requested") == [asked.ref]
    assert refs(role="seeker") == [mine.ref]
    assert refs(role="inspector") == []
    assert refs(**{"from": at(0, days=3).isoformat()}) == [mine.ref]
    assert refs(to=at(0, days=3).isoformat()) == [asked.ref]
    assert person(ada).get(INSPECTIONS, {"state": "over"}).status_code == 400


# --- changes ----------------------------------------------------------------------------------------------
def test_a_seeker_moves_their_inspection_if_it_is_still_as_they_saw_it() -> None:
    inspection = InspectionFactory()
    later = SlotFactory(property=inspection.property, starts_at=at(15))
    client = person(inspection.seeker)
    tag = client.get(f"{INSPECTIONS}/{inspection.ref}")["ETag"]
    assert change(client, inspection, tag=None, slot=later.pk).status_code == 428
    assert change(client, inspection, tag='"another"', slot=later.pk).status_code == 412
    moved = change(client, inspection, tag=tag, slot=later.pk)
    assert (moved.status_code, moved.json()["slot"], moved.json()["revision"]) == (200, later.pk, 2)
    assert moved["ETag"] != tag
    assert change(client, inspection, tag=tag, answer="cancel").status_code == 412


def test_the_agent_answers_a_request() -> None:
    for answer, state, why in (("confirm", "confirmed", {}), ("decline", "declined", {"why": "I travel."})):
        inspection = RequestFactory()
        agent = person(inspection.property.agent)
        assert change(person(inspection.seeker), inspection, answer=answer).status_code == 403
        assert change(agent, inspection, answer=answer, **why).json()["state"] == state
        again = change(agent, inspection, answer="confirm")
        assert (again.status_code, again.json()["code"]) == (409, "already_answered")
        assert again.json()["state"] == state
    assert Inspection.objects.get(state="declined").why == "I travel."


def test_the_inspector_neither_moves_nor_calls_off() -> None:
    chidi = InspectorFactory()
    inspection = InspectionFactory(slot__inspector=chidi)
    later = SlotFactory(property=inspection.property, starts_at=at(15))
    client = person(chidi)
    assert change(client, inspection, slot=later.pk).status_code == 403
    assert client.delete(f"{INSPECTIONS}/{inspection.ref}").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"slot": 1, "answer": "confirm"},
        {"answer": "maybe"},
        {"slot": 1, "why": "x"},
        {"answer": "cancel", "why": "x" * 301},
        {"state": "confirmed"},
    ],
)
def test_a_change_is_one_of_those_there_are(body: dict[str, Any]) -> None:
    inspection = RequestFactory()
    assert change(person(inspection.property.agent), inspection, **body).status_code == 400


def test_a_move_to_another_property_is_none() -> None:
    inspection = InspectionFactory()
    answer = change(person(inspection.seeker), inspection, slot=SlotFactory(starts_at=at(15)).pk)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/slot")


def test_calling_off_twice_is_calling_off_once() -> None:
    inspection = InspectionFactory()
    client = person(inspection.seeker)
    for _ in range(2):
        assert client.delete(f"{INSPECTIONS}/{inspection.ref}").json()["state"] == "cancelled"
    assert Change.objects.filter(kind="inspection_cancelled").count() == 1
    assert not Slot.objects.filter(taken__gt=0).exists()


def test_what_has_begun_is_not_called_off() -> None:
    ClockOffset.objects.get_or_create(pk=1)
    inspection = InspectionFactory()
    clock.move(timedelta(days=2))
    answer = person(inspection.seeker).delete(f"{INSPECTIONS}/{inspection.ref}")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_late")


# --- properties -------------------------------------------------------------------------------------------
def test_a_property_is_kept_in_view_and_taken_out_of_it() -> None:
    home, ada = PropertyFactory(), SeekerFactory()
    address = f"/api/v1/properties/{home.ref}/interest"
    for _ in range(2):
        assert person(ada).post(address).json() == {"property": home.ref, "interested": True}
    assert Interest.objects.filter(seeker=ada, property=home, removed_at=None).count() == 1
    for _ in range(2):
        assert person(ada).delete(address).json() == {"property": home.ref, "interested": False}
    assert not Interest.objects.filter(removed_at=None).exists()
    kinds = Change.objects.values_list("kind", "origin").order_by("pk")
    assert list(kinds) == [("interest_shown", "api"), ("interest_removed", "api")]


def test_what_is_let_is_not_taken_into_view() -> None:
    home = PropertyFactory(status=PropertyStatus.LET)
    answer = person(SeekerFactory()).post(f"/api/v1/properties/{home.ref}/interest")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_live")


def test_an_agent_sets_their_own_property_if_it_is_still_as_they_saw_it() -> None:
    home = PropertyFactory()
    address = f"/api/v1/properties/{home.ref}"
    agent = person(home.agent)
    tag = agent.get(address)["ETag"]
    wish = {"status": "unavailable", "booking_rule": "ask", "give_away_hours": 3, "price": "8500000.00"}
    assert agent.patch(address, wish, format="json").status_code == 428
    for stranger in (SeekerFactory(), AgentFactory()):
        refused = person(stranger).patch(address, wish, format="json", headers={"If-Match": tag})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    done = agent.patch(address, wish, format="json", headers={"If-Match": tag})
    assert {name: done.json()[name] for name in wish} == wish
    assert agent.patch(address, wish, format="json", headers={"If-Match": tag}).status_code == 412
    assert agent.get(address)["ETag"] == done["ETag"]
    assert set(Change.objects.values_list("origin", flat=True)) == {"api"}


@pytest.mark.parametrize(
    "wish",
    [
        *({}, {"status": "draft"}, {"price": "-1"}, {"price": "NaN"}, {"title": "x"}, {"price": 10**15}),
        *({"give_away_hours": 0}, {"give_away_hours": 13}, {"give_away_hours": "soon"}),
    ],
)
def test_an_agent_sets_nothing_else(wish: dict[str, Any]) -> None:
    home = PropertyFactory()
    address = f"/api/v1/properties/{home.ref}"
    answer = person(home.agent).patch(address, wish, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert Property.objects.values("status", "price", "title").get() == {
        "status": "live",
        "price": home.price,
        "title": home.title,
    }


def test_what_inspector_has_not_published_its_agent_does_not_put_on_offer() -> None:
    home = PropertyFactory(status=PropertyStatus.PENDING, published_at=None)
    answer = person(home.agent).patch(
        f"/api/v1/properties/{home.ref}", {"status": "live"}, format="json", headers={"If-Match": "*"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "not_published")


def test_the_chat_and_the_website_see_the_same_place_go() -> None:
    slot, ada = SlotFactory(), SeekerFactory()
    book(person(ada), slot)
    with pytest.raises(inspections.SlotTaken):
        inspections.book(seeker=SeekerFactory(), slot=slot, origin=Origin.CHAT)
