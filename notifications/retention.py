"""How long reminders are kept."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from inspector_whatsapp.retention import Kept
from notifications.models import Reminder, ReminderState


def rules() -> Iterable[Kept]:
    """Reminders of inspections that are long over."""
    return (
        Kept(
            what="reminders",
            model=Reminder,
            since="scheduled_for",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(state=ReminderState.PLANNED),
        ),
    )
