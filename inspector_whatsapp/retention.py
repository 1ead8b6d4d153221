"""What is kept for how long. RETENTION names, for each app, what of it goes when."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q
from django.utils.module_loading import import_string

from inspector_whatsapp import clock
from inspector_whatsapp.models import Answer, Incident, InspectorEvent, Job, OutboxMessage, ShareDay
from inspector_whatsapp.models.jobs import OPEN_STATES
from inspector_whatsapp.models.outbox import WAITING_STATES, Status

BATCH = 1_000  # rows per transaction


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Rows of a model are deleted so many days after the time in a column, unless something holds them."""

    what: str
    model: type[Model]
    since: str
    days: int
    unless: Q = field(default_factory=lambda: Q(pk__in=()))


def run() -> dict[str, int]:
    """Delete what has been kept for long enough; how many of what.

    May be killed at any moment, and started again: each batch is a transaction of its own.
    """
    now = clock.now()
    gone: dict[str, int] = {}
    for name in settings.RETENTION:
        for kept in import_string(name)():
            gone[kept.what] = _delete(kept, now - timedelta(days=kept.days))
    return gone


def rules() -> Iterable[Kept]:
    """Of the platform: messages, incidents, jobs, the API's answers and events, secrets of a day's clicks."""
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
        Kept(what="days of clicks", model=ShareDay, since="began_at", days=1),
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
            # Whatever is being changed at this moment is left for another day.
            going = (
                rows.filter(pk__in=old).exclude(kept.unless).select_for_update(skip_locked=True, of=("self",))
            )
            keys = list(going.values_list("pk", flat=True))
            rows.filter(pk__in=keys).delete()
        gone += len(keys)
        after = batch[-1][0]
