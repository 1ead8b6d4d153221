"""How the service is doing: the feed of changes, signs of life."""

from django.contrib import admin

from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.models import Change, Heartbeat


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    """The feed: everything that changed on the platform, newest first."""

    list_display = ("id", "kind", "subject", "actor", "origin", "at")
    list_filter = ("origin", "kind")
    list_select_related = ("actor",)
    search_fields = ("=subject", "=actor__email")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly):
    """Which processes were alive, and when last."""

    has_numbers = False
    list_display = ("name", "at")
    ordering = ("name",)
