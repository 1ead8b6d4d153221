"""The console's page of broadcasts."""

from notifications.admin.broadcasts.page import BroadcastAdmin

__all__ = ["BroadcastAdmin"]
