"""The console's pages of notifications, a module per subject."""

from notifications.admin import alerts, broadcasts, reminders, schedules, templates, wishes

__all__ = ["alerts", "broadcasts", "reminders", "schedules", "templates", "wishes"]
