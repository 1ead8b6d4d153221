"""What is kept of notifications, a module per subject."""

from notifications.models.digests import Digest
from notifications.models.reminders import Reminder, ReminderRule, ReminderState
from notifications.models.templates import (
    MessageTemplate,
    TemplateCategory,
    TemplateQuality,
    TemplateStatus,
)

__all__ = [
    "Digest",
    "MessageTemplate",
    "Reminder",
    "ReminderRule",
    "ReminderState",
    "TemplateCategory",
    "TemplateQuality",
    "TemplateStatus",
]
