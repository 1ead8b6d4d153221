"""What is kept of notifications, a module per subject."""

from notifications.models.digests import Digest
from notifications.models.reminders import Reminder, ReminderRule, ReminderState

__all__ = ["Digest", "Reminder", "ReminderRule", "ReminderState"]
