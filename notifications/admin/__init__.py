"""The console's pages of notifications, a module per subject."""

from notifications.admin import reminders, schedules, templates

__all__ = ["reminders", "schedules", "templates"]
