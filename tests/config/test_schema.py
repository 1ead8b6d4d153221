"""A process is started on a database that its release was written for, or says in words why it is not."""

import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config import run, schema
from tests.at_once import environment

pytestmark = pytest.mark.django_db


SCHEMA = "of_a_release"  # a few tables in the tests' database, which a process takes for all there are


class Database:
    """One that remembers which migrations were applied, and has nothing else."""

    def has(self, *migrations: tuple[str, str]) -> None:
        with psycopg.connect(environment()["DATABASE_URL"]) as other:
            other.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.django_migrations (app text, name text)")
            other.execute(f"TRUNCATE {SCHEMA}.django_migrations")
            rows = f"INSERT INTO {SCHEMA}.django_migrations VALUES (%s, %s)"
            other.cursor().executemany(rows, migrations)

    def start(self, part: str) -> "subprocess.CompletedProcess[str]":
        """Start a part of the service, which would say its version and end."""
        return subprocess.run(
            run.command(part, "--version"),
            env=environment() | {"PGOPTIONS": f"-c search_path={SCHEMA}"},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def database() -> Iterator[Database]:
    with psycopg.connect(environment()["DATABASE_URL"], autocommit=True) as main:
        main.execute(f"CREATE SCHEMA {SCHEMA}")
        yield Database()
        main.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def applied() -> list[tuple[str, str]]:
    """What this release's migrations made of the database of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations WHERE app = ANY(%s)", [[*schema.APPS]])
        return sorted((app, name) for app, name in cursor.fetchall())


def test_a_database_that_is_behind_keeps_a_process_from_starting_and_one_ahead_does_not(
    database: Database,
) -> None:
    *before, last = applied()
    never = database.start("worker")
    assert never.returncode == 1
    assert f" and {len(before)} more: run `python manage.py migrate`" in never.stderr
    database.has(*before)
    behind = database.start("web")
    assert behind.returncode == 1
    assert behind.stdout == ""
    assert behind.stderr == (
        f"The database is behind this release, it lacks {'.'.join(last)}: "
        "run `python manage.py migrate`, then start again.\n"
    )
    database.has(*before, last, ("bot", "9999_from_the_future"))
    ahead = database.start("web")
    assert ahead.returncode == 0
    assert "granian" in ahead.stdout
    said = "WARNING config.run the database is ahead of this release: it has bot.9999_from_the_future"
    assert said in ahead.stderr
