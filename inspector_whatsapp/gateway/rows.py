"""A row of Inspector's own came while something of ours was pending: Inspector is right."""

from django.db import transaction
from django.db.models import Q

from inspector_whatsapp import changes
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.gateway.commands import (
    AVAILABILITY,
    CANCEL,
    MOVE,
    PROPERTY,
    RESERVE,
    Subject,
    unfinished,
)
from inspector_whatsapp.models import Property
from inspector_whatsapp.outbox import withhold

SETTLED = (RESERVE, MOVE, CANCEL, AVAILABILITY, PROPERTY)


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
