"""How the service is doing: incidents, the feed of changes, signs of life."""

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspector_whatsapp import incidents
from inspector_whatsapp.admin.pages import ReadOnly
from inspector_whatsapp.models import Change, Heartbeat, Incident


@admin.register(Incident)
class IncidentAdmin(ReadOnly):
    """What a person should look at; open ones first."""

    list_display = ("id", "kind", "sentence", "times", "opened_at", "last_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("sentence", "=key")
    ordering = (F("closed_at").desc(nulls_first=True), "-last_at")
    actions = ("close",)

    def has_rules_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inspector_whatsapp.change_incident")

    @admin.action(description=_("Close the chosen incidents"), permissions=["rules"])
    def close(self, request: HttpRequest, chosen: QuerySet[Incident]) -> None:
        closed = [
            incident
            for incident in chosen
            if not incident.closed_at and incidents.close(incident.kind, key=incident.key)
        ]
        sentence = ngettext("%d incident was closed.", "%d incidents were closed.", len(closed)) % len(closed)
        for incident in closed:
            self.log_change(request, incident, sentence)
        self.message_user(request, sentence, messages.SUCCESS if closed else messages.WARNING)


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
