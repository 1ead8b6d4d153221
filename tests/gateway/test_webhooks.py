"""Inspector's backend hears what happened here: signed, once per id, however long it was away."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from inspector_whatsapp import changes, clock, gateway, inspections, listings, outbox
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.gateway import events, http
from inspector_whatsapp.gateway.webhooks import Webhooks
from inspector_whatsapp.models import Change, ChannelState, Incident, OutboxMessage, Property, User
from inspector_whatsapp.models.listings import PropertyStatus
from inspector_whatsapp.models.outbox import Status
from inspector_whatsapp.outbox import TryLater
from tests.admin.conftest import log_in
from tests.factories import PropertyFactory, SeekerFactory, SlotFactory, UserFactory
from tests.gateway.backend import OLD_SECRET, SECRET, Backend, Fault, Request

pytest_plugins = ("tests.gateway.fixtures",)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_clock", "to_inspector_alone")]

ROOT = Path(events.__file__).parents[2]
GONE, LIVE = PropertyStatus.UNAVAILABLE, PropertyStatus.LIVE


def change(property: Property, status: PropertyStatus = GONE, origin: Origin = Origin.CHAT) -> None:
    listings.set_availability(property=property, status=status, actor=property.agent, origin=origin)


def hook() -> OutboxMessage:
    return OutboxMessage.objects.get(channel="webhook")


def verified(request: Request, secret: str = SECRET) -> Any:
    return Webhook(secret).verify(request.raw, request.headers)


def passes(**span: float) -> None:
    clock.move(timedelta(**span))


def test_a_change_is_told_signed_and_as_the_feed_shows_it(hooks: Backend) -> None:
    property = PropertyFactory(platform_id="P-77", agent=UserFactory(platform_id="U-1"))
    change(property)
    outbox.drain()
    (request,) = hooks.requests
    row = Change.objects.get()
    body = verified(request)
    assert (request.method, request.path) == ("POST", "/hooks")
    assert request.headers["webhook-id"] == f"change-{row.pk}" == body["id"]
    assert body["type"] == "availability_changed"
    assert body["timestamp"] == row.at.isoformat()
    assert body["data"]["before"], body["data"]["after"] == ("live", "unavailable")
    assert (body["data"]["actor"], body["data"]["origin"]) == ("U-1", "chat")
    assert body["data"]["property"]["id"] == "P-77"
    assert body["data"]["property"]["status"] == "unavailable"
    assert hook().status == Status.ACCEPTED
    assert body == events.shown_as([row])[0]


def test_what_came_from_inspector_is_not_told_to_it(hooks: Backend) -> None:
    change(PropertyFactory(), origin=Origin.SYNC)
    assert not OutboxMessage.objects.filter(channel="webhook").exists()


def test_without_an_address_nobody_is_told(settings: Settings) -> None:
    settings.INSPECTOR_WEBHOOK_URL = ""
    change(PropertyFactory())
    assert not OutboxMessage.objects.filter(channel="webhook").exists()


def test_while_a_secret_is_rotated_either_of_the_two_verifies(hooks: Backend, settings: Settings) -> None:
    settings.INSPECTOR_WEBHOOK_SECRETS = [SECRET, OLD_SECRET]
    change(PropertyFactory())
    outbox.drain()
    (request,) = hooks.requests
    assert len(request.headers["webhook-signature"].split()) == 2
    assert verified(request, SECRET) == verified(request, OLD_SECRET)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "bm9uZSBvZiB0aGUgdHdv").verify(request.raw, request.headers)


def test_a_secret_that_cannot_be_used_is_said_and_loses_nothing(hooks: Backend, settings: Settings) -> None:
    settings.INSPECTOR_WEBHOOK_SECRETS = ["whsec_a"]
    change(PropertyFactory())
    outbox.drain()
    assert "INSPECTOR_WEBHOOK_SECRET" in Incident.objects.get(kind="token_refused").sentence
    settings.INSPECTOR_WEBHOOK_SECRETS = [SECRET]
    passes(minutes=2)
    outbox.drain()
    assert hook().status == Status.ACCEPTED


@pytest.mark.parametrize(
    "fault", [Fault(status=500), Fault(status=404), Fault(status=302), Fault(close=True)]
)
def test_a_failed_attempt_is_followed_by_another_with_the_same_id_and_words(
    hooks: Backend, fault: Fault
) -> None:
    property = PropertyFactory()
    change(property)
    hooks.meets(fault)
    outbox.drain()
    assert hook().status == Status.WAITING
    passes(seconds=7)
    Property.objects.update(status=PropertyStatus.SOLD)
    outbox.drain()
    first, second = hooks.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert verified(first) == verified(second)
    assert hook().status == Status.ACCEPTED


def test_it_is_tried_for_three_days_and_is_a_dead_letter_then(hooks: Backend) -> None:
    change(PropertyFactory())
    hooks.always["hooks"] = Fault(status=500)
    began = clock.now()
    pauses = []
    while hook().status in (Status.PENDING, Status.WAITING):
        outbox.drain()
        if hook().status == Status.WAITING:
            pauses.append((hook().not_before - clock.now()).total_seconds())
            clock.move(hook().not_before - clock.now())
    for plan, pause in zip(Webhooks.back_off, pauses, strict=True):
        assert 0.8 * plan <= pause <= 1.2 * plan
    assert timedelta(days=2) < clock.now() - began < timedelta(days=5)
    assert sum(Webhooks.back_off) > 3 * 24 * 3600
    assert hook().status == Status.FAILED
    assert Incident.objects.get(kind="webhook_dead").closed_at is None


def test_a_dead_letter_is_replayed_under_its_own_id(hooks: Backend, client: Client) -> None:
    change(PropertyFactory())
    OutboxMessage.objects.update(attempts=len(Webhooks.back_off))
    hooks.meets(Fault(status=500))
    outbox.drain()
    assert hook().status == Status.FAILED
    log_in(client, UserFactory(is_staff=True, is_superuser=True))
    chosen = {"action": "replay", "_selected_action": [hook().pk]}
    answer = client.post("/admin/inspector_whatsapp/outboxmessage/", chosen, follow=True)
    assert "1 message is sent once more" in answer.content.decode()
    outbox.drain()
    first, second = hooks.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert hook().status == Status.ACCEPTED
    assert Incident.objects.get(kind="webhook_dead").closed_at is not None


def test_what_has_arrived_and_what_is_for_people_is_not_replayed(hooks: Backend) -> None:
    change(PropertyFactory())
    outbox.drain()
    assert not gateway.replay(hook())
    OutboxMessage.objects.update(status=Status.FAILED, kind="reply", channel="whatsapp")
    assert not gateway.replay(OutboxMessage.objects.get())


def test_after_eight_hours_of_nobody_there_everything_arrives_once_per_id(hooks: Backend) -> None:
    properties = PropertyFactory.create_batch(30)
    hooks.down()
    for property in properties[:20]:
        change(property)
    for hour in range(8):
        outbox.drain()
        passes(hours=1)
        if hour == 4:
            for property in properties[20:]:
                change(property)
    waiting = OutboxMessage.objects.filter(channel="webhook")
    assert set(waiting.values_list("attempts", flat=True)) == {0}
    assert Incident.objects.get(kind="channel_shut", key="webhook").closed_at is None
    hooks.up()
    outbox.drain()
    outbox.drain()
    ids = [request.headers["webhook-id"] for request in hooks.requests]
    assert sorted(ids) == sorted(f"change-{row.pk}" for row in Change.objects.all())
    assert ChannelState.objects.get(channel="webhook").shut_until is None
    assert Incident.objects.get(kind="channel_shut", key="webhook").closed_at is not None


def test_who_asks_for_patience_gets_it(hooks: Backend) -> None:
    change(PropertyFactory())
    change(PropertyFactory())
    hooks.always["hooks"] = Fault(status=429, headers={"Retry-After": "120"})
    outbox.drain()
    tried = len(hooks.requests)
    passes(seconds=119)
    outbox.drain()
    assert len(hooks.requests) == tried
    hooks.always.clear()
    passes(seconds=2)
    outbox.drain()
    assert not OutboxMessage.objects.filter(channel="webhook").exclude(status=Status.ACCEPTED).exists()


def test_an_address_that_is_gone_for_good_is_an_incident_and_loses_nothing(hooks: Backend) -> None:
    change(PropertyFactory())
    hooks.meets(Fault(status=410))
    outbox.drain()
    assert "410" in Incident.objects.get(kind="token_refused").sentence
    assert (hook().status, hook().attempts) == (Status.WAITING, 0)


def test_one_that_is_refused_again_and_again_does_not_hold_up_the_others(hooks: Backend) -> None:
    property = PropertyFactory()
    change(property)
    hooks.meets(Fault(status=500))
    outbox.drain()
    passes(seconds=6)
    hooks.meets(Fault(status=500))
    outbox.drain()  # now it waits for five minutes
    change(property, LIVE)
    outbox.drain()
    assert [verified(request)["data"]["after"] for request in hooks.requests] == [GONE, GONE, LIVE]


def test_a_worker_that_dies_while_it_sends_loses_nothing(hooks: Backend) -> None:
    change(PropertyFactory())
    message = hook()
    OutboxMessage.objects.update(
        status=Status.SENDING,
        attempts=F("attempts") + 1,
        lease_until=Now() - timedelta(seconds=1),
        lease_token="00000000-0000-0000-0000-000000000001",
    )
    outbox.sweep()
    message.refresh_from_db()
    assert message.status == Status.WAITING
    passes(seconds=7)
    outbox.drain()
    assert len(hooks.requests) == 1


def test_whoever_does_not_answer_is_not_waited_for(backend: Backend) -> None:
    backend.meets(Fault(hang=True))
    with pytest.raises(TryLater) as late:
        http.call("POST", f"{backend.url}/hooks", headers={}, body=b"{}", read=0.2)
    assert late.value.scope == "message"


def test_what_an_answer_says_is_read_up_to_a_bound(backend: Backend) -> None:
    backend.meets(Fault(status=409, body={"detail": "x" * 300_000}))
    assert http.call("POST", f"{backend.url}/hooks", headers={}, body=b"{}").status == 409


def test_nothing_private_leaves(hooks: Backend) -> None:
    seeker = SeekerFactory(name="Ada Obi", phone="+2348030009999", email="ada@example.com", platform_id="U-9")
    slot = SlotFactory(property__access_notes="The key is under the stone.")
    inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
    outbox.drain()
    said = hooks.requests[0].raw.decode()
    assert '"seeker":"U-9"' in said
    for secret in ("Ada Obi", "+2348030009999", "ada@example.com", "under the stone"):
        assert secret not in said


def recorded() -> set[str]:
    """Every kind of change that our code names where it records one."""
    found: set[str] = set()
    for folder in ("bot", "linking", "notifications", "inspector_whatsapp"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text()
            found |= set(re.findall(r'\brecord\(\s*"(\w+)"', text))
    return found


def test_of_every_kind_of_change_it_is_decided_whether_inspector_hears_of_it() -> None:
    undecided = recorded() - set(events.EVENTS) - events.OURS
    assert not undecided, "name them in gateway/events.py: in EVENTS, or in OURS"
    assert not set(events.EVENTS) & events.OURS


def test_the_documentation_lists_every_event_with_what_it_shows() -> None:
    text = (ROOT / "docs" / "integrating.md").read_text()
    for kind, event in events.EVENTS.items():
        fields = ", ".join(f"`{name}`" for name in (event.thing.name, *event.fields))
        assert f"| `{kind}` | {event.says} | {fields} |" in text


def test_what_is_gone_is_told_by_its_name(hooks: Backend) -> None:
    slot = SlotFactory()
    key = slot.pk
    inspections.delete_slot(slot=slot, actor=None, origin=Origin.ADMIN)
    outbox.drain()
    body = json.loads(hooks.requests[0].raw)
    assert body["data"]["subject"] == str(key)
    assert body["data"]["slot"] is None


def test_who_listens_hears_of_a_change_of_a_persons_account_without_its_data(hooks: Backend) -> None:
    person: User = UserFactory(platform_id="U-5", email="new@example.com")
    changes.record("account_changed", person, actor=None, origin=Origin.ADMIN, fields=["email"])
    outbox.drain()
    body = json.loads(hooks.requests[0].raw)
    assert body["data"]["account"]["id"] == "U-5"
    assert "new@example.com" not in hooks.requests[0].raw.decode()
