"""What is kept of notifications, a module per subject."""

from notifications.models.alerts import Alert, AlertState
from notifications.models.reminders import Reminder, ReminderRule, ReminderState

__all__ = ["Alert", "AlertState", "Reminder", "ReminderRule", "ReminderState"]
