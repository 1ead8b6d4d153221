"""The two ways by which Inspector's rows come, for the same tests.

Pushed to the door; or put into tables of another shape, over which the views of docs/integrating.md lie.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import psycopg
from django.db import connection
from psycopg import sql

from inspector_whatsapp import sync
from tests.api.inspector import service

ROOT = Path(__file__).parent.parent.parent
TABLES = (Path(__file__).parent / "inspector.sql").read_text()
BLOCKS = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "integrating.md").read_text(), re.DOTALL)
VIEWS = "\n".join(block for block in BLOCKS if "CREATE VIEW inspector_whatsapp_" in block)

Row = dict[str, Any]


def id_of(name: str) -> str:
    """Inspector's id of something that the tests call by a name."""
    return str(uuid5(NAMESPACE_URL, name))


class Way(Protocol):
    """How rows come. `send` gives the result of each where the way has results, and nothing otherwise."""

    name: str

    def send(self, kind: str, *rows: Row) -> list[Row]: ...


class Push:
    """By the door, with a token."""

    name = "push"

    def send(self, kind: str, *rows: Row, quiet: bool = False) -> list[Row]:
        answer = service("sync").put(f"/api/v1/sync/{kind}", {"items": rows, "quiet": quiet}, format="json")
        assert answer.status_code == 200, answer.json()
        found: list[Row] = answer.json()["results"]
        return found


class Pull:
    """By the tables of Inspector's own database, and a reading of the views over them."""

    name = "pull"

    def __init__(self, url: str) -> None:
        self.url = url
        self.began = datetime.now(UTC)
        with psycopg.connect(url, autocommit=True) as theirs:
            for table in ("members", "listings", "listing_images", "openings", "visits", "favourites"):
                theirs.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
        sync.pull()  # the first reading is quiet

    def send(self, kind: str, *rows: Row) -> list[Row]:
        with psycopg.connect(self.url, autocommit=True) as theirs:
            for row in rows:
                table, key, values = _THEIRS[kind](row)
                values["touched"] = self.began + timedelta(milliseconds=row["version"])
                _upsert(theirs, table, key, values)
        sync.pull()
        return []


def _upsert(theirs: "psycopg.Connection[Any]", table: str, key: tuple[str, ...], values: Row) -> None:
    """What is not said stays as it is, as anybody's UPDATE would have it."""
    names = [sql.Identifier(name) for name in values]
    kept = theirs.execute(
        sql.SQL("UPDATE {table} SET {sets} WHERE {where}").format(
            table=sql.Identifier(table),
            sets=sql.SQL(", ").join(sql.SQL("{} = %s").format(name) for name in names),
            where=sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in key),
        ),
        [*values.values(), *(values[name] for name in key)],
    ).rowcount
    if not kept:
        theirs.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(names),
                sql.SQL(", ").join([sql.Placeholder()] * len(names)),
            ),
            list(values.values()),
        )


# --- what is said in our words, in theirs -----------------------------------------------------------------
Theirs = tuple[str, tuple[str, ...], Row]


def _members(row: Row) -> Theirs:
    kinds = {"seeker": "tenant", "agent": "lister", "inspector": "officer", "admin": "staff"}
    said = {"uid": row["id"], "mail": row.get("email"), "full_name": row.get("name")}
    said |= {"kind": kinds.get(row.get("role", ""), row.get("role"))}
    said |= {"msisdn": row["phone"].removeprefix("+")} if "phone" in row else {}
    if "is_active" in row or row.get("deleted"):
        said["blocked"] = bool(row.get("deleted")) or not row["is_active"]
    return "members", ("uid",), _said(said)


def _listings(row: Row) -> Theirs:
    words = {"live": "online", "unavailable": "offline", "let": "rented", "pending": "review"}
    status = "binned" if row.get("deleted") else words.get(row.get("status", ""), row.get("status"))
    deals = {"rent": "to let", "sale": "for sale"}
    said = {
        "uid": row["id"],
        "owner": row.get("agent"),
        "headline": row.get("title"),
        "category": row.get("kind"),
        "deal": deals.get(row.get("listing_type", ""), row.get("listing_type")),
        "rooms": row.get("bedrooms"),
        "price_kobo": int(Decimal(str(row["price"])) * 100) if "price" in row else None,
        "per": {"year": "pa", "month": "pm"}.get(row.get("period", ""), row.get("period")),
        "hood": row.get("area"),
        "town": row.get("city"),
        "status": status,
        "went_online": row.get("published_at"),
    }
    return "listings", ("uid",), _said(said)


def _images(row: Row) -> Theirs:
    said = {
        "uid": row["id"],
        "listing": row.get("property"),
        "sort": row.get("position"),
        "cdn": row.get("url"),
    }
    return "listing_images", ("uid",), _said(said | {"removed": row.get("deleted")})


def _openings(row: Row) -> Theirs:
    said = {"uid": row["id"], "listing": row.get("property"), "officer": row.get("inspector")}
    said |= {**_times(row), "seats": row.get("capacity", 1 if "starts_at" in row else None)}
    closed = row.get("deleted") or (row["state"] == "closed" if "state" in row else None)
    return "openings", ("uid",), _said(said | {"cancelled": closed})


def _visits(row: Row) -> Theirs:
    words = {"requested": "new", "confirmed": "ok", "completed": "done", "no_show": "missed"}
    words |= {"cancelled": "off", "declined": "no"}
    said = {
        "uid": row["id"],
        "their_ref": row.get("ref"),
        "listing": row.get("property"),
        "tenant": row.get("seeker"),
        "opening": row.get("slot"),
        "officer": row.get("inspector"),
        "status": "off" if row.get("deleted") else words.get(row.get("state", ""), row.get("state")),
        "remark": row.get("notes"),
    }
    return "visits", ("uid",), _said({**said, **_times(row)})


def _favourites(row: Row) -> Theirs:
    said = {"tenant": row.get("seeker"), "listing": row.get("property"), "dropped": bool(row.get("deleted"))}
    return "favourites", ("tenant", "listing"), said


def _times(row: Row) -> Row:
    if "starts_at" not in row:
        return {}
    start, end = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
    return {"begins": start.astimezone(UTC).replace(tzinfo=None), "minutes": (end - start).seconds // 60}


def _said(values: Row) -> Row:
    return {name: value for name, value in values.items() if value is not None}


_THEIRS = {
    "users": _members,
    "properties": _listings,
    "photos": _images,
    "slots": _openings,
    "inspections": _visits,
    "interests": _favourites,
}


@contextmanager
def a_database() -> Iterator[str]:
    """A database of Inspector's beside the tests' own, with its tables and our views; its URL."""
    here = connection.settings_dict
    name = f"{here['NAME']}_of_inspector"
    user = quote(here["USER"]) + (f":{quote(here['PASSWORD'])}" if here["PASSWORD"] else "")
    server = f"postgres://{user}@{here['HOST']}:{here['PORT']}"
    with psycopg.connect(f"{server}/{here['NAME']}", autocommit=True) as ours:
        ours.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        ours.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        with psycopg.connect(f"{server}/{name}", autocommit=True) as theirs:
            theirs.execute(TABLES)
            theirs.execute(VIEWS)
        yield f"{server}/{name}"
    finally:
        with psycopg.connect(f"{server}/{here['NAME']}", autocommit=True) as ours:
            ours.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
