"""Conversations, for admins: who talks with the bot, and what was said."""

from typing import Any, Final

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bot.admin.chat import transcript
from bot.admin.chat.entries import Entry
from bot.models import Conversation
from inspector_whatsapp import clock
from inspector_whatsapp.admin.pages import masked
from inspector_whatsapp.api.bodies import Listing, Moment, Query, YesNo, read
from inspector_whatsapp.api.doors import Door, Staff
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.people import LONGEST_ID
from inspector_whatsapp.api.staff.marks import AccountShown, PeoplesWords, seen

TAGS: Final = ["Admin: conversations"]
MAY_SEE: Final = Staff("bot.view_conversation")


class Which(Listing):
    """Some of the conversations."""

    user = serializers.CharField(max_length=LONGEST_ID, required=False, help_text="Inspector's id.")
    pending = YesNo(help_text="Whether somebody waits in it.")
    human = YesNo(help_text="Whether a person of ours has it.")


class Until(Query):
    """How far back."""

    until = Moment(required=False, help_text="Only what was before: `earlier` of the page after.")


class ConversationRow(serializers.ModelSerializer[Conversation]):
    """A conversation; the number is masked."""

    id = serializers.IntegerField()
    whom = serializers.SerializerMethodField()
    account = AccountShown(allow_null=True)

    class Meta:
        model = Conversation
        fields: tuple[str, ...] = (
            *("id", "whom", "account", "flow", "turns", "turned_at", "pending_since", "human_since"),
            "human_until",
        )

    def get_whom(self, conversation: Conversation) -> str | None:
        return masked(conversation.contact)


class Said(serializers.Serializer[Entry]):
    """A message of theirs or ours."""

    at = serializers.DateTimeField()
    ours = serializers.BooleanField()
    kind = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    text = PeoplesWords(source="words", allow_blank=True)
    reason = PeoplesWords(source="because", allow_blank=True)


class ConversationWhole(ConversationRow):
    """A conversation with a page of what was said in it, oldest first."""

    said = serializers.SerializerMethodField()
    earlier = serializers.SerializerMethodField()

    class Meta(ConversationRow.Meta):
        fields = (*ConversationRow.Meta.fields, "said", "earlier")

    @extend_schema_field(Said(many=True))
    def get_said(self, conversation: Conversation) -> list[dict[str, Any]]:
        return [Said(entry).data for entry in self.context["transcript"].entries]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_earlier(self, conversation: Conversation) -> str | None:
        earlier = self.context["transcript"].earlier
        return earlier.isoformat() if earlier else None


class Conversations(Door):
    """One per WhatsApp."""

    rights = {"GET": (MAY_SEE,)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS,
        operation_id="admin_list_conversations",
        parameters=[Which],
        responses=ConversationRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """List conversations, the newest first."""
        which, pages = read(Which, request), Pages()
        rows = Conversation.objects.select_related("contact", "account")
        if "user" in which:
            rows = rows.filter(account__platform_id=which["user"])
        if "pending" in which:
            rows = rows.filter(pending_since__isnull=not which["pending"])
        if "human" in which:
            silent = Conversation.objects.filter(human_until__gt=clock.Now())
            rows = rows.filter(pk__in=silent) if which["human"] else rows.exclude(pk__in=silent)
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([ConversationRow(one).data for one in found])


class OneConversation(Door):
    """A conversation."""

    rights = {"GET": (MAY_SEE,)}

    @extend_schema(
        tags=TAGS, operation_id="admin_get_conversation", parameters=[Until], responses=ConversationWhole
    )
    def get(self, request: Request, pk: int) -> Response:
        """Show what was said, as both sides saw it; secrets are left out."""
        until = read(Until, request).get("until")
        conversation = get_object_or_404(Conversation.objects.select_related("contact", "account"), pk=pk)
        seen(request, conversation)
        context = {"transcript": transcript.of(conversation, until=until)}
        return Response(ConversationWhole(conversation, context=context).data)


urlpatterns = [
    path("admin/conversations", Conversations.as_view()),
    path("admin/conversations/<int:pk>", OneConversation.as_view()),
]
