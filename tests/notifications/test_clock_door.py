"""The simulator's door to the clock: signed, and only there with a simulator."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from inspector_whatsapp import clock
from inspector_whatsapp.cloud_api.signature import sign
from notifications import reminders
from notifications.models import ReminderRule
from tests.notifications import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("notifications.urls")]
DOOR = "/simulator/clock"


@pytest.fixture(autouse=True)
def a_simulator_runs(settings: Settings) -> None:
    settings.SIMULATOR = "http://127.0.0.1:8100"


def ask(wish: object = None, *, signature: str | None = None) -> tuple[int, dict[str, Any]]:
    raw = b"" if wish is None else json.dumps(wish).encode()
    headers = {"X-Hub-Signature-256": signature or sign(raw, project.WHATSAPP_APP_SECRETS[0])}
    if wish is None:
        answer = Client().get(DOOR, headers=headers)
    else:
        answer = Client().post(DOOR, raw, content_type="application/json", headers=headers)
    return answer.status_code, answer.json()


def test_it_tells_the_time_and_the_next_reminder(hours_before: ReminderRule) -> None:
    inspection = scenes.book(hours=5)
    status, state = ask()
    assert status == 200
    assert state["offset_seconds"] == 0
    assert datetime.fromisoformat(state["now"]) == clock.now()
    assert datetime.fromisoformat(state["next_reminder"]) == inspection.starts_at - timedelta(hours=2)


def test_it_moves_the_clock_ahead() -> None:
    before = clock.now()
    status, state = ask({"advance_seconds": 3600})
    assert (status, state["offset_seconds"], state["next_reminder"]) == (200, 3600, None)
    assert clock.now() - before >= timedelta(hours=1)


def test_it_moves_to_just_after_the_next_reminder_is_due(hours_before: ReminderRule) -> None:
    scenes.book(hours=5)
    status, state = ask({"to": "next_reminder"})
    assert (status, state["next_reminder"]) == (200, None)
    assert state["offset_seconds"] in (3 * 3600, 3 * 3600 + 1)
    assert reminders.tick(hours_before.pk) == 1


def test_without_a_reminder_to_come_it_stays_where_it_is() -> None:
    assert ask({"to": "next_reminder"})[0] == 409
    assert clock.offset() == timedelta()


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"advance_seconds": 0},
        {"advance_seconds": -5},
        {"advance_seconds": 32 * 24 * 3600},
        {"advance_seconds": "soon"},
        {"to": "yesterday"},
        {"advance_seconds": 5, "to": "next_reminder"},
        ["advance_seconds"],
    ],
)
def test_what_is_no_way_ahead_is_refused(wish: object) -> None:
    assert ask(wish)[0] == 400
    assert clock.offset() == timedelta()


@pytest.mark.parametrize("signature", ["sha256=" + "0" * 64, "sha1=abc", sign(b"{}", "another secret")])
def test_an_unsigned_or_wrongly_signed_wish_is_refused(signature: str) -> None:
    assert ask({"advance_seconds": 60}, signature=signature)[0] == 403
    assert ask(signature=signature)[0] == 403
    assert Client().get(DOOR).status_code == 403
    assert clock.offset() == timedelta()


def test_without_a_simulator_the_door_is_not_there(settings: Settings) -> None:
    settings.SIMULATOR = ""
    assert ask()[0] == 404
    assert ask({"advance_seconds": 60})[0] == 404
    assert clock.offset() == timedelta()
