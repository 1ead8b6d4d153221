"""Conversations: where each stands, and what was said."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bot import handover
from bot.admin import transcript
from bot.models import Conversation
from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import ReadOnly, masked
from inspector_whatsapp.models import User

UNTIL = "until"


class PersonFilter(admin.SimpleListFilter):
    """Those in which a person of ours is wanted, or answers."""

    title = _("with a person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(human_until__gt=clock.now()) if self.value() == "yes" else queryset


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

    list_display = ("id", "whom", "flow", "turned_at", "turns", "pending_since", "human_until")
    list_filter = (PersonFilter, PendingFilter, "flow")
    list_select_related = ("contact",)
    search_fields = ("=contact__phone", "=contact__user_id", "=contact__username")
    search_help_text = _("The whole number, BSUID or username of the person.")
    exclude = ("lease_token",)
    change_form_template = "admin/bot/conversation/transcript.html"

    class Media:
        css = {"all": ("bot/transcript.css",)}

    def get_urls(self) -> list[URLPattern]:
        act = path(
            "<int:pk>/chat/<str:act>/",
            self.admin_site.admin_view(require_POST(self.act)),
            name="conversation_act",
        )
        return [act, *super().get_urls()]

    def act(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Take the chat over, answer in it, hand it back to the bot, or end what is under way."""
        conversation = get_object_or_404(Conversation, pk=pk)
        admin = request.user
        if not isinstance(admin, User) or not admin.has_perm("bot.change_conversation"):
            raise PermissionDenied
        match act:
            case "take":
                handover.take_over(conversation)
                done = _("The bot keeps silent: the chat is yours.")
            case "answer":
                try:
                    handover.answer(conversation, words=request.POST.get("words", ""), admin=admin)
                except handover.CannotAnswer as why:
                    self.message_user(request, str(why), messages.ERROR)
                    return redirect("admin:bot_conversation_change", pk)
                done = _("Your answer is on its way. The bot keeps silent until you hand the chat back.")
            case "back":
                handover.hand_back(conversation)
                done = _("The bot answers again.")
            case _:
                raise Http404
        self.message_user(request, str(done), messages.SUCCESS)
        return redirect("admin:bot_conversation_change", pk)

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
                "person": _person(conversation),
                "may_answer": request.user.has_perm("bot.change_conversation"),
            }
        return super().change_view(request, object_id, form_url, extra_context)


def _person(conversation: Conversation) -> dict[str, Any]:
    """Whether somebody of ours is in the chat, and for how long they may write freely."""
    now = clock.now()
    left = handover.window_left(conversation.contact, now=now)
    return {
        "has_it": handover.is_silent(conversation, now=now),
        "until": conversation.human_until,
        "summary": handover.summary(conversation, now=now) if conversation.human_since else "",
        "hours": left.days * 24 + left.seconds // 3600,
        "minutes": left.seconds // 60 % 60,
        "may_write": bool(left),
    }


def _moment(typed: str) -> datetime | None:
    try:
        moment = parse_datetime(typed)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
