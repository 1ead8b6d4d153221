"""/readyz: what keeps the service from working, and what is wrong around it, in words."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import time_machine
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import embedded
from inspector_whatsapp import conditions, health
from inspector_whatsapp.models import Heartbeat

pytestmark = pytest.mark.django_db


def full() -> Iterable[tuple[str, Callable[[], str]]]:
    """What PostgreSQL says when its disk is full."""

    def write() -> str:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$")
        return ""

    return (("database", write),)


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def test_all_that_answers_is_ready_and_a_silent_worker_is_not(client: Client) -> None:
    for name in ("worker", "beat"):
        health.beat(name)
    assert ready(client)[0] == 200
    Heartbeat.objects.filter(name="worker").update(at=datetime.now(UTC) - timedelta(seconds=40))
    status, said = ready(client)
    assert status == 503
    assert said["failures"] == {"worker": "silent for more than 30 s"}


def test_a_full_disk_of_postgresqls_is_said_in_words(settings: Any) -> None:
    settings.HEALTH_CHECKS = ("tests.platform.test_conditions.full",)
    assert health.failures() == {"database": "PostgreSQL's disk is full"}


def test_a_database_that_takes_no_writes_is_said_in_words() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert health.failures()["database"].startswith("PostgreSQL takes no writes")


def test_a_database_ahead_of_this_release_is_said_by_its_migrations() -> None:
    assert conditions.ahead() == ""
    MigrationRecorder(connection).record_applied("bot", "9999_from_the_future")
    assert conditions.ahead().endswith("ahead of this release: it has bot.9999_from_the_future")


def test_two_beats_are_named_and_one_is_not(client: Client) -> None:
    health.beat("beat@one:1")
    assert "beats" not in conditions.warnings()
    health.beat("beat@two:2")
    assert conditions.warnings()["beats"] == "2 beats run, one is enough: one:1, two:2"
    for name in ("worker", "beat"):
        health.beat(name)
    status, said = ready(client)
    assert status == 200
    assert "beats" in said["warnings"]
    Heartbeat.objects.filter(name="beat@two:2").update(at=datetime.now(UTC) - timedelta(seconds=20))
    assert "beats" not in conditions.warnings()


@pytest.mark.parametrize(("seconds", "wrong"), [(0, False), (30, False), (-180, True), (3600, True)])
def test_a_clock_off_by_minutes_is_said(seconds: int, wrong: bool) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        assert ("clock" in conditions.warnings()) is wrong


def test_a_redis_that_throws_things_away_is_said(tmp_path: Path, settings: Any) -> None:
    server = embedded.Redis(tmp_path / "redis")
    settings.REDIS_URL = server.start()
    try:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.config_set("maxmemory-policy", "allkeys-lru")
            assert "redis" not in conditions.warnings()  # it has no bound, so it never does
            client.config_set("maxmemory", "100mb")
            assert "maxmemory-policy noeviction" in conditions.warnings()["redis"]
            client.config_set("maxmemory-policy", "noeviction")
            assert "redis" not in conditions.warnings()
    finally:
        server.remove()


def test_little_room_for_photos_is_said() -> None:
    assert conditions.room(300 * 1024**2).startswith("only 300 MB are free")
    assert conditions.room(5 * 1024**3) == ""


def test_a_redis_that_is_away_is_a_failure_and_no_warning(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "redis" in health.failures()
    assert "redis" not in conditions.warnings()
