"""Inspector's views, as they lie over its own tables: read, never written."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.rows import dict_row

from inspector_whatsapp.sync.applying import KINDS
from inspector_whatsapp.sync.fields import KEYS, MOMENTS, WHOLE, YES_NO

PAGE: Final = 1_000  # rows
_SECONDS: Final = 20  # for one statement
_ALWAYS: Final = {"id": KEYS, "version": WHOLE, "changed_at": MOMENTS}
_PERHAPS: Final = {"ref": KEYS, "deleted": YES_NO}

Connection = psycopg.Connection[dict[str, Any]]


def name_of(kind: str) -> str:
    """The view of a kind: `inspector_whatsapp_users`."""
    return f"inspector_whatsapp_{kind}"


def known_columns(kind: str) -> dict[str, frozenset[str]]:
    """Every column that a view may have, with the types that it may be of."""
    fields = {name: field.sql for name, field in KINDS[kind].fields.items() if field.sql}
    return {**_ALWAYS, **_PERHAPS, **fields}


def needed_columns(kind: str) -> list[str]:
    """Those that it must have."""
    needed = [name for name, field in KINDS[kind].fields.items() if not field.optional]
    return [*_ALWAYS, *needed]


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection that only reads, to the database of INSPECTOR_DATABASE_URL. Raises psycopg.Error."""
    with psycopg.connect(
        settings.INSPECTOR_DATABASE_URL, autocommit=True, connect_timeout=5, row_factory=dict_row
    ) as connection:
        connection.read_only = True
        connection.execute("SELECT set_config('statement_timeout', %s, false)", [f"{_SECONDS}s"])
        connection.execute("SET default_transaction_read_only = on")
        yield connection


def columns(connection: Connection, kind: str) -> dict[str, str]:
    """The columns of a view and their types; empty where there is no such view."""
    found = connection.execute(
        """
        SELECT attname AS name, CASE typcategory
            WHEN 'S' THEN 'text' WHEN 'E' THEN 'text' WHEN 'A' THEN 'list' ELSE format_type(atttypid, NULL)
        END AS type
        FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
        WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
        """,
        [name_of(kind)],
    )
    return {row["name"]: row["type"] for row in found}


def rows(connection: Connection, kind: str, *, since: datetime | None) -> Iterator[list[dict[str, Any]]]:
    """The rows that changed at `since` or later, oldest first, page by page; all of them without it."""
    select = _select(connection, kind)
    after: tuple[Any, ...] = (since, "") if since is not None else ()
    while True:
        query = sql.SQL("{select} {where} ORDER BY changed_at, id::text LIMIT {page}").format(
            select=select,
            where=sql.SQL("WHERE (changed_at, id::text) > (%s, %s)" if after else ""),
            page=sql.Literal(PAGE),
        )
        page = connection.execute(query, after or None).fetchall()
        if page:
            yield page
        if len(page) < PAGE:
            return
        after = (page[-1]["changed_at"], page[-1]["id"])


def has_empty(connection: Connection, kind: str, column: str) -> bool:
    """Whether there is a row without a value in that column."""
    query = sql.SQL("SELECT 1 FROM {view} WHERE {column} IS NULL LIMIT 1").format(
        view=sql.Identifier(name_of(kind)), column=sql.Identifier(column)
    )
    return connection.execute(query).fetchone() is not None


def rows_of(connection: Connection, kind: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of these ids, as far as they are there."""
    query = sql.SQL("{select} WHERE id::text = ANY (%s)").format(select=_select(connection, kind))
    return connection.execute(query, [list(ids)]).fetchall()


def _select(connection: Connection, kind: str) -> sql.Composable:
    there = columns(connection, kind)
    texts = {"id", "ref"} | {name for name, field in KINDS[kind].fields.items() if field.parent}
    listed = [
        sql.SQL("{0}::text AS {0}" if name in texts else "{0}").format(sql.Identifier(name))
        for name in known_columns(kind)
        if name in there
    ]
    return sql.SQL("SELECT {columns} FROM {view}").format(
        columns=sql.SQL(", ").join(listed), view=sql.Identifier(name_of(kind))
    )


def item(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as an item: what is null of an item's own columns was not said."""
    return {
        name: value
        for name, value in row.items()
        if name != "changed_at" and not (value is None and name in ("ref", "deleted"))
    }
