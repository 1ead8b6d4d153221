"""What every test may lean on."""

import gc
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from xdist.scheduler import LoadScopeScheduling

from tests import migrated

WITH_THE_SERVICE = ("tests/journeys/", "tests/browser/test_")
WITH_A_STACK = "tests/faults/test_stack.py"

# The same examples each time: what a run finds is due to what was changed. `make fuzz` looks further.
hypothesis_settings.register_profile("default", deadline=None, derandomize=True)
hypothesis_settings.register_profile("fuzz", deadline=None, max_examples=5_000)
hypothesis_settings.load_profile("default")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
OPTIONS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

# Those that stand against TRUNCATE: bit 5 of a trigger's type.
NEVER_EMPTIED = """
    SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger
    WHERE NOT tgisinternal AND tgtype & 32 <> 0
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts", action="store_true", help="Rewrite the transcripts; review the diff."
    )
    parser.addoption("--update-rights", action="store_true", help="Rewrite tests/api/rights.txt.")


def pytest_collection_finish() -> None:
    """What there is once all tests are collected stays to the end.

    Python looks for cycles in all that may have been left behind: half of a test's time went into looking
    through the tests themselves, the modules and Django's models.
    """
    gc.collect()
    gc.freeze()


class OneService(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types of its own
    """Any process of a run takes any test, but one takes all that use the running service, which begins once;
    so with the stack of the faults.

    Not by xdist's groups: those it writes into the tests' names, where pytest 9.2 does not look any more.
    None of those may leave a database emptied behind: they come first, before tests that need its rows.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(WITH_A_STACK):
            return "stack"
        return "service" if nodeid.startswith(WITH_THE_SERVICE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> OneService:
    return OneService(config, log)


@pytest.fixture(scope="session", autouse=True)
def static_files_when_asked_for() -> None:
    """Else every client of a test looks through all the files that another test may have collected."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The tests' database is a copy of one that is migrated already."""
    if template := os.environ.get(migrated.TEMPLATE):
        connection.settings_dict["TEST"]["TEMPLATE"] = urlsplit(template).path.lstrip("/")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Between tests with transactions of their own Django empties every table: here alone that is let happen.

    tests/platform/test_audit.py switches the triggers on again where they are tried. Nor does a commit wait
    for the disk: no test crashes this PostgreSQL, those that crash one have their own.
    """
    connection.ops.execute_sql_flush = _emptied  # type: ignore[assignment,method-assign]
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(NEVER_EMPTIED)
            for table, trigger in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
            name = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        connection.close()  # the next connection has it so


def _emptied(statements: Iterable[str]) -> None:
    """Delete what there is. Django empties a hundred tables of which few have rows, ten times as slowly."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = map(connection.ops.quote_name, connection.introspection.django_table_names(True))
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
        cursor.execute(" UNION ALL ".join(asked))
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, and rows in any order
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser. Not for longer than a module: while it is there, an event loop runs in this thread."""
    with _started() as browser:
        yield browser


@pytest.fixture
def browser_here(live_server: LiveServer) -> Iterator[Browser]:
    """The same beside a web server of this test's own: gone before Django empties the database."""
    with _started() as browser:
        yield browser


@contextmanager
def _started() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed here (apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()
