"""The way in while its parts are killed, hung and cut off: nothing is lost, nothing happens twice."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.db.models.functions import Now
from django.test import Client
from pytest_django import DjangoDbBlocker

from bot import conversation, inbox, webhook
from bot.models import Conversation, InboundEvent, InboundState, WebhookBody
from bot.said import start_id
from config.embedded import Postgres, Redis
from inspector_whatsapp.cloud_api.signature import sign
from inspector_whatsapp.models import Change, Incident, OutboxMessage
from tests import migrated
from tests.at_once import environment
from tests.bot.phone import Phone
from tests.faults.worker import POINTS

HELLO = {"type": "text", "text": {"body": "hello"}}


def tap(flow: str, argument: str = "") -> dict[str, object]:
    reply = {"type": "button_reply", "button_reply": {"id": start_id(flow, argument), "title": "Tap"}}
    return {"type": "interactive", "interactive": reply}


def post(body: bytes) -> int:
    """The status that Meta reads."""
    close_old_connections()  # as a server does before each request, and the test client does not
    response = Client().generic(
        "POST",
        "/webhooks/whatsapp",
        body,
        "application/json",
        HTTP_X_HUB_SIGNATURE_256=sign(body, settings.WHATSAPP_APP_SECRETS[0]),
    )
    return response.status_code


def deaths_of_workers(tmp_path: Path) -> int:
    """Let workers work until one survives; how many died."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.faults.worker", str(tmp_path / "marker")],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return int(result.stdout)


# --- workers ----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_in_a_turn_leaves_it_to_the_next_and_its_effects_happen_once(
    point: str, tmp_path: Path
) -> None:
    ann, bob = Phone("+2348111000001"), Phone("+2348111000002")
    ann.posts(ann.webhook(HELLO, tap("test_dies_once", point), HELLO))
    bob.posts(bob.webhook(HELLO))
    assert deaths_of_workers(tmp_path) == 1
    assert InboundEvent.objects.filter(state=InboundState.DONE).count() == 4
    assert Change.objects.filter(kind="test_effect").count() == 1
    replies = OutboxMessage.objects.filter(contact=ann.contact).order_by("pk")
    assert [reply.text.splitlines()[0][:5] for reply in replies] == ["Hi, I", "Done.", "Hi, I"]
    assert OutboxMessage.objects.filter(contact=bob.contact).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_kills_its_worker_is_set_aside_and_everybody_else_is_answered(tmp_path: Path) -> None:
    ann, others = Phone("+2348111000001"), [Phone(f"+23481120000{number:02}") for number in range(4)]
    ann.posts(ann.webhook(HELLO, tap("test_poison"), HELLO, HELLO))
    for other in others:
        other.posts(other.webhook(HELLO))
    deaths = deaths_of_workers(tmp_path)
    poison = InboundEvent.objects.get(state=InboundState.QUARANTINED)
    assert poison.text == "Tap"
    assert conversation.MOST_ATTEMPTS <= deaths <= conversation.MOST_ATTEMPTS + 2
    assert InboundEvent.objects.filter(state=InboundState.DONE).count() == 7
    assert OutboxMessage.objects.filter(contact=ann.contact).count() == 4  # with "sorry"
    assert OutboxMessage.objects.count() == 8
    assert Incident.objects.filter(kind="message_quarantined").count() == 1


# --- the database -----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_get_to_it_is_said_to_meta_instead_of_waited_for() -> None:
    body = Phone("+2348111000001").webhook(HELLO)
    with psycopg.connect(environment()["DATABASE_URL"]) as other:
        other.execute("LOCK TABLE bot_webhookbody IN ACCESS EXCLUSIVE MODE")
        assert post(body) == 503  # while the lock is held
    assert post(body) == 200
    assert WebhookBody.objects.count() == 1


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    migrated.copy_into(server)
    yield server
    server.remove()


@pytest.fixture
def elsewhere(private: Postgres, django_db_blocker: DjangoDbBlocker) -> Iterator[Postgres]:
    """A database server of this test's own, to be stopped: for its length it is Django's."""
    found = psycopg.conninfo.conninfo_to_dict(private.url)
    private_settings = {
        "HOST": found["host"],
        "PORT": found["port"],
        "NAME": found["dbname"],
        "USER": found["user"],
        "PASSWORD": found["password"],
    }
    with django_db_blocker.unblock():
        connection.close()
        here = dict(connection.settings_dict)
        connection.settings_dict.update(private_settings)
        try:
            call_command("migrate", verbosity=0)
            yield private
        finally:
            connection.close()
            connection.settings_dict.update(here)


