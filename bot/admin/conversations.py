"""Conversations: where each stands, and what was said."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bot.admin import transcript
from bot.models import Conversation
from inspector_whatsapp.admin.pages import ReadOnly, masked

UNTIL = "until"


class PendingFilter(admin.SimpleListFilter):
    """Those somebody waits in."""

    title = _("pending")
    parameter_name = "pending"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "yes":
                return queryset.exclude(pending_since=None)
            case "no":
                return queryset.filter(pending_since=None)
        return queryset


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    """One row per contact; its page is the chat."""

    list_display = ("id", "whom", "flow", "turned_at", "turns", "pending_since")
    list_filter = (PendingFilter, "flow")
    list_select_related = ("contact",)
    search_fields = ("=contact__phone", "=contact__user_id", "=contact__username")
    search_help_text = _("The whole number, BSUID or username of the person.")
    exclude = ("lease_token",)
    change_form_template = "admin/bot/conversation/transcript.html"

    class Media:
        css = {"all": ("bot/transcript.css",)}

    @admin.display(description=_("contact"))
    def whom(self, conversation: Conversation) -> str | None:
        return masked(conversation.contact)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        conversation = self.get_object(request, object_id)
        # Whoever may not look is refused by the page itself.
        if conversation is not None and self.has_view_permission(request, conversation):
            until = _moment(request.GET.get(UNTIL, ""))
            extra_context = (extra_context or {}) | {
                "transcript": transcript.of(conversation, until=until),
                "until": until,
                "zone": settings.TIME_ZONE,
                "whom": masked(conversation.contact),
            }
        return super().change_view(request, object_id, form_url, extra_context)


def _moment(typed: str) -> datetime | None:
    try:
        moment = parse_datetime(typed)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
