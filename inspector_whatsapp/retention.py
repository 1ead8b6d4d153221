"""What is kept for how long. RETENTION names, for each app, what of it goes when."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q
from django.utils.module_loading import import_string

from inspector_whatsapp import clock
from inspector_whatsapp.models import (
    Answer,
    AuditEntry,
    Enquiry,
    Incident,
    InspectorEvent,
    Job,
    OutboxMessage,
    PersonExport,
    ShareDay,
    Tombstone,
)
from inspector_whatsapp.models.enquiries import EnquiryState
from inspector_whatsapp.models.jobs import OPEN_STATES
from inspector_whatsapp.models.outbox import WAITING_STATES, Status
from inspector_whatsapp.privacy import holds

BATCH = 1_000  # rows per transaction


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Rows of a model are deleted so many days after the time in a column, unless something holds them.

    appended: nobody changes them, so nobody is waited for; the right to lock them is one to change them.
    """

    what: str
    model: type[Model]
    since: str
    days: int
    unless: Q = field(default_factory=lambda: Q(pk__in=()))
    appended: bool = False


def run() -> dict[str, int]:
    """Delete what has been kept for long enough; how many of what.

    May be killed at any moment, and started again: each batch is a transaction of its own.
    """
    now = clock.now()
    return {kept.what: _delete(kept, now - timedelta(days=kept.days)) for kept in everything()}


def everything() -> tuple[Kept, ...]:
    """Every rule of every app; what a legal hold protects is held by it."""
    rules = [kept for name in settings.RETENTION for kept in import_string(name)()]
    return tuple(replace(kept, unless=kept.unless | holds.protects(kept.model)) for kept in rules)


def due(kept: Kept, *, most: int) -> int:
    """How many rows the next run deletes; no more than `most` are counted."""
    old = kept.model._default_manager.filter(**{f"{kept.since}__lt": clock.now() - timedelta(days=kept.days)})
    return old.exclude(kept.unless)[:most].count()


def rules() -> Iterable[Kept]:
    """Of the platform: messages, incidents, jobs, enquiries, the API's answers, a day's clicks, the audit."""
    return (
        Kept(what="answers of the API", model=Answer, since="created_at", days=8),
        Kept(what="events of Inspector's", model=InspectorEvent, since="received_at", days=30),
        Kept(
            what="messages",
            model=OutboxMessage,
            since="created_at",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(status__in=(*WAITING_STATES, Status.SENDING, Status.UNCERTAIN)),
        ),
        Kept(
            what="incidents",
            model=Incident,
            since="last_at",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(closed_at__isnull=True),
        ),
        Kept(
            what="jobs",
            model=Job,
            since="created_at",
            days=90,
            unless=Q(state__in=OPEN_STATES),
        ),
        # An old answer says nothing of whether a property is still there.
        Kept(
            what="enquiries",
            model=Enquiry,
            since="asked_at",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(state=EnquiryState.ASKED),
        ),
        Kept(what="days of clicks", model=ShareDay, since="began_at", days=1),
        # The file goes when its day is over: see privacy.exporting.
        Kept(
            what="notes of copies of people's data",
            model=PersonExport,
            since="expires_at",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=~Q(file=""),
        ),
        Kept(what="tombstones", model=Tombstone, since="at", days=settings.RETENTION_TOMBSTONES_DAYS),
        Kept(
            what="the audit",
            model=AuditEntry,
            since="at",
            days=settings.RETENTION_AUDIT_DAYS,
            appended=True,
        ),
    )


def _delete(kept: Kept, limit: datetime) -> int:
    """Keys grow with time: it walks from the oldest on, and stops where a whole batch is too young."""
    rows: Any = kept.model._default_manager.order_by("pk")
    gone, after = 0, 0
    while True:
        batch = list(rows.filter(pk__gt=after).values_list("pk", kept.since)[:BATCH])
        old = [pk for pk, since in batch if since < limit]
        if not old:
            return gone
        with transaction.atomic():
            going = rows.filter(pk__in=old).exclude(kept.unless)
            if not kept.appended:
                # Whatever is being changed at this moment is left for another day.
                going = going.select_for_update(skip_locked=True, of=("self",))
            keys = list(going.values_list("pk", flat=True))
            rows.filter(pk__in=keys).delete()
        gone += len(keys)
        after = batch[-1][0]