def test_without_a_database_meta_is_asked_to_come_again_and_its_next_try_is_kept(elsewhere: Postgres) -> None:
    body = Phone("+2348111000001").webhook(HELLO)
    elsewhere.stop("immediate")
    assert post(body) == 503
    elsewhere.start()
    assert post(body) == 200
    assert post(body) == 200
    assert WebhookBody.objects.count() == 1
    _restarts_under_a_worker(elsewhere)


def _restarts_under_a_worker(server: Postgres) -> None:
    """PostgreSQL crashes three times while messages come in and a worker works."""
    people = [Phone(f"+23481120000{number:02}") for number in range(6)]
    bodies = [phone.webhook(HELLO) for _round in range(5) for phone in people]
    posted = threading.Event()

    def meta() -> None:
        """Posts, and tries again whatever was not taken."""
        try:
            for body in bodies:
                until = time.monotonic() + 30
                while post(body) != 200 and time.monotonic() < until:
                    time.sleep(0.05)
                time.sleep(0.03)
        finally:
            connection.close()
            posted.set()

    worker = subprocess.Popen(
        [sys.executable, "manage.py", "drain", "--forever"],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        poster = threading.Thread(target=meta)
        poster.start()
        for _crash in range(3):
            time.sleep(0.7)
            server.restart("immediate")
        poster.join(timeout=60)
        assert posted.is_set()
        connection.close()
        _wait_until_answered(len(bodies) + 1)
        assert worker.poll() is None  # the same process went on
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    assert not InboundEvent.objects.exclude(state=InboundState.DONE).exists()
    for phone in people:
        events = phone.contact.inbound.order_by("said_at", "pk")
        replies = phone.contact.messages.order_by("pk").values_list("key", flat=True)
        assert list(replies) == [f"reply:{event.pk}" for event in events]
        assert len(replies) == 5


def _wait_until_answered(many: int) -> None:
    """Leases of rounds that died are not waited for."""
    until = time.monotonic() + 30
    while InboundEvent.objects.filter(state=InboundState.DONE).count() < many and time.monotonic() < until:
        Conversation.objects.filter(lease_until__gt=Now() + timedelta(seconds=1)).filter(
            pending_since__isnull=False
        ).update(lease_until=Now() - timedelta(seconds=1))
        time.sleep(1.5)
    assert InboundEvent.objects.filter(state=InboundState.DONE).count() == many


# --- Redis ------------------------------------------------------------------------------------------------
WEB = """
import sys, django
django.setup()
from bot import webhook
print(webhook.receive(bytes.fromhex(sys.argv[1]), sys.argv[2]), flush=True)
sys.stdin.read()
"""


@pytest.mark.django_db(transaction=True)
def test_a_hung_redis_is_not_waited_for_and_what_it_did_not_ring_for_is_found(tmp_path: Path) -> None:
    ann = Phone("+2348111000001")
    body = ann.webhook(HELLO)
    server = Redis(tmp_path / "redis")
    url = server.start()
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        web = subprocess.Popen(
            [sys.executable, "-c", WEB, body.hex(), sign(body, settings.WHATSAPP_APP_SECRETS[0])],
            env=environment(REDIS_URL=url, DJANGO_SETTINGS_MODULE="config.settings"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with web:
            assert web.stdout is not None
            assert web.stdout.readline().strip() == "200"  # Redis hangs still
    finally:
        server.remove()
    assert ann.answers().startswith("Hi, I'm the Inspector assistant.")


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_meta_never_read_brings_nothing_twice() -> None:
    """The response was lost: Meta posts again, before, during and after the work."""
    ann = Phone("+2348111000001")
    body = ann.webhook(HELLO)
    for work in (inbox.drain, conversation.drain, inbox.drain, conversation.drain):
        assert post(body) == 200
        work()
    assert webhook.receive(json.dumps(json.loads(body), indent=1).encode(), None) == 401
    assert OutboxMessage.objects.count() == 1
