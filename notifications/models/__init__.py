"""What is kept of notifications, a module per subject."""

from notifications.models.alerts import Alert, AlertState
from notifications.models.broadcasts import Broadcast, BroadcastRecipient
from notifications.models.consent import ConsentEntry, Scope
from notifications.models.preferences import Preference, Reachability
from notifications.models.reminders import Reminder, ReminderRule, ReminderState
from notifications.models.schedules import Outcome, ScheduleRun
from notifications.models.templates import (
    MessageTemplate,
    TemplateCategory,
    TemplateQuality,
    TemplateStatus,
)

__all__ = [
    "Alert",
    "AlertState",
    "Broadcast",
    "BroadcastRecipient",
    "ConsentEntry",
    "MessageTemplate",
    "Outcome",
    "Preference",
    "Reachability",
    "Reminder",
    "ReminderRule",
    "ReminderState",
    "ScheduleRun",
    "Scope",
    "TemplateCategory",
    "TemplateQuality",
    "TemplateStatus",
]
