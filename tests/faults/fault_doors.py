"""Meta's two doors while the process behind them dies, is told to end, or waits for PostgreSQL."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from config.embedded import Postgres
from config.programs import signal_group
from tests import migrated
from tests.at_once import environment
from tests.bot.doors import COMMANDS, Door, a_copy, fresh, opened, raw

pytestmark = pytest.mark.django_db
SENDERS = 16


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock():
        connection.close()
    with a_copy(environment()["DATABASE_URL"]) as found:
        yield found


@pytest.fixture(params=COMMANDS)
def door(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Door]:
    with opened(request.param, database, tmp_path) as found:
        yield found


class Crowd:
    """Senders that post one body after the other, and note what was answered with 200."""

    def __init__(self, door: Door) -> None:
        self._door, self._ended = door, threading.Event()
        self.acknowledged: list[bytes] = []
        self.other: list[int] = []
        self._threads = [threading.Thread(target=self._post) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def _post(self) -> None:
        while not self._ended.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self._door.port), timeout=20) as connection:
                    while not self._ended.is_set():
                        body = fresh(size=1_000)
                        connection.sendall(raw(body))
                        answer = connection.recv(4096)
                        if answer.startswith(b"HTTP/1.1 200 "):
                            self.acknowledged.append(body)
                        elif answer:
                            self.other.append(int(answer.split(b" ", 2)[1]))
                        else:
                            break
            except OSError:
                time.sleep(0.02)

    def until(self, done: Callable[[], bool]) -> None:
        limit = time.monotonic() + 60
        while not done() and time.monotonic() < limit:
            time.sleep(0.02)
        assert done()

    def goes(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=60)


def test_what_was_acknowledged_is_kept_though_the_process_is_killed_in_the_middle(
    database: str, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for name in COMMANDS:
        for round_ in range(3):
            with (
                subtests.test(name, round=round_),
                opened(name, database, tmp_path / f"{name}{round_}") as door,
            ):
                crowd = Crowd(door)
                try:
                    crowd.until(lambda crowd=crowd: len(crowd.acknowledged) > 300)  # type: ignore[misc]
                    signal_group(door.program.process.pid, signal.SIGKILL)
                finally:
                    crowd.goes()
                lost = set(crowd.acknowledged) - door.all_kept()
                assert not lost, f"{len(lost)} of {len(crowd.acknowledged)}"
                assert not crowd.other


def test_a_process_that_is_told_to_end_answers_what_it_has_taken(door: Door) -> None:
    bodies = [fresh() for _ in range(4)]
    with psycopg.connect(door.database) as other, ThreadPoolExecutor(len(bodies)) as pool:
        other.execute("LOCK TABLE bot_webhookbody IN ACCESS EXCLUSIVE MODE")
        answers = [pool.submit(door.post, body) for body in bodies]
        time.sleep(0.5)  # until they are taken: they wait for the lock then
        door.program.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        other.rollback()
        assert [answer.result(timeout=30) for answer in answers] == [200] * len(bodies)
    # Uvicorn ends by the signal that it was given, once everything is answered.
    assert door.program.process.wait(timeout=30) in (0, -signal.SIGTERM)
    assert door.kept(*bodies) == len(bodies)


def test_a_database_that_does_not_get_to_it_is_said_to_meta_within_seconds(door: Door) -> None:
    bodies = [fresh() for _ in range(6)]
    with psycopg.connect(door.database) as other, ThreadPoolExecutor(len(bodies)) as pool:
        other.execute("LOCK TABLE bot_webhookbody IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        assert set(pool.map(door.post, bodies)) == {503}
        assert time.monotonic() - began < 15
        other.rollback()
        assert set(pool.map(door.post, bodies)) == {200}
    assert door.kept(*bodies) == len(bodies)


def test_a_body_that_waits_for_another_transaction_keeps_none_of_those_that_came_with_it(door: Door) -> None:
    held, others = fresh(), [fresh() for _ in range(5)]
    with psycopg.connect(door.database) as other, ThreadPoolExecutor(6) as pool:
        other.execute(
            "INSERT INTO bot_webhookbody (digest, body, received_at, state, attempts)"
            " VALUES (sha256(%(body)s), %(body)s, now(), 'new', 0)",
            {"body": held},
        )
        slow = pool.submit(door.post, held)
        assert set(pool.map(door.post, others)) == {200}
        assert slow.result(timeout=30) == 503
        other.rollback()
    assert door.kept(*others) == len(others)
    assert door.post(held) == 200


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Postgres]:
    """A PostgreSQL of its own, to be stopped."""
    found = Postgres(tmp_path_factory.mktemp("postgres"))
    parts = psycopg.conninfo.conninfo_to_dict(found.start())
    migrated.copy_into(found)
    here = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(
            HOST=parts["host"],
            PORT=parts["port"],
            NAME=parts["dbname"],
            USER=parts["user"],
            PASSWORD=parts["password"],
        )
        try:
            call_command("migrate", verbosity=0)
        finally:
            connection.close()
            connection.settings_dict.update(here)
    yield found
    found.remove()


@pytest.mark.parametrize("name", COMMANDS)
def test_postgresql_restarts_under_load_and_nothing_acknowledged_is_lost(
    name: str, server: Postgres, tmp_path: Path
) -> None:
    with opened(name, server.url, tmp_path) as door:
        crowd = Crowd(door)
        try:
            for _ in range(3):
                seen = len(crowd.acknowledged)
                crowd.until(lambda seen=seen: len(crowd.acknowledged) > seen + 200)  # type: ignore[misc]
                server.restart("immediate")
            seen = len(crowd.acknowledged)
            crowd.until(lambda: len(crowd.acknowledged) > seen + 200)
        finally:
            crowd.goes()
        assert set(crowd.acknowledged) <= door.all_kept()
        assert set(crowd.other) <= {503}


def test_the_fast_lane_waits_for_a_postgresql_that_hangs_only_for_seconds(
    server: Postgres, tmp_path: Path
) -> None:
    bodies = [fresh() for _ in range(6)]
    with opened("fast lane", server.url, tmp_path) as door, ThreadPoolExecutor(len(bodies)) as pool:
        assert door.post(fresh()) == 200
        with psycopg.connect(server.url) as asking:
            backends = [
                row[0]
                for row in asking.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid()"
                )
            ]
        assert server.pid is not None
        hung = [server.pid, *backends]
        for pid in hung:
            os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            assert set(pool.map(door.post, bodies)) == {503}
            assert time.monotonic() - began < 15
        finally:
            for pid in hung:
                os.kill(pid, signal.SIGCONT)
        until = time.monotonic() + 20
        while door.post(bodies[0]) != 200 and time.monotonic() < until:
            time.sleep(0.1)
        assert set(pool.map(door.post, bodies)) == {200}
        assert door.kept(*bodies) == len(bodies)
