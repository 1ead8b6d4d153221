"""The admin endpoints: what the console shows and does, for programs, under the same rights."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import responses
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils.timezone import localdate
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from bot.models import Conversation, InboundEvent
from inspector_whatsapp import changes, clock, doorbell, figures, incidents
from inspector_whatsapp.models import (
    Incident,
    Link,
    OutboxMessage,
    PriceCategory,
    PriceCount,
    User,
)
from inspector_whatsapp.models.contacts import LinkState
from inspector_whatsapp.models.inspections import InspectionState
from notifications import registry, tasks
from notifications.models import MessageTemplate
from notifications.templates import TEMPLATES
from tests.api.inspector import person
from tests.factories import ContactFactory, InspectionFactory, LinkFactory, SeekerFactory, UserFactory, now

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspectors_keys")]

HIDDEN = "click \u202egnp.exe<script>"
SHOWN = "click [U+202E]gnp.exe<script>"


@pytest.fixture
def chief() -> User:
    return UserFactory(name="Admin", is_staff=True, is_superuser=True)


@pytest.fixture
def admin(chief: User) -> Any:
    return person(chief, scope="admin")


def message(**fields: Any) -> OutboxMessage:
    contact = fields.pop("contact", None) or ContactFactory(
        phone=f"+23480399{OutboxMessage.objects.count():05}"
    )
    defaults = {"kind": "reply", "channel": "whatsapp", "lane": "x", "created_at": now(), "not_before": now()}
    return OutboxMessage.objects.create(contact=contact, **defaults | fields)


# --- links ------------------------------------------------------------------------------------------------
def test_links_are_found_and_their_numbers_masked(admin: Any) -> None:
    link = LinkFactory(contact__phone="+2348030000001", account__platform_id="ada")
    LinkFactory(state=LinkState.ENDED, current=False, ended_at=now())
    answer = admin.get("/api/v1/admin/links", {"user": "ada", "state": "active"})
    (row,) = answer.json()["results"]
    assert (row["id"], row["whatsapp"], row["account"]["inspector_id"]) == (link.pk, "•••0001", "ada")
    assert "8030000001" not in answer.content.decode()
    assert len(admin.get("/api/v1/admin/links").json()["results"]) == 2


def test_a_link_is_paused_and_ended_and_the_history_says_by_whom(admin: Any, chief: User) -> None:
    link = LinkFactory()
    for _ in range(2):
        assert admin.post(f"/api/v1/admin/links/{link.pk}/suspend").json()["state"] == "suspended"
    for _ in range(2):
        assert admin.delete(f"/api/v1/admin/links/{link.pk}").json()["state"] == "ended"
    assert Link.objects.get().proof["ended_by"] == chief.pk
    assert OutboxMessage.objects.filter(kind="link_suspended").count() == 2
    assert LogEntry.objects.filter(user=chief, object_id=str(link.pk)).count() == 2
    assert admin.delete("/api/v1/admin/links/999999").status_code == 404


# --- messages ---------------------------------------------------------------------------------------------
def test_messages_are_found_by_what_is_known_of_them(admin: Any) -> None:
    ada = SeekerFactory(platform_id="ada")
    mine = message(account=ada, text="Your visit is at ten.", status="failed")
    message(channel="email", kind="link_made", created_at=now() - timedelta(days=9))

    def ids(**which: str) -> list[int]:
        return [row["id"] for row in admin.get("/api/v1/admin/messages", which).json()["results"]]

    assert len(ids()) == 2
    for which in ({"user": "ada"}, {"text": "VISIT is"}, {"status": "failed"}, {"kind": "reply"}):
        assert ids(**which) == [mine.pk]
    assert ids(**{"from": (now() - timedelta(days=1)).isoformat()}) == [mine.pk]
    assert ids(text="%%%") == ids(text="___") == ids(text="a.*b") == []
    assert admin.get("/api/v1/admin/messages", {"status": "lost"}).status_code == 400


def test_a_message_is_shown_with_its_story_and_what_hides_in_it(admin: Any) -> None:
    row = message(text=HIDDEN, reason=HIDDEN, status="failed", error_code=131026)
    shown = admin.get(f"/api/v1/admin/messages/{row.pk}").json()
    assert (shown["text"], shown["reason"]) == (SHOWN, SHOWN)
    assert shown["to"].startswith("•••")
    assert shown["standing"].startswith("Failed: ")
    assert [line["step"] for line in shown["story"]] == ["message"]


def test_whose_doing_it_was_is_told_without_their_address(admin: Any) -> None:
    ada = SeekerFactory(name="", email="ada@inspector.example")
    cause = changes.record("account_changed", ada, actor=ada, origin=changes.Origin.API)
    shown = admin.get(f"/api/v1/admin/messages/{message(cause=cause).pk}").json()
    assert "account changed" in shown["story"][0]["says"]
    assert "ada@inspector.example" not in json.dumps(shown)


@pytest.mark.parametrize("status", ["failed", "uncertain", "withheld"])
def test_a_message_that_did_not_arrive_is_said_once_more(admin: Any, chief: User, status: str) -> None:
    row = message(status=status, text="hello", body={"text": "hello"})
    first, second = (admin.post(f"/api/v1/admin/messages/{row.pk}/retry") for _ in range(2))
    assert first.status_code == 202
    assert first.json()["id"] == second.json()["id"] != row.pk
    again = OutboxMessage.objects.get(pk=first.json()["id"])
    assert (again.status, again.text, again.repeats_id) == ("pending", "hello", row.pk)
    assert f"admin {chief.pk}" in first.json()["story"][0]["says"]


@pytest.mark.parametrize(
    ("status", "fields"),
    [("pending", {}), ("delivered", {}), ("failed", {"expires_at": now() - timedelta(hours=1)})],
)
def test_what_is_under_way_arrived_or_is_over_is_not_said_again(
    admin: Any, status: str, fields: dict[str, Any]
) -> None:
    row = message(status=status, **fields)
    answer = admin.post(f"/api/v1/admin/messages/{row.pk}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_again")
    assert OutboxMessage.objects.count() == 1


def test_a_message_is_stopped_before_it_leaves(admin: Any, chief: User) -> None:
    row = message()
    for _ in range(2):
        shown = admin.post(f"/api/v1/admin/messages/{row.pk}/cancel").json()
        assert (shown["status"], shown["reason"]) == ("withheld", f"admin {chief.pk} stopped it")
    late = admin.post(f"/api/v1/admin/messages/{message(status='sent').pk}/cancel")
    assert (late.status_code, late.json()["code"]) == (409, "has_left")


def test_what_inspector_is_to_hear_is_replayed_and_not_stopped(admin: Any) -> None:
    dead = message(channel="webhook", kind="webhook", status="failed")
    answer = admin.post(f"/api/v1/admin/messages/{dead.pk}/retry")
    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (202, dead.pk, "pending")
    refused = message(channel="inspector", kind="reserve", status="failed")
    assert admin.post(f"/api/v1/admin/messages/{refused.pk}/retry").json()["code"] == "not_again"
    assert admin.post(f"/api/v1/admin/messages/{dead.pk}/cancel").json()["code"] == "to_inspector"


# --- incidents, figures -----------------------------------------------------------------------------------
def test_an_incident_is_closed_once(admin: Any) -> None:
    for key in "ab":
        incidents.report("trouble", key=key, sentence=HIDDEN)
    incidents.close("trouble", key="a")
    (row,) = admin.get("/api/v1/admin/incidents", {"open": "true"}).json()["results"]
    assert (row["key"], row["sentence"]) == ("b", SHOWN)
    first, second = (admin.post(f"/api/v1/admin/incidents/{row['id']}/close").json() for _ in range(2))
    assert first["closed_at"] == second["closed_at"] is not None
    assert not Incident.objects.filter(closed_at=None).exists()
    assert admin.get("/api/v1/admin/incidents", {"open": "true"}).json()["results"] == []
    assert (
        len(admin.get("/api/v1/admin/incidents", {"open": "false", "kind": "trouble"}).json()["results"]) == 2
    )


def test_figures_are_of_today_and_of_thirty_days(admin: Any) -> None:
    before = clock.now() - timedelta(days=20)
    long_ago = clock.now() - timedelta(days=40)
    InspectionFactory(created_at=before)
    InspectionFactory(created_at=long_ago, state=InspectionState.NO_SHOW, reported_at=before)
    LinkFactory()
    for at in (now(), before, before, long_ago):
        message(status="read", created_at=at)
    PriceCategory.objects.create(category="utility", price=Decimal("0.0067"), currency="USD")
    for day, billable, count in (
        (now(), True, 10),
        (before, True, 90),
        (before, False, 500),
        (long_ago, True, 9),
    ):
        PriceCount.objects.create(day=localdate(day), category="utility", billable=billable, count=count)
    figures.keep()
    shown = admin.get("/api/v1/admin/figures").json()
    lately = shown["last_30_days"]
    assert (shown["today"]["messages"], lately["messages"]) == ({"read": 1}, {"read": 3})
    assert (shown["today"]["bookings"], lately["bookings"]) == (0, 1)
    assert (lately["no_shows"], lately["completed"], lately["links_made"]) == (1, 0, 1)
    assert (shown["today"]["cost"], lately["cost"]) == ({"USD": "0.067000"}, {"USD": "0.670000"})


# --- templates --------------------------------------------------------------------------------------------
def test_templates_are_listed_and_a_worker_is_told(
    admin: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    registry.declare()
    rows = admin.get("/api/v1/admin/templates", {"status": "draft", "limit": "100"}).json()["results"]
    assert {row["name"] for row in rows} == {template.name for template in TEMPLATES}
    for act in ("sync", "submit"):
        with django_capture_on_commit_callbacks() as rung:
            answer = admin.post(f"/api/v1/admin/templates/{act}")
        assert (answer.status_code, answer.json()) == (202, {"asked": True})
        assert len(rung) == 1
    for bell in (doorbell.SYNC_TEMPLATES, doorbell.SUBMIT_TEMPLATES):
        assert getattr(tasks, bell.rpartition(".")[2]).name == bell


def test_what_meta_lacks_is_submitted_and_what_it_refuses_says_so() -> None:
    url = (
        f"{project.WHATSAPP_API_URL}/{project.WHATSAPP_API_VERSION}/"
        f"{project.WHATSAPP_BUSINESS_ACCOUNT_ID}/message_templates"
    )
    there = TEMPLATES[0].definition() | {"id": "1", "status": "APPROVED"}

    def submitted(request: Any) -> tuple[int, dict[str, str], str]:
        if json.loads(request.body)["name"] == TEMPLATES[1].name:
            return 400, {}, json.dumps({"error": {"code": 100, "message": "Invalid parameter"}})
        return 200, {}, json.dumps({"id": "2", "status": "PENDING", "category": "UTILITY"})

    with responses.RequestsMock() as meta:
        meta.get(url, json={"data": [there]})
        meta.add_callback(responses.POST, url, submitted)
        assert tasks.submit_templates.run() == {"templates submitted": len(TEMPLATES) - 2}
    refused = MessageTemplate.objects.get(name=TEMPLATES[1].name)
    assert (refused.status, refused.reason[:15]) == ("draft", "Meta refused it")


# --- conversations ----------------------------------------------------------------------------------------
def test_a_conversation_is_read_as_both_sides_saw_it(admin: Any) -> None:
    contact = ContactFactory(phone="+2348030000001")
    conversation = Conversation.objects.create(contact=contact, account=SeekerFactory(platform_id="ada"))
    Conversation.objects.create(contact=ContactFactory(), pending_since=now())
    began = now() - timedelta(hours=1)
    InboundEvent.objects.create(
        key="1",
        kind="message",
        contact=contact,
        conversation=conversation,
        content={},
        text=HIDDEN,
        said_at=began,
        received_at=began,
        state="done",
    )
    message(contact=contact, text="Hello!", created_at=began + timedelta(seconds=1), status="read")
    (row,) = admin.get("/api/v1/admin/conversations", {"user": "ada"}).json()["results"]
    assert (row["id"], row["whom"]) == (conversation.pk, "•••0001")
    answer = admin.get(f"/api/v1/admin/conversations/{row['id']}")
    said = [(entry["ours"], entry["text"], entry["state"]) for entry in answer.json()["said"]]
    assert said == [(False, SHOWN, "done"), (True, "Hello!", "read")]
    assert "8030000001" not in answer.content.decode()
    until = {"until": began.isoformat()}
    assert admin.get(f"/api/v1/admin/conversations/{row['id']}", until).json()["said"] == []
    assert len(admin.get("/api/v1/admin/conversations", {"pending": "true"}).json()["results"]) == 1
    assert admin.get("/api/v1/admin/conversations", {"human": "true"}).json()["results"] == []
    assert len(admin.get("/api/v1/admin/conversations", {"human": "false"}).json()["results"]) == 2


# --- who --------------------------------------------------------------------------------------------------
def test_rights_and_scope_are_both_needed(chief: User, settings: Settings) -> None:
    address = "/api/v1/admin/links"
    clerk = UserFactory(is_staff=True)
    assert person(chief, scope="admin").get(address).status_code == 200
    assert person(chief).get(address).status_code == 403
    assert person(clerk, scope="admin").get(address).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_link"))
    assert person(clerk, scope="admin").get(address).status_code == 200
    assert person(clerk, scope="admin").delete(f"{address}/{LinkFactory().pk}").status_code == 403
    User.objects.filter(pk=clerk.pk).update(is_staff=False)
    assert person(clerk, scope="admin").get(address).status_code == 403
