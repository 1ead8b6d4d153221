"""What Meta says of templates by webhook."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings

from inspector_whatsapp import doorbell
from inspector_whatsapp.cloud_api import limits
from inspector_whatsapp.cloud_api.events import AccountEvent
from notifications.models import MessageTemplate, TemplateCategory, TemplateQuality, TemplateStatus
from notifications.registry import reading
from notifications.registry.declaring import definition
from notifications.registry.finding import SYNC
from notifications.registry.noticing import category_will_change, notice

# Events that are no status by their name.
_EVENTS: Final = {
    "REINSTATED": TemplateStatus.APPROVED,
    "UNPAUSED": TemplateStatus.APPROVED,
    "UNARCHIVED": TemplateStatus.APPROVED,
}


def heard(event: AccountEvent) -> bool:
    """Take in what Meta says of a template of ours; False when it is of none, or cannot be read.

    In the caller's transaction. What comes late and is older than what is known changes nothing.
    """
    change = _CHANGES.get(event.field)
    if change is None or event.business_account_id != settings.WHATSAPP_BUSINESS_ACCOUNT_ID:
        return False
    row = (
        MessageTemplate.objects.select_for_update()
        .filter(
            name_at_meta=reading.text(event.value, "message_template_name"),
            language=reading.language(event.value, "message_template_language"),
        )
        .first()
    )
    if row is None:
        return False
    if row.status == TemplateStatus.DRAFT:  # it was not we who made it there: what it says is not known
        doorbell.ring_on_commit(SYNC)
        return True
    if not change(row, event):
        return False
    row.meta_id = row.meta_id or reading.text(event.value, "message_template_id")[:64]
    row.refused_at = None
    row.save()
    notice(row.name, language=row.language)
    return True


def _status(row: MessageTemplate, event: AccountEvent) -> bool:
    if event.at is not None and row.status_at is not None and event.at < row.status_at:
        return True
    name = reading.text(event.value, "event")
    if name == "FLAGGED":  # it is sent still, and may be paused next
        row.quality = TemplateQuality.RED
        return True
    status = _EVENTS.get(name) or reading.code(event.value, "event", TemplateStatus)
    if status is None:
        return False
    row.status, row.status_at = status, event.at or row.status_at
    row.reason = "" if status == TemplateStatus.APPROVED else _reason(event.value)
    return True


def _quality(row: MessageTemplate, event: AccountEvent) -> bool:
    row.quality = reading.code(event.value, "new_quality_score", TemplateQuality) or ""
    return True


def _category(row: MessageTemplate, event: AccountEvent) -> bool:
    row.category_at_meta = reading.code(event.value, "new_category", TemplateCategory) or row.category_at_meta
    category_will_change(row, reading.code(event.value, "correct_category", TemplateCategory))
    return True


def _components(row: MessageTemplate, event: AccountEvent) -> bool:
    """It was edited there. Of buttons the webhook names links only: the list is asked for the whole."""
    known = {"components": row.components or definition(row)["components"]}
    buttons = limits.component(known, "BUTTONS")
    texts = (("HEADER", "title"), ("BODY", "element"), ("FOOTER", "footer"))
    found = [
        {"type": kind, "text": text}
        for kind, name in texts
        if (text := reading.text(event.value, f"message_template_{name}"))
    ]
    row.components = [*found, buttons] if buttons else found
    doorbell.ring_on_commit(SYNC)
    return True


def _reason(value: Mapping[str, Any]) -> str:
    """Why, in all the places where Meta says it."""
    rejection, more = reading.part(value, "rejection_info"), reading.part(value, "other_info")
    words = (
        reading.text(value, "reason"),
        reading.text(rejection, "reason"),
        reading.text(rejection, "recommendation"),
        reading.text(more, "description") or reading.text(more, "title"),
    )
    return "; ".join(word.rstrip(".") for word in words if word)[:500]


_CHANGES: Final[Mapping[str, Callable[[MessageTemplate, AccountEvent], bool]]] = {
    "message_template_status_update": _status,
    "message_template_quality_update": _quality,
    "message_template_components_update": _components,
    "template_category_update": _category,
}
