"""Preferences and notifications over the API."""

import uuid
from datetime import time, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from inspector_whatsapp import clock
from inspector_whatsapp.models import OutboxMessage, User
from linking import challenges
from notifications import consent, preferences
from notifications.kind import Topic
from notifications.models import ConsentEntry
from tests.api.inspector import person, service
from tests.factories import ContactFactory, SeekerFactory
from tests.notifications import scenes

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

PREFERENCES = "/api/v1/preferences"
NOTIFICATIONS = "/api/v1/notifications"


@pytest.fixture(autouse=True)
def nights(settings: Settings) -> None:
    settings.QUIET_HOURS = (time(21), time(7))


@pytest.fixture
def ada() -> User:
    return SeekerFactory(name="Ada Obi", platform_id="user-ada")


def put(client: Any, body: dict[str, Any], **query: str) -> Any:
    return client.put(PREFERENCES, body, format="json", query_params=query)


# --- preferences ------------------------------------------------------------------------------------------
def test_what_was_shown_may_be_sent_back_and_changes_nothing(ada: User) -> None:
    shown = person(ada).get(PREFERENCES).json()
    assert shown["topics"]["alerts"] == ["whatsapp", "email"]
    assert shown["quiet_hours"] == {"from": "21:00", "until": "07:00"}
    assert (shown["language"], shown["time_zone"]) == ("en", "Africa/Lagos")
    assert put(person(ada), shown).json() == shown


def test_topics_and_quiet_hours_are_set_as_a_whole(ada: User) -> None:
    wish = person(ada).get(PREFERENCES).json()
    wish["topics"] |= {"alerts": ["email"], "saved": [], "reminders": ["whatsapp"]}
    wish["quiet_hours"] = {"from": "22:30", "until": "06:00"}
    assert put(person(ada), wish).json() == wish
    wishes = preferences.of(ada)
    assert not wishes.wants(Topic.ALERTS, "whatsapp")
    assert wishes.wants(Topic.ALERTS, "email")
    wish["quiet_hours"] = None
    assert put(person(ada), wish).json()["quiet_hours"] is None
    assert preferences.of(ada).quiet is None


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"topics": {"security": []}}, "/topics/security"),
        ({"topics": {"alerts": ["pigeon"]}}, "/topics/alerts/0"),
        ({"topics": {"weather": []}}, "/topics/weather"),
        ({"quiet_hours": {"from": "22:00", "until": "22:00"}}, "/quiet_hours"),
        ({"quiet_hours": {"from": "25:00", "until": "06:00"}}, "/quiet_hours/from"),
        ({"quiet_hours": {"from": "22:00:00+01:00", "until": "06:00"}}, "/quiet_hours/from"),
        ({"quiet_hours": {"from": "٢٢:00", "until": "06:00"}}, "/quiet_hours/from"),
        ({"is_staff": True}, "/is_staff"),
    ],
)
def test_a_part_that_is_wrong_is_named_and_nothing_is_set(
    ada: User, change: dict[str, Any], pointer: str
) -> None:
    shown = person(ada).get(PREFERENCES).json()
    topics = {"topics": shown["topics"] | {"saved": []} | change.get("topics", {})}
    answer = put(person(ada), shown | change | topics)
    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert person(ada).get(PREFERENCES).json() == shown


def test_a_topic_that_is_left_out_is_missed(ada: User) -> None:
    wish = person(ada).get(PREFERENCES).json()
    del wish["topics"]["saved"]
    (error,) = put(person(ada), wish).json()["errors"]
    assert error["pointer"] == "/topics/saved"


def test_offers_that_were_stopped_by_mail_come_again_when_they_are_chosen_and_not_before(ada: User) -> None:
    consent.stop_mail_offers(account=ada, how="link", at=clock.now())
    shown = person(ada).get(PREFERENCES).json()
    assert shown["stopped"]["mail_offers"] is True
    assert shown["topics"]["alerts"] == shown["topics"]["saved"] == ["whatsapp"]
    wish = shown | {"quiet_hours": None}
    assert put(person(ada), wish).json()["stopped"]["mail_offers"] is True
    wish["topics"]["alerts"] = ["whatsapp", "email"]
    again = put(person(ada), wish).json()
    assert again["stopped"]["mail_offers"] is False
    assert again["topics"] == wish["topics"]
    assert ConsentEntry.objects.filter(how="website", given=True).count() == 1
    wish["topics"]["alerts"] = []
    put(person(ada), wish)
    consent.stop_mail_offers(account=ada, how="link", at=clock.now())
    wish["topics"] |= {"alerts": ["email"], "saved": ["email"]}
    assert put(person(ada), wish).json()["topics"] == wish["topics"]


