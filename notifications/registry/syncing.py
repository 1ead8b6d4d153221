"""Meta's list of templates, compared with ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from inspector_whatsapp import clock, incidents
from inspector_whatsapp.cloud_api.errors import CloudError
from inspector_whatsapp.cloud_api.events.reading import cleaned
from notifications.meta import client
from notifications.models import MessageTemplate, TemplateCategory, TemplateQuality, TemplateStatus
from notifications.registry import reading
from notifications.registry.declaring import declare
from notifications.registry.noticing import notice_all

FAILED: Final = "template_sync_failed"
_KEY: Final = "sync"
# What was submitted just now may not be listed yet.
_GRACE: Final = timedelta(minutes=2)
# Meta's clock and ours differ a little, and its webhooks have whole seconds.
_SKEW: Final = timedelta(seconds=5)
_FIELDS: Final = ("status", "reason", "quality", "category_at_meta", "meta_id", "components")


@dataclass(frozen=True)
class Synced:
    """How many templates of ours Meta has, and how many stood otherwise than we knew."""

    found: int
    changed: int


def sync() -> Synced:
    """Ask Meta how every template stands, keep it, and tell a person what is wrong.

    Raises CloudError when the list cannot be read, which an incident says until the next success. Not to be
    called in a transaction.
    """
    synced = compare()
    notice_all()
    return synced


def compare() -> Synced:
    """Ask Meta how every template stands and keep it, telling nobody yet. Raises as `sync` does."""
    declare()
    began = clock.now()
    try:
        listed = client().templates(settings.WHATSAPP_BUSINESS_ACCOUNT_ID)
    except CloudError as error:
        sentence = (
            f"Meta's list of templates cannot be read: {error}. What we know of them may be out of date."
        )
        incidents.report(FAILED, key=_KEY, sentence=sentence)
        raise
    there = {(reading.text(row, "name"), reading.language(row, "language")): row for row in listed}
    found = changed = 0
    for pk in MessageTemplate.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = MessageTemplate.objects.select_for_update().get(pk=pk)
            theirs = there.get((row.name_at_meta, row.language))
            found += theirs is not None
            changed += _compared(row, theirs, began)
    incidents.close(FAILED, key=_KEY)
    return Synced(found, changed)


def _compared(row: MessageTemplate, theirs: Mapping[str, Any] | None, began: datetime) -> bool:
    """Keep what the list says of it; whether that is news."""
    before = [getattr(row, name) for name in _FIELDS]
    if theirs is None:
        _gone(row, began)
    else:
        _take(row, theirs, began)
    changed = before != [getattr(row, name) for name in _FIELDS]
    if changed:
        row.refused_at = None
    row.synced_at = began
    row.save()
    return changed


def _take(row: MessageTemplate, theirs: Mapping[str, Any], began: datetime) -> None:
    if isinstance(components := cleaned(theirs.get("components")), list):
        row.components = components
    row.meta_id = reading.text(theirs, "id")[:64] or row.meta_id
    row.category_at_meta = reading.code(theirs, "category", TemplateCategory) or row.category_at_meta
    score = reading.part(theirs, "quality_score")
    row.quality = reading.code(score, "score", TemplateQuality) or ""
    status = reading.code(theirs, "status", TemplateStatus) or TemplateStatus.UNKNOWN
    if status == row.status or _is_newer(row.status_at, began):
        return
    row.status, row.status_at = status, began - _SKEW
    row.reason = "" if status == TemplateStatus.APPROVED else reading.text(theirs, "rejected_reason")[:500]


def _gone(row: MessageTemplate, began: datetime) -> None:
    """Meta does not list it: it was deleted there, or has never arrived."""
    in_review = row.status == TemplateStatus.PENDING
    if row.status in (TemplateStatus.DRAFT, TemplateStatus.DELETED) or _is_newer(row.status_at, began):
        return
    if in_review and row.submitted_at is not None and row.submitted_at > began - _GRACE:
        return
    never_arrived = in_review and not row.meta_id
    row.status = TemplateStatus.DRAFT if never_arrived else TemplateStatus.DELETED
    row.status_at, row.reason, row.components = began - _SKEW, "", None


def _is_newer(status_at: datetime | None, began: datetime) -> bool:
    """Whether a webhook told how it stands while the list was on its way."""
    return status_at is not None and status_at > began - _SKEW
