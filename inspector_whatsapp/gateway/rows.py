"""A row of Inspector's own came while something of ours was pending: Inspector is right."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.gateway.commands import (
    AVAILABILITY,
    CANCEL,
    MOVE,
    PROPERTY,
    RESERVE,
    UNFINISHED,
    Subject,
    lane,
    unfinished,
)
from inspector_whatsapp.models import Inspection, OutboxMessage, Property
from inspector_whatsapp.models.inspections import LIVE_STATES
from inspector_whatsapp.outbox import withhold

SETTLED = (RESERVE, MOVE, CANCEL, AVAILABILITY, PROPERTY)


class Row(Protocol):
    """A newer row of Inspector's that is ours now; `before` and `after` have the fields that it named."""

    @property
    def subject(self) -> Model: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def after(self) -> Mapping[str, Any]: ...


def on_rows(rows: Sequence[Row]) -> None:
    """Listens to the synchronisation, in its transaction: settle what was pending about these rows."""
    if not settings.INSPECTOR_API_URL:
        return
    lanes = {lane(row.subject) for row in rows if isinstance(row.subject, (Inspection, Property))}
    asked = OutboxMessage.objects.filter(lane__in=lanes, status__in=UNFINISHED)
    waiting = set(asked.values_list("lane", flat=True)) if lanes else set()
    for row in rows:
        subject = row.subject
        if not isinstance(subject, (Inspection, Property)) or lane(subject) not in waiting:
            continue
        agrees = _agrees(subject, row)
        if agrees is not None:
            row_came(subject, agrees=agrees)


def row_came(subject: Subject, *, agrees: bool) -> int:
    """A newer row of Inspector's about it has been applied; how many commands that settles.

    agrees: it says what we asked for. If not, the row has undone what we did: of an inspection people hear by
    what the row brings about, of a property its agent hears here. Called by whoever holds the subject. A
    command that is being answered in this moment is left alone: its answer finds things as they are then.
    """
    why = "a row of Inspector's says the same" if agrees else "a row of Inspector's says otherwise"
    with transaction.atomic():
        rows = list(unfinished(subject, *SETTLED).select_for_update(skip_locked=True, of=("self",)))
        for row in rows:
            row.arguments["settled"] = why
            row.save(update_fields=["arguments"])
        withhold(Q(pk__in=[row.pk for row in rows]), why=why)
        if rows and not agrees and isinstance(subject, Property):
            changes.record("change_undone", subject, actor=None, origin=Origin.SYNC)
    return len(rows)


def _agrees(subject: Subject, row: Row) -> bool | None:
    """Whether the row says what was asked for; None where it says nothing of that.

    Of an inspection: that it takes place, and when, or that it does not. That it is certain now is no
    contradiction of what was only asked for.
    """
    if isinstance(subject, Property):
        return None if "status" not in row.after else _same(row, "status")
    if not {"state", "starts_at"} & set(row.after):
        return None
    before, after = (said.get("state", subject.state) in LIVE_STATES for said in (row.before, row.after))
    return before == after and (not after or _same(row, "starts_at"))


def _same(row: Row, field: str) -> bool:
    return field not in row.after or bool(row.before.get(field) == row.after[field])
