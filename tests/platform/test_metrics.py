"""What Prometheus is told, and who is told it."""

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from bot.models import Conversation, InboundEvent, Interpretation, WebhookBody
from inspector_whatsapp import clock, figures, health, incidents
from inspector_whatsapp.cloud_api import signature
from inspector_whatsapp.metrics import Tally, exposition, tally
from inspector_whatsapp.metrics.asking import MOST
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.outbox import circuit
from tests.factories import (
    AskFactory,
    ContactFactory,
    DelayFactory,
    EnquiryFactory,
    MessageFactory,
    WaitFactory,
)

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


def told() -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Every metric's samples, by their labels."""
    return {
        family.name: {tuple(sorted(one.labels.items())): one.value for one in family.samples}
        for family in text_string_to_metric_families(exposition().decode())
    }


def of(metric: str, **labels: str) -> float | None:
    return told()[metric].get(tuple(sorted(labels.items())))


def message(status: str, *, due: float = -30, **fields: Any) -> OutboxMessage:
    now = clock.now()
    values = {
        "kind": "reply",
        "channel": "whatsapp",
        "lane": "x",
        "created_at": now,
        "not_before": now + timedelta(seconds=due),
        "status": status,
    }
    return OutboxMessage.objects.create(**values | fields)


def answered(*, turn: float, sent: float, ago: float = 60) -> InboundEvent:
    """A message of a minute ago, its turn and its answer's acceptance after so many seconds each."""
    at = clock.now() - timedelta(seconds=ago)
    event = MessageFactory(said_at=at, done_at=(taken := at + timedelta(seconds=turn)))
    accepted = taken + timedelta(seconds=sent)
    message(
        "delivered", key=f"reply:{event.pk}", created_at=taken, accepted_at=accepted, delivered_at=accepted
    )
    return event


def test_what_waits_is_told_by_state_with_the_age_of_the_oldest() -> None:
    message("waiting", due=-90)
    message("waiting", due=-30)
    message("held", due=3600, channel="email", priority=2)
    message("uncertain", uncertain_at=clock.now() - timedelta(seconds=40))
    assert of("inspector_outbox_messages", channel="whatsapp", priority="now", state="waiting") == 2
    age = of("inspector_outbox_oldest_seconds", channel="whatsapp", priority="now", state="waiting")
    assert age == pytest.approx(90, abs=20)
    assert of("inspector_outbox_messages", channel="email", priority="bulk", state="held") == 1
    assert of("inspector_outbox_oldest_seconds", channel="email", priority="bulk", state="held") is None
    age = of("inspector_outbox_oldest_seconds", channel="whatsapp", priority="now", state="uncertain")
    assert age == pytest.approx(40, abs=20)


def test_the_inbox_is_told_by_queue() -> None:
    assert of("inspector_inbox_waiting", queue="webhooks") == 0
    then = clock.now() - timedelta(seconds=50)
    WebhookBody.objects.create(digest=b"1", body=b"{}", received_at=then)
    Conversation.objects.create(contact=ContactFactory(), pending_since=then, slow=True)
    for queue, many in (("webhooks", 1), ("slow", 1), ("turns", 0)):
        assert of("inspector_inbox_waiting", queue=queue) == many
    assert of("inspector_inbox_oldest_seconds", queue="slow") == pytest.approx(50, abs=20)


def test_stages_are_told_of_the_last_quarter_of_an_hour() -> None:
    for turn in (1, 2, 30):
        answered(turn=turn, sent=3)
    answered(turn=500, sent=1, ago=3000)
    assert of("inspector_stage_messages", stage="reply") == 3
    assert of("inspector_stage_seconds", stage="turn", quantile="0.5") == pytest.approx(2)
    assert of("inspector_stage_seconds", stage="reply", quantile="0.99") == pytest.approx(33, abs=1)
    assert of("inspector_stage_seconds", stage="send", quantile="0.95") == pytest.approx(3)


def test_what_became_of_messages_is_counted_by_reason_and_never_less() -> None:
    def counted() -> dict[str, float]:
        found = told()
        return {
            f"{name} {' '.join(value for _label, value in labels)}".strip(): many
            for name in (
                "messages_written",
                "messages",
                "not_arrived",
                "said_again",
                "understood",
                "received",
                "waiting_lists",
                "enquiries",
                "late",
                "asked_to_take_over",
            )
            for labels, many in found[f"inspector_{name}"].items()
        }

    message("failed", error_code=131026)
    message("withheld", reason="stopped: by them")
    waiting = message("pending")
    message("delivered", repeats=message("uncertain", uncertain_at=clock.now()))
    event = answered(turn=1, sent=1)
    Interpretation.objects.create(
        event=event, text="x", command={}, source="model", sure=1, milliseconds=1, at=clock.now()
    )
    WaitFactory()
    WaitFactory(state="left", ended_at=clock.now())
    EnquiryFactory()
    EnquiryFactory(state="there", ended_at=clock.now())
    DelayFactory(said_at=clock.now())
    AskFactory(state="accepted", ended_at=clock.now())
    before = counted()
    figures.keep()
    after = counted()
    assert {name: many - before.get(name, 0) for name, many in after.items() if many != before.get(name)} == {
        "messages_written whatsapp": 6,
        "messages whatsapp failed": 1,
        "messages whatsapp withheld": 1,
        "messages whatsapp pending": 1,
        "messages whatsapp uncertain": 1,
        "messages whatsapp delivered": 2,
        "not_arrived whatsapp 131026 failed": 1,
        "not_arrived whatsapp stopped withheld": 1,
        "said_again whatsapp": 1,
        "understood model": 1,
        "received done": 1,
        "waiting_lists joined": 2,
        "waiting_lists left": 1,
        "enquiries asked": 2,
        "enquiries there": 1,
        "late 20 minutes": 1,
        "asked_to_take_over accepted": 1,
    }
    OutboxMessage.objects.filter(pk=waiting.pk).update(status="delivered")
    figures.keep()
    moved = counted()
    assert moved["messages whatsapp pending"] == after["messages whatsapp pending"]
    assert moved["messages whatsapp delivered"] == after["messages whatsapp delivered"] + 1
    figures.keep()
    assert counted() == moved
    assert of("inspector_figures_age_seconds") == pytest.approx(0, abs=20)


