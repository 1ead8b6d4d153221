"""Webhooks are stored raw, by whichever door they come in."""

import time
from collections.abc import Sequence

from django.db import Error, InterfaceError, OperationalError, connection
from psycopg import ClientCursor

from inspector_whatsapp.metrics import Tally, tally

STORE_TIMEOUT = 3_000  # milliseconds; a database that is slower gets a 503, and Meta tries again


def store(*bodies: bytes) -> list[Error | None]:
    """Keep raw bodies, in this order; the same bytes a second time change nothing. What each failed with.

    Of a body that did not fail (None) the transaction is committed. All go in one INSERT; where PostgreSQL
    refuses that and lives on, each is tried by itself, so that a bad one spoils no others.
    """
    until = time.monotonic() + STORE_TIMEOUT / 1000
    alone = len(bodies) == 1
    try:
        _insert_connected(bodies, milliseconds=STORE_TIMEOUT if alone else STORE_TIMEOUT // 2)
    except Error as error:
        if alone or not connection.is_usable():
            return [error] * len(bodies)
        return [_store_alone(body, until, len(bodies) - place) for place, body in enumerate(bodies)]
    return [None] * len(bodies)


def _store_alone(body: bytes, until: float, left: int) -> Error | None:
    """Store one of `left` bodies, which share the time that is left: a slow one keeps no other from it."""
    share = int((until - time.monotonic()) * 1000 / left)
    if share <= 0:
        return OperationalError("no time was left to store it")
    try:
        _insert([body], milliseconds=share)
    except Error as error:
        return error
    return None


def _insert_connected(bodies: Sequence[bytes], *, milliseconds: int) -> None:
    connection.ensure_connection()
    try:
        _insert(bodies, milliseconds=milliseconds)
    except (OperationalError, InterfaceError):
        if connection.is_usable():
            raise
        # PostgreSQL has dropped the connection since the last request. Finding that out only now saves every
        # request a question; the same bytes may be inserted twice.
        connection.close()
        connection.ensure_connection()
        _insert(bodies, milliseconds=milliseconds)


def _insert(bodies: Sequence[bytes], *, milliseconds: int) -> None:
    rows = ", ".join(["(%s::bytea)"] * len(bodies))
    # Both statements go in one message, which PostgreSQL makes one transaction: the time-out ends with it.
    with connection.wrap_database_errors, ClientCursor(connection.connection) as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = %s;"  # noqa: S608
            "INSERT INTO bot_webhookbody (digest, body, received_at, state, attempts)"
            f" SELECT sha256(body), body, now, 'new', 0 FROM (VALUES {rows}) came (body), clock_now() now"
            " ON CONFLICT (digest) DO NOTHING",
            [milliseconds, *bodies],
        )
        cursor.nextset()
        tally.add(Tally.STORED, cursor.rowcount)
        tally.add(Tally.REPEATED, len(bodies) - cursor.rowcount)
