"""Alerts: who heard of which property that they look for, and why somebody did not."""

from django.contrib import admin

from inspector_whatsapp.admin.pages import ReadOnly
from notifications.models import Alert


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    """Written with the changes of properties, told by the service."""

    list_display = ("id", "seeker", "property", "at_once", "state", "reason", "found_at", "told_at")
    list_filter = ("state", "at_once")
    list_select_related = ("seeker", "property")
    search_fields = ("=property__ref", "=seeker__email")