def test_a_service_names_whom_it_means_and_a_person_nobody(ada: User) -> None:
    other = SeekerFactory(platform_id="user-other")
    notify = service("notify")
    shown = notify.get(PREFERENCES, {"user": "user-ada"}).json()
    shown["topics"]["saved"] = []
    assert put(notify, shown, user="user-ada").status_code == 200
    assert not preferences.of(ada).wants(Topic.SAVED, "email")
    assert preferences.of(other).wants(Topic.SAVED, "email")
    assert notify.get(PREFERENCES).status_code == 400
    assert notify.get(PREFERENCES, {"user": "nobody"}).json()["code"] == "unknown_object"
    assert person(ada).get(PREFERENCES, {"user": "user-other"}).status_code == 403
    assert service("read").get(PREFERENCES, {"user": "user-ada"}).status_code == 403


# --- notifications ----------------------------------------------------------------------------------------
def notify(key: str = "", **wish: Any) -> Any:
    body = {"kind": "inspector_message", "user": "user-ada", "parameters": {"text": "Papers are ready."}}
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return service("notify").post(NOTIFICATIONS, body | wish, format="json", headers=headers)


def test_a_message_goes_by_every_channel_and_its_way_can_be_followed(ada: User) -> None:
    scenes.linked(ada)
    answer = notify(id="papers-7")
    assert answer.status_code == 202
    assert [message["channel"] for message in answer.json()["messages"]] == ["whatsapp", "email"]
    told = service("read").get(f"{NOTIFICATIONS}/{answer.json()['id']}").json()
    assert (told["kind"], told["user"]) == ("inspector_message", "user-ada")
    assert [message["status"] for message in told["messages"]] == ["pending", "pending"]
    assert told["messages"][0]["timeline"][0]["step"] == "written"


def test_the_same_key_or_the_same_id_says_it_once(ada: User) -> None:
    assert notify("one").json() == notify("one").json()
    assert notify(id="a").json() == notify(id="a").json()
    assert OutboxMessage.objects.count() == 2  # by e-mail: no WhatsApp is connected
    other = notify(id="a", parameters={"text": "Something else."})
    assert (other.status_code, other.json()["code"]) == (409, "id_reused")


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"kind": "link_code"}, 400),
        ({"user": "nobody"}, 404),
        ({"parameters": {"text": "   "}}, 400),
        ({"parameters": {"text": "x" * 901}}, 400),
        ({"parameters": {}}, 400),
        ({"parameters": {"text": "x", "kind": "y"}}, 400),
        ({"id": "a:b"}, 400),
        ({"id": "a/b"}, 400),
        ({"text": "x"}, 400),
    ],
)
def test_a_wish_that_is_none_writes_nothing(ada: User, wish: dict[str, Any], status: int) -> None:
    assert notify(**wish).status_code == status
    assert not OutboxMessage.objects.exists()


def test_a_timeline_has_its_reasons_and_nobodys_number(ada: User) -> None:
    scenes.linked(ada)
    name = notify().json()["id"]
    now = clock.now()
    message = OutboxMessage.objects.get(key=f"{name}:whatsapp")
    message.status, message.reason = "failed", "no WhatsApp at +234 803 000 0001 or ada@example.com"
    message.provider_id = "wamid.MjM0ODAzMDAwMDAwMQ=="
    message.accepted_at, message.failed_at = now + timedelta(seconds=1), now + timedelta(seconds=3)
    message.sent_at = message.created_at.replace(microsecond=0)  # Meta tells whole seconds
    message.story = [{"at": now.isoformat(), "step": "attempt", "says": "sent to 2348030000001"}]
    message.save()
    answer = service("notify").get(f"{NOTIFICATIONS}/{name}")
    told = answer.json()["messages"][0]
    assert [line["step"] for line in told["timeline"]] == ["written", "attempt", "sent", "accepted", "failed"]
    assert told["reason"] == "no WhatsApp at ••• or •••"
    for secret in ("8030000001", "803 000", "ada@example.com", "wamid"):
        assert secret not in answer.content.decode()


def test_what_somebody_was_told_is_listed_by_pages(ada: User) -> None:
    scenes.linked(ada)
    scenes.book(seeker=ada)
    notify()
    challenges.begin(contact=ContactFactory(), email=ada.email, now=clock.now())
    page = service("read").get(NOTIFICATIONS, {"user": "user-ada", "limit": "4"}).json()
    kinds = {row["kind"] for row in page["results"]}
    assert kinds == {"link_code", "inspector_message", "inspection_booked"}
    assert page["next"]
    for row in page["results"]:
        told = service("read").get(f"{NOTIFICATIONS}/{row['notification']}").json()
        assert row["id"] in [message["id"] for message in told["messages"]]
    assert service("read").get(NOTIFICATIONS).status_code == 400


def test_a_notification_that_is_none_is_not_there() -> None:
    for name in ("inspector_message:x:1", "a", "%00", "a%0A", "a" * 161):
        assert service("read").get(f"{NOTIFICATIONS}/{name}").status_code == 404
