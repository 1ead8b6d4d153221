"""The console's pages of notifications, a module per subject."""

from notifications.admin import alerts, reminders, schedules, templates, wishes

__all__ = ["alerts", "reminders", "schedules", "templates", "wishes"]
