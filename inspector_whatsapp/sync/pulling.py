"""Reading what has changed in Inspector's views since the last time."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from django.conf import settings

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.models import Watermark
from inspector_whatsapp.sync import views
from inspector_whatsapp.sync.applying import KINDS, apply
from inspector_whatsapp.sync.items import Result, counts

logger = logging.getLogger(__name__)

FAILING: Final = "sync_failing"
REFUSED: Final = "sync_refused"
# A transaction that committed late has an older time than what was read before it.
OVERLAP: Final = timedelta(minutes=5)
_NAMED: Final = 3  # refused rows that an incident names


def pull() -> dict[str, int]:
    """Apply what has changed in every view; how many rows of each kind changed something here.

    A view that is read for the first time is loaded quietly. Trouble is an incident, until it works again.
    """
    if not settings.INSPECTOR_DATABASE_URL:
        return {}
    try:
        with views.connected() as connection:
            changed = {kind: _pull(connection, kind) for kind in KINDS}
    except psycopg.Error as error:
        sentence = (
            f"Inspector's views cannot be read ({type(error).__name__}): manage.py check_inspector says more."
        )
        incidents.report(FAILING, key="views", sentence=sentence)
        logger.error("Inspector's views cannot be read: %s", type(error).__name__)
        return {}
    incidents.close(FAILING, key="views")
    return changed


def _pull(connection: views.Connection, kind: str) -> int:
    mark = Watermark.objects.filter(view=kind).first()
    changed = 0
    wrong: dict[str, Result] = {}
    last = mark.changed_at if mark is not None else None

    def take(page: list[dict[str, Any]]) -> None:
        nonlocal changed
        results = apply(kind, [views.item(row) for row in page], quiet=mark is None)
        counted = counts(results)
        changed += counted["created"] + counted["updated"]
        for row, result in zip(page, results, strict=True):
            wrong.pop(row["id"], None)
            if result.result == "refused":
                wrong[row["id"]] = result

    # A row may have been refused for want of one that is here by now.
    if mark is not None and mark.refused:
        take(views.rows_of(connection, kind, mark.refused))
    for page in views.rows(connection, kind, since=mark.changed_at - OVERLAP if mark is not None else None):
        take(page)
        last = page[-1]["changed_at"]
        # A first load that breaks off begins anew, as quietly; what it had done is unchanged then.
        if mark is not None:
            _remember(kind, last, wrong)
    # An empty view has been read as well: what comes next is news.
    _remember(kind, last or clock.now(), wrong)
    _report(kind, list(wrong.values()))
    return changed


def _remember(kind: str, changed_at: datetime, wrong: Mapping[str, Result]) -> None:
    # Never ahead of the clock: a row with a time to come would hide what is written until then.
    values = {"changed_at": min(changed_at, clock.now()), "refused": list(wrong)[: views.PAGE]}
    Watermark.objects.update_or_create(view=kind, defaults=values)


def _report(kind: str, wrong: Sequence[Result]) -> None:
    if not wrong:
        incidents.close(REFUSED, key=kind)
        return
    named = "; ".join(
        f"{one.id} ({', '.join(e.field for e in one.errors) or one.code})" for one in wrong[:_NAMED]
    )
    sentence = f"{len(wrong)} rows of {views.name_of(kind)} were refused: {named}."
    incidents.report(REFUSED, key=kind, sentence=sentence)
