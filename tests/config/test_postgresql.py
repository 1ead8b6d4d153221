"""A PostgreSQL that stands still is noticed, and one that is slow is waited for."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.embedded import Postgres
from config.postgresql import base


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.remove()


def test_nobody_waits_for_ever_for_a_postgresql_that_stands_still(server: Postgres) -> None:
    ours = base.Connection.connect(server.url, autocommit=True)
    assert ours.execute("SELECT 1").fetchone() == (1,)
    first = server.pid
    assert first is not None
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for pid in (first, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(psycopg.OperationalError, match="does not answer"):
            ours.execute("SELECT 1")
        assert time.monotonic() - began < 4 * (base.PATIENCE + base.ASKED)
        assert ours.closed
    finally:
        for pid in (first, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def test_a_statement_that_takes_its_time_is_waited_for(server: Postgres) -> None:
    with base.Connection.connect(server.url, autocommit=True) as ours:
        found = ours.execute("SELECT pg_sleep(%s), 1", [base.PATIENCE * 1.5]).fetchone()
    assert found is not None
    assert found[1] == 1


def test_the_service_uses_such_connections(db: None) -> None:
    connection.ensure_connection()
    assert isinstance(connection.connection, base.Connection)
