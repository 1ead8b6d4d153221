"""Collects what the benchmarks measure, and shows it at the end of the run."""

import os
import platform

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.benchmarks.table import Row, table

ROWS = pytest.StashKey[list[Row]]()
NOTES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS], config.stash[NOTES] = [], []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What is measured is durable: a commit waits for the disk, which those of the other tests do not."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            name = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"ALTER DATABASE {name} RESET synchronous_commit")
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
            assert cursor.fetchone() == ("on", "on")


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> list[Row]:
    """The rows of the table."""
    return request.config.stash[ROWS]


@pytest.fixture
def notes(request: pytest.FixtureRequest) -> list[str]:
    """Sentences below the table."""
    return request.config.stash[NOTES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows, notes = config.stash[ROWS], config.stash[NOTES]
    if not rows and not notes:
        return
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    terminalreporter.section("benchmarks")
    terminalreporter.write_line(
        f"{platform.platform()}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}"
    )
    terminalreporter.write_line("")
    if rows:
        terminalreporter.write_line(table(rows))
    for note in ("", *notes):
        terminalreporter.write_line(note)
