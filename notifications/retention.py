"""How long reminders, and the people of broadcasts, are kept."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from inspector_whatsapp.models.jobs import OPEN_STATES
from inspector_whatsapp.retention import Kept
from notifications.models import BroadcastRecipient, Reminder, ReminderState


def rules() -> Iterable[Kept]:
    """Reminders of inspections that are long over, and whom broadcasts were for that went out long ago."""
    return (
        Kept(
            what="reminders",
            model=Reminder,
            since="scheduled_for",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(state=ReminderState.PLANNED),
        ),
        Kept(
            what="people of broadcasts",
            model=BroadcastRecipient,
            since="at",
            days=settings.RETENTION_MESSAGES_DAYS,
            unless=Q(broadcast__job__state__in=OPEN_STATES),
        ),
    )
