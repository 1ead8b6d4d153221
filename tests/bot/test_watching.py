"""Meta's door is watched: silence while statuses are expected, and bodies that nobody of Meta's signed."""

import time
from datetime import timedelta

import pytest
from django.test import Client

from bot import watching
from bot.models import WebhookBody
from bot.watching import TOLD_EVERY, Forgeries, forgeries
from inspector_whatsapp import clock
from inspector_whatsapp.models import Incident, OutboxMessage

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def accepted(ago: timedelta, *, many: int = 1, status: str = "accepted", channel: str = "whatsapp") -> None:
    at = clock.now() - ago
    for _ in range(many):
        OutboxMessage.objects.create(
            kind="reply",
            channel=channel,
            lane="x",
            status=status,
            accepted_at=at,
            created_at=at,
            not_before=at,
        )


def webhook(ago: timedelta) -> None:
    at = clock.now() - ago
    WebhookBody.objects.create(digest=str(at).encode(), body=b"{}", received_at=at, state="parsed")


def is_silent() -> bool:
    watching.look()
    return Incident.objects.filter(kind="webhook_silent", closed_at=None).exists()


def test_silence_after_several_messages_that_meta_took_is_an_incident_until_something_comes() -> None:
    webhook(5 * HOUR)
    accepted(16 * MINUTE, many=3)
    assert is_silent()
    webhook(timedelta())
    assert not is_silent()


def test_a_night_in_which_nothing_is_sent_is_no_trouble() -> None:
    webhook(9 * HOUR)
    accepted(10 * HOUR, many=20, status="delivered")
    assert not is_silent()


def test_one_message_without_a_status_is_enough_only_after_hours() -> None:
    accepted(HOUR)
    assert not is_silent()
    accepted(3 * HOUR)
    assert is_silent()


def test_messages_that_were_taken_a_moment_ago_may_wait() -> None:
    accepted(14 * MINUTE, many=20)
    assert not is_silent()


def test_a_webhook_that_came_since_shows_that_the_door_is_open() -> None:
    accepted(40 * MINUTE, many=5)
    webhook(20 * MINUTE)
    assert not is_silent()


def test_letters_and_what_has_its_status_count_for_nothing() -> None:
    accepted(HOUR, many=5, channel="email")
    accepted(HOUR, many=5, status="sent")
    assert not is_silent()


# --- signatures -------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def forgotten() -> None:
    forgeries.forget()


def forged(many: int) -> set[int]:
    posts = (
        Client().generic(
            "POST",
            "/webhooks/whatsapp",
            b"{}",
            "application/json",
            HTTP_X_HUB_SIGNATURE_256=f"sha256={n:064}",
        )
        for n in range(many)
    )
    return {answer.status_code for answer in posts}


def test_a_few_wrong_signatures_are_nothing_and_a_flood_is_one_row_written_seldom() -> None:
    assert forged(4) == {401}
    assert not Incident.objects.exists()
    began = time.monotonic()
    assert forged(200) == {401}
    lasted = time.monotonic() - began
    incident = Incident.objects.get(kind="signatures_refused")
    assert incident.times <= 1 + lasted // TOLD_EVERY
    assert not WebhookBody.objects.exists()


def test_half_an_hour_after_the_last_it_is_over() -> None:
    forged(5)
    watching.look()
    assert Incident.objects.get().closed_at is None
    clock.move(timedelta(minutes=31))
    watching.look()
    assert Incident.objects.get().closed_at is not None


def test_five_over_a_day_are_nothing_and_a_flood_is_told_twice_a_minute() -> None:
    found = Forgeries()
    assert not any(found.is_worth_telling(at) for at in (0, 4_000, 8_000, 12_000, 16_000))
    assert [at for at in range(1, 100) if found.is_worth_telling(16_000 + at)] == [4, 34, 64, 94]