def test_processes_channels_and_incidents_are_told() -> None:
    health.beat("worker")
    incidents.report("clash", key="1", sentence="x")
    incidents.report("clash", key="2", sentence="x")
    circuit.found_shut(
        message("sending", lease_until=clock.now(), lease_token="7" * 32), seconds=60, why="x", code=None
    )
    assert of("inspector_heartbeat_age_seconds", process="worker") == pytest.approx(0, abs=20)
    assert of("inspector_heartbeat_age_seconds", process="beat") is None
    assert of("inspector_incidents_open", kind="clash") == 2
    assert of("inspector_channel_shut", channel="whatsapp") == 1
    assert of("inspector_channel_shut", channel="email") == 0
    assert of("inspector_redis_up") == 1


def posted(client: Client, body: bytes, signature: str) -> int:
    return client.post(
        "/webhooks/whatsapp",
        body,
        content_type="application/json",
        headers={"X-Hub-Signature-256": signature},
    ).status_code


@pytest.mark.django_db(transaction=True)
def test_webhooks_are_counted_by_what_became_of_them(client: Client, settings: Any) -> None:
    def sign(body: bytes) -> str:
        return signature.sign(body, settings.WHATSAPP_APP_SECRETS[0])

    before = tally.read()
    assert posted(client, b'{"a": 1}', sign(b'{"a": 1}')) == 200
    assert posted(client, b'{"a": 1}', sign(b'{"a": 1}')) == 200
    assert posted(client, b'{"a": 1}', "sha256=" + "0" * 64) == 401
    counted = {what: many - before[what] for what, many in tally.read().items()}
    assert counted[Tally.STORED] >= 1  # others count in the same Redis
    assert counted[Tally.REPEATED] >= 1
    assert counted[Tally.FORGED] >= 1


def test_counts_wait_until_redis_is_back(settings: Any) -> None:
    before = tally.read()[Tally.EVENT_REPEATED]
    url, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    tally.add(Tally.EVENT_REPEATED, 3)
    tally.tell()
    assert of("inspector_redis_up") == 0
    assert told()["inspector_webhooks"] == {}
    settings.REDIS_URL = url
    assert tally.read()[Tally.EVENT_REPEATED] >= before + 3


# --- what it costs -------------------------------------------------------------------------------------


def test_a_full_queue_is_counted_up_to_a_bound_and_by_its_index() -> None:
    now = clock.now()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            kind="x",
            channel="whatsapp",
            lane="x",
            created_at=now,
            not_before=now,
            status="pending",
            priority=2,
        )
        for _ in range(MOST + 5)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inspector_whatsapp_outboxmessage")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = of("inspector_outbox_messages", channel="whatsapp", priority="bulk", state="pending")
    assert found == MOST
    assert len(asked) <= 30


# --- who is told ---------------------------------------------------------------------------------------


def test_this_machine_is_told_and_nobody_who_comes_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 403
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403
    assert client.post("/metrics").status_code == 405


def test_with_a_token_only_who_has_it_is_told(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    right = client.get("/metrics", headers={"Authorization": "Bearer a-token"}, REMOTE_ADDR="203.0.113.7")
    assert right.status_code == 200
    assert right["Content-Type"].startswith("text/plain")


# --- what is written about it --------------------------------------------------------------------------


def names() -> set[str]:
    """As Prometheus stores them."""
    return set(re.findall(r"^# TYPE (\w+) ", exposition().decode(), re.MULTILINE))


def rows(prefix: str) -> list[str]:
    """What begins so in the tables of the page's section, each with something said of it."""
    page = (ROOT / "docs" / "operating.md").read_text()
    section = page.partition("\n## Metrics\n")[2].partition("\n## ")[0]
    return sorted(re.findall(rf"^\| `({prefix}\w+)` \|.* \S.* \|$", section, re.MULTILINE))


def test_every_metric_is_documented_and_none_is_left_over() -> None:
    assert rows("inspector_") == sorted(names())


def alerts() -> list[dict[str, Any]]:
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
    return [rule for group in rules["groups"] for rule in group["rules"]]


def test_every_alert_asks_for_metrics_that_there_are_and_says_what_to_do() -> None:
    known = names() | {"up"}
    for rule in alerts():
        asked = set(re.findall(r"\b(?:inspector_\w+|up)\b", rule["expr"]))
        assert asked, rule["alert"]
        assert asked <= known, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "look")
        assert rule["annotations"]["summary"]
    written = re.findall(
        r"^\| `(Inspector\w+)` \| \S", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE
    )
    assert written == [rule["alert"] for rule in alerts()]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not installed here")
def test_prometheus_takes_the_rules() -> None:
    subprocess.run(["promtool", "check", "rules", ROOT / "deploy/prometheus/alerts.yml"], check=True)
