"""A database with every migration applied, made once and copied: to apply them all takes many seconds.

It stands in the embedded PostgreSQL under a name that tells which migrations it holds, and stays there for
the next run. Whoever has a copy migrates it as ever; there is nothing left to apply.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config import embedded

TEMPLATE = "TESTS_MIGRATED"  # its address; nothing where the tests were given a database by DATABASE_URL
PREFIX = "migrated_"
LOCK = 0x_7E57  # of PostgreSQL: of two runs one makes it


def made(url: str) -> str:
    """The address of the migrated database beside the one at `url`; those of other migrations are dropped."""
    parts = urlsplit(url)
    name = f"{PREFIX}{_digest()}"
    found = parts._replace(path=f"/{name}").geturl()
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        there = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        if name in there:
            return found
        for other in there:
            if other.startswith(PREFIX):
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(other)))
        half = f"{PREFIX}half"
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
        _migrate(parts._replace(path=f"/{half}").geturl())
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name))
        )
    return found


def copy_into(server: embedded.Postgres) -> None:
    """Copy it into the empty database of another server, where there is one to copy."""
    if not os.environ.get(TEMPLATE):
        return
    dumped = subprocess.run(
        [server.programs / "pg_dump", "--no-owner", "-Fc", "-d", os.environ[TEMPLATE]],
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [server.programs / "pg_restore", "--no-owner", "--exit-on-error", "-d", server.url],
        input=dumped.stdout,
        check=True,
    )


def _migrate(url: str) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput"],
        cwd=embedded.PROJECT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise embedded.NotStarted(f"The migrations cannot be applied:\n{result.stdout}{result.stderr}")


def _digest() -> str:
    """Of all that a migrated database is made by: our migrations, and the versions of others'."""
    found = hashlib.sha256((embedded.PROJECT / "requirements.lock").read_bytes())
    for path in _migrations():
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _migrations() -> Iterator[Path]:
    for app in ("inspector_whatsapp", "notifications", "linking", "bot"):
        yield from sorted((embedded.PROJECT / app / "migrations").glob("*.py"))
