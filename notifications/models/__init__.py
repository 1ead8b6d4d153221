"""What is kept of notifications, a module per subject."""

from notifications.models.digests import Digest
from notifications.models.reminders import Reminder, ReminderRule, ReminderState
from notifications.models.schedules import Outcome, ScheduleRun

__all__ = ["Digest", "Outcome", "Reminder", "ReminderRule", "ReminderState", "ScheduleRun"]
