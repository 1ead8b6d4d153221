"""Inspector's events: each does its work once, in any order, and is not told back."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from inspector_whatsapp import inspections, listings
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import (
    Change,
    InspectorEvent,
    Interest,
    Link,
    OutboxMessage,
    Property,
    User,
)
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.inspections import InspectionState
from inspector_whatsapp.models.listings import PropertyStatus
from notifications.api.event_types import TYPES
from tests.api.inspector import person, service
from tests.at_once import at_once
from tests.factories import (
    AgentFactory,
    InspectionFactory,
    InterestFactory,
    LinkFactory,
    PropertyFactory,
    RequestFactory,
    SeekerFactory,
    SlotFactory,
    now,
)

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]


def tell(type: str, *, id: str = "", at: Any = None, **data: Any) -> Any:
    event = {"id": id or str(uuid.uuid4()), "type": type, "at": (at or now()).isoformat(), "data": data}
    return service("events").post("/api/v1/events", event, format="json")


def done(type: str, **data: Any) -> None:
    answer = tell(type, **data)
    assert (answer.status_code, answer.json().get("result")) == (200, "done"), answer.content
    # That a link is paused for it is the service's own doing.
    told = Change.objects.exclude(kind__startswith="link_").values_list("origin", flat=True)
    assert set(told) <= {"sync"}


@pytest.fixture
def ada() -> User:
    return SeekerFactory(platform_id="ada", email="ada@inspector.example", phone="+2348030000001")


@pytest.fixture
def home() -> Property:
    return PropertyFactory(platform_id="home")


# --- accounts ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("type", "more", "fields"),
    [
        ("account.email_changed", {"email": "Ada.Obi@inspector.example"}, ["email"]),
        ("account.phone_changed", {"phone": "+2348030000009"}, ["phone"]),
        ("account.phone_changed", {"phone": ""}, ["phone"]),
        ("account.disabled", {}, ["is_active"]),
    ],
)
def test_whose_address_number_or_right_changed_proves_themselves_again(
    ada: User, type: str, more: dict[str, str], fields: list[str]
) -> None:
    link = LinkFactory(account=ada)
    done(type, user="ada", **more)
    assert Link.objects.get(pk=link.pk).state == LinkState.SUSPENDED
    change = Change.objects.get(kind__startswith="account_", subject=str(ada.pk))
    assert change.data == {"fields": fields}
    ada.refresh_from_db()
    assert (ada.email == "ada.obi@inspector.example") == ("email" in fields)
    assert ada.is_active == ("is_active" not in fields)


def test_an_account_is_switched_off_and_on(ada: User) -> None:
    client = person(ada)
    done("account.disabled", user="ada")
    assert client.get("/api/v1/preferences").json()["code"] == "account_disabled"
    done("account.enabled", user="ada")
    assert client.get("/api/v1/preferences").status_code == 200


def test_an_account_with_rights_here_is_left_alone() -> None:
    chief = SeekerFactory(platform_id="chief", is_staff=True)
    for type, more in (("account.disabled", {}), ("account.email_changed", {"email": "x@example.com"})):
        answer = tell(type, user="chief", **more)
        assert (answer.status_code, answer.json()["code"]) == (409, "has_rights")
    chief.refresh_from_db()
    assert chief.is_active


def test_an_address_that_somebody_has_is_refused(ada: User) -> None:
    SeekerFactory(email="bola@inspector.example")
    event = {"id": "evt-1", "user": "ada", "email": "BOLA@inspector.example"}
    answer = tell("account.email_changed", **event)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert not InspectorEvent.objects.exists()  # so that it can be told again


# --- properties -------------------------------------------------------------------------------------------
def test_a_property_is_published_or_handed_back() -> None:
    for type, more, status in (
        ("property.published", {}, "live"),
        ("property.rejected", {"why": "The photos are dark."}, "draft"),
    ):
        home = PropertyFactory(status=PropertyStatus.PENDING, published_at=None)
        done(type, property=home.ref, **more)
        home.refresh_from_db()
        assert home.status == status


def test_what_is_on_offer_is_not_handed_back(home: Property) -> None:
    answer = tell("property.rejected", property=home.ref, why="The photos are dark.")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_waiting")
    home.refresh_from_db()
    assert home.status == PropertyStatus.LIVE


def test_a_property_is_let_and_costs_something_else(home: Property) -> None:
    InterestFactory(property=home)
    done("availability.changed", property="home", status="let")
    done("price.changed", property="home", price="8500000.00")
    home.refresh_from_db()
    assert (home.status, int(home.price)) == ("let", 8_500_000)
    assert OutboxMessage.objects.filter(kind="property_gone").exists()


def test_interest_comes_and_goes(ada: User, home: Property) -> None:
    done("interest.shown", seeker="ada", property="home")
    done("interest.shown", seeker="ada", property="home")
    assert Interest.objects.filter(seeker=ada, property=home, removed_at=None).count() == 1
    done("interest.removed", seeker="ada", property="home")
    assert not Interest.objects.filter(removed_at=None).exists()
    Property.objects.update(status="sold")
    assert tell("interest.shown", seeker="ada", property="home").json()["code"] == "not_live"


# --- inspections ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("type", "more", "state"),
    [
        ("inspection.confirmed", {}, "confirmed"),
        ("inspection.declined", {"why": "She travels."}, "declined"),
        ("inspection.cancelled", {"why": "She travels."}, "cancelled"),
    ],
)
def test_an_inspection_is_answered_and_people_hear_of_it(type: str, more: dict[str, str], state: str) -> None:
    inspection = RequestFactory()
    OutboxMessage.objects.all().delete()
    done(type, inspection=inspection.ref, **more)
    inspection.refresh_from_db()
    assert (inspection.state, inspection.why) == (state, more.get("why", ""))
    assert OutboxMessage.objects.filter(account=inspection.seeker).exists()
    done(type, inspection=inspection.ref, **more)  # another event that says the same
    assert Change.objects.count() == 1


def test_what_was_declined_is_not_confirmed() -> None:
    inspection = InspectionFactory(state=InspectionState.DECLINED, platform_id="visit")
    answer = tell("inspection.confirmed", inspection="visit")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_answered")
    assert answer.json()["state"] == inspection.state


def test_words_for_somebody_are_passed_on_once(ada: User) -> None:
    for _ in range(2):
        tell("message", id="evt-" + "x" * 120, user="ada", text="Your papers are ready.")
    assert OutboxMessage.objects.get(kind="inspector_message").arguments["text"] == "Your papers are ready."


@pytest.mark.parametrize(("answer", "state"), [("confirmed", "confirmed"), ("declined", "declined")])
def test_inspectors_word_settles_what_waits_for_its_backend(
    settings: Settings, ada: User, answer: str, state: str
) -> None:
    settings.INSPECTOR_API_URL = "http://127.0.0.1:9"
    inspection = inspections.book(seeker=ada, slot=SlotFactory(), origin=Origin.CHAT)
    command = OutboxMessage.objects.get(channel="inspector")
    assert (inspection.state, command.status) == ("requested", "pending")
    assert tell(f"inspection.{answer}", inspection=inspection.ref).json()["result"] == "done"
    inspection.refresh_from_db()
    command.refresh_from_db()
    assert (inspection.state, command.status) == (state, "withheld")
    assert OutboxMessage.objects.filter(channel="inspector").count() == 1  # and nothing is asked of it again


def test_inspectors_word_on_offer_settles_what_was_set_here(settings: Settings, home: Property) -> None:
    settings.INSPECTOR_API_URL = "http://127.0.0.1:9"
    listings.set_availability(property=home, status=PropertyStatus.LET, actor=home.agent, origin=Origin.CHAT)
    assert tell("availability.changed", property="home", status="live").json()["result"] == "done"
    assert OutboxMessage.objects.get(channel="inspector").status == "withheld"
    assert Change.objects.filter(kind="change_undone").exists()
    home.refresh_from_db()
    assert home.status == "live"


# --- once, in any order -----------------------------------------------------------------------------------
def test_the_same_event_again_is_known(home: Property) -> None:
    at = now()
    first = tell("price.changed", id="evt-1", at=at, property="home", price="1")
    again = tell("price.changed", id="evt-1", at=at, property="home", price="1")
    assert (first.json()["result"], again.json()["result"]) == ("done", "seen")
    assert Change.objects.count() == 1
    other = tell("price.changed", id="evt-1", at=at, property="home", price="2")
    assert (other.status_code, other.json()["code"]) == (409, "event_id_reused")


def test_an_older_word_on_the_same_thing_changes_nothing(home: Property) -> None:
    new, old = now(), now() - timedelta(hours=1)
    tell("price.changed", at=new, property="home", price="9")
    assert tell("price.changed", at=old, property="home", price="8").json()["result"] == "stale"
    assert tell("availability.changed", at=old, property="home", status="let").json()["result"] == "done"
    home.refresh_from_db()
    assert (int(home.price), home.status) == (9, "let")


@pytest.mark.django_db(transaction=True)
def test_at_once_the_newest_word_counts_and_each_event_works_once() -> None:
    PropertyFactory(platform_id="home")
    for _ in range(3):
        began = now()
        prices = list(range(1, 7))

        def tell_of(price: int, *, began: datetime = began) -> str:
            at = began + timedelta(seconds=price)
            name = f"{began.timestamp()}-{price}"
            return str(
                tell("price.changed", id=name, at=at, property="home", price=str(price)).json()["result"]
            )

        results = at_once(*[lambda price=price: tell_of(price) for price in [*prices, *prices]])
        assert results.count("seen") == len(prices)
        assert Property.objects.get().price == prices[-1]


@pytest.mark.parametrize(
    ("type", "data", "what"),
    [
        ("account.disabled", {"user": "x"}, "user"),
        ("property.published", {"property": "PR-999999"}, "property"),
        ("inspection.confirmed", {"inspection": "x"}, "inspection"),
        ("interest.shown", {"seeker": "x", "property": "home"}, "user"),
    ],
)
def test_of_what_is_not_known_here_it_is_said_and_may_be_told_again_later(
    home: Property, type: str, data: dict[str, str], what: str
) -> None:
    answer = tell(type, **data)
    assert (answer.status_code, answer.json()["code"], answer.json()["what"]) == (404, "unknown_object", what)
    assert not InspectorEvent.objects.exists()


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        ({"type": "property.painted"}, "/type"),
        ({"at": "2026-12-01T10:00:00"}, "/at"),
        ({"at": (now() + timedelta(days=2)).isoformat()}, "/at"),
        ({"data": []}, "/data"),
        ({"data": {}}, "/data/property"),
        ({"data": {"property": "home", "price": "1", "status": "sold"}}, "/data/status"),
        ({"data": {"property": "home", "price": "-1"}}, "/data/price"),
        ({"data": {"property": {"a": 1}, "price": "1"}}, "/data/property"),
        ({"id": "a b"}, "/id"),
        ({"more": 1}, "/more"),
    ],
)
def test_an_event_that_is_none_is_refused_by_what_is_wrong(
    home: Property, event: dict[str, Any], pointer: str
) -> None:
    good = {"id": "1", "type": "price.changed", "at": now().isoformat()}
    body = good | {"data": {"property": "home", "price": "1"}} | event
    answer = service("events").post("/api/v1/events", body, format="json")
    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_an_unknown_type_is_answered_with_those_there_are() -> None:
    problem = tell("property.painted").json()
    (error,) = problem["errors"]
    assert all(re.search(rf"\b{re.escape(name)}\b", error["detail"]) for name in TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_the_examples_are_what_the_schema_says(name: str) -> None:
    AgentFactory()
    assert TYPES[name].data(data=TYPES[name].example).is_valid()
