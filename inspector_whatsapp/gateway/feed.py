"""The feed: every change that Inspector may hear of, in an order that skips nothing.

A row gets its number when it is written and is seen when it is committed, and the two orders differ: who
reads by number alone misses what is committed late. So rows are told by the transaction that wrote them, and
only those older than every transaction that is still under way.
"""

import base64
import binascii
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from inspector_whatsapp.gateway.events import EVENTS
from inspector_whatsapp.models import Change

_LARGEST = 2**63


class BadCursor(ValueError):
    """No cursor of ours."""


@dataclass(frozen=True)
class Page:
    """Changes in their order. cursor: where to go on. more: whether there were others."""

    changes: list[Change]
    cursor: str
    more: bool


def after(cursor: str, *, limit: int) -> Page:
    """At most `limit` changes after `cursor`; from the beginning where it is empty. Raises BadCursor."""
    xid, number = _read(cursor)
    oldest, next_one = _under_way()
    if xid >= next_one:
        xid = 0  # from before this database was restored into another server; then its own number counts
    rows = (
        Change.objects.filter(xid__gte=xid, xid__lt=oldest, kind__in=EVENTS)
        .filter(Q(xid__gt=xid) | Q(pk__gt=number))
        .select_related("actor")
        .order_by("xid", "pk")
    )
    found = list(rows[: limit + 1])
    page, more = found[:limit], len(found) > limit
    return Page(page, _written(page[-1].xid, page[-1].pk) if page else cursor, more)


def _under_way() -> tuple[int, int]:
    """The oldest transaction that has not ended, and the first that has not begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint "
            "FROM pg_current_snapshot() AS now"
        )
        oldest, next_one = cursor.fetchone()
    return oldest, next_one


def _written(xid: int, number: int) -> str:
    return base64.urlsafe_b64encode(f"{xid}.{number}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        xid, number = (int(part) for part in text.split("."))
    except (binascii.Error, UnicodeError, ValueError):
        raise BadCursor(cursor) from None
    if not (0 <= xid < _LARGEST and 0 <= number < _LARGEST):
        raise BadCursor(cursor)
    return xid, number
