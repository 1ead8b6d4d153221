"""`manage.py migrate`, as Django has it, on a database that people work with.

A statement that waits for a lock has everybody wait who comes after it. So none of ours waits for long: the
migration gives way, what it had begun is undone, and it is tried again a little later. Two at once come one
after the other.
"""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

PATIENCE = "2s"  # for each lock
TRIES = 10
PAUSE = 3.0  # seconds
ALONE = 0x_1A5BEC  # any number that nobody else asks PostgreSQL to lock


class Command(Migrate):
    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tries", type=int, default=TRIES, help="How often a lock is tried for.")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"] or DEFAULT_DB_ALIAS]
        tries = options.pop("tries", TRIES)
        for left in reversed(range(tries)):
            try:
                _be_impatient(connection)
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(
                        f"Given up: somebody held a lock that a migration needs for longer than {PATIENCE}, "
                        f"{tries} times. What was applied stays, the rest is undone. See pg_stat_activity "
                        f"for who that is, and run migrate again."
                    ) from None
                self.stderr.write(
                    f"Somebody holds a lock that a migration needs; once more in {PAUSE:.0f} s."
                )
                connection.close()
                time.sleep(PAUSE)
            finally:
                _be_patient(connection)


def _be_impatient(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_lock(%s)", [ALONE])


def _be_patient(connection: BaseDatabaseWrapper) -> None:
    """The connection may go on to be used, by tests for example."""
    if connection.connection is not None and connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ALONE])
