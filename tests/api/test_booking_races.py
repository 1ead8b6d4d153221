"""Many want one place by the website and the chat at once; callers and servers that die on the way."""

import json
import signal
import socket
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from config.programs import signal_group
from inspector_whatsapp import inspections
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Answer, Inspection, Slot, User
from tests.api.inspector import person, person_token, with_token
from tests.api.web import served
from tests.at_once import at_once, environment
from tests.factories import InspectionFactory, SeekerFactory, SlotFactory, at
from tests.outbox.witness import until

pytest_plugins = ("tests.api.fixtures",)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inspectors_keys")]

ADDRESS = "/api/v1/inspections"


def by_website(token: str, slot: Slot) -> str:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    answer = with_token(token).post(ADDRESS, {"slot": slot.pk}, format="json", headers=headers)
    return str(answer.json().get("code", answer.status_code))


def by_chat(seeker: User, slot: Slot) -> str:
    try:
        inspections.book(seeker=seeker, slot=slot, origin=Origin.CHAT)
    except inspections.SlotTaken:
        return "slot_taken"
    return "201"


def test_of_a_hundred_on_the_website_and_in_the_chat_one_gets_the_place() -> None:
    slot = SlotFactory()
    later = SlotFactory(property=slot.property, starts_at=at(15))
    wishes: list[Any] = []
    for number, seeker in enumerate(SeekerFactory.create_batch(100)):
        website = partial(by_website, person_token(seeker), slot)
        wishes.append(partial(by_chat, seeker, slot) if number % 5 == 0 else website)
    outcomes = [outcome for start in range(0, 100, 20) for outcome in at_once(*wishes[start : start + 20])]
    assert Counter(outcomes) == {"201": 1, "slot_taken": 99}
    assert Inspection.objects.count() == Slot.objects.get(pk=slot.pk).taken == 1
    assert Slot.objects.get(pk=later.pk).taken == 0


def test_twenty_at_once_with_one_key_book_once() -> None:
    token, slot = person_token(SeekerFactory()), SlotFactory(capacity=5)
    headers = {"Idempotency-Key": "one"}

    def wish() -> Any:
        return with_token(token).post(ADDRESS, {"slot": slot.pk}, format="json", headers=headers)

    answers = at_once(*[wish] * 20)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["ref"] for answer in answers if answer.status_code == 201}) == 1
    assert Inspection.objects.count() == 1


def test_of_two_who_saw_the_same_state_one_changes_it() -> None:
    for _ in range(5):
        inspection = InspectionFactory()
        address = f"{ADDRESS}/{inspection.ref}"
        slots = [SlotFactory(property=inspection.property, starts_at=at(hour)) for hour in (14, 16)]
        tokens = [person_token(inspection.seeker), person_token(inspection.property.agent)]
        tag = with_token(tokens[0]).get(address)["ETag"]

        def move(token: str, slot: Slot, *, address: str = address, tag: str = tag) -> int:
            answer = with_token(token).patch(
                address, {"slot": slot.pk}, format="json", headers={"If-Match": tag}
            )
            return int(answer.status_code)

        moves = [partial(move, token, slot) for token, slot in zip(tokens, slots, strict=True)]
        assert sorted(at_once(*moves)) == [200, 412]
        assert Slot.objects.filter(property=inspection.property, taken=1).count() == 1


def test_who_hangs_up_or_finds_the_server_dead_asks_again_and_has_one_inspection(tmp_path: Path) -> None:
    ada, slot = SeekerFactory(), SlotFactory(capacity=2)
    with served(tmp_path) as (port, web):
        with _held_up():
            waiting = _send(port, person_token(ada), slot, key="hung up")
            until(_waits_for_a_lock)
            waiting.close()
        until(lambda: Inspection.objects.filter(seeker=ada).exists())
        again = _again(ada, slot, key="hung up")
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
        assert Inspection.objects.filter(seeker=ada).count() == 1

        bola = SeekerFactory()
        token = person_token(bola)
        with _held_up():
            waiting = _send(port, token, slot, key="killed")
            until(_waits_for_a_lock)
            signal_group(web.process.pid, signal.SIGKILL)
            waiting.close()
            web.process.wait()
        until(lambda: not _others())
        assert not Inspection.objects.filter(seeker=bola).exists()
        assert not Answer.objects.filter(key="killed").exists()
        again = _again(bola, slot, key="killed")
        assert again.status_code == 201
        assert "Idempotency-Replayed" not in again
        assert Inspection.objects.filter(seeker=bola).count() == 1
    assert Slot.objects.get(pk=slot.pk).taken == 2


@contextmanager
def _held_up() -> Iterator[None]:
    """Whoever books meanwhile has written the inspection, and waits with its change."""
    with psycopg.connect(environment()["DATABASE_URL"]) as held:
        held.execute("LOCK TABLE inspector_whatsapp_change IN EXCLUSIVE MODE")
        yield


def _send(port: int, token: str, slot: Slot, *, key: str) -> socket.socket:
    """Send a whole request, and read nothing."""
    body = json.dumps({"slot": slot.pk})
    head = (
        f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    sending = socket.create_connection(("127.0.0.1", port), timeout=10)
    sending.sendall(f"{head}{body}".encode())
    return sending


def _again(seeker: User, slot: Slot, *, key: str) -> Any:
    headers = {"Idempotency-Key": key}
    return person(seeker).post(ADDRESS, {"slot": slot.pk}, format="json", headers=headers)


def _waits_for_a_lock() -> bool:
    return _count("wait_event_type = 'Lock'") > 0


def _others() -> int:
    return _count("pid <> pg_backend_pid() AND state <> 'idle'")


def _count(which: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {which}"
        )
        return int(cursor.fetchone()[0])
