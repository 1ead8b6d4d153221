"""What is kept of notifications, a module per subject."""

from notifications.models.consent import ConsentEntry, Scope
from notifications.models.digests import Digest
from notifications.models.preferences import Preference, Reachability
from notifications.models.reminders import Reminder, ReminderRule, ReminderState

__all__ = [
    "ConsentEntry",
    "Digest",
    "Preference",
    "Reachability",
    "Reminder",
    "ReminderRule",
    "ReminderState",
    "Scope",
]
