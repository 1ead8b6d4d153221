"""The console's pages of notifications, a module per subject."""

from notifications.admin import reminders, schedules

__all__ = ["reminders", "schedules"]
