"""Messages: found, read with their story, said again, stopped."""

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import gateway, outbox
from inspector_whatsapp.admin import story
from inspector_whatsapp.admin.pages import recipient
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Listing, Moment, read
from inspector_whatsapp.api.doors import Door, Staff
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.people import LONGEST_ID
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.staff.marks import AccountShown, PeoplesWords, log, seen
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import TO_INSPECTOR, Category, Status

TAGS: Final = ["Admin: messages"]
MAY_SEE: Final = Staff("inspector_whatsapp.view_outboxmessage")
MAY_ACT: Final = Staff("inspector_whatsapp.change_outboxmessage")


class Which(Listing):
    """Some of the messages."""

    status = serializers.ChoiceField(choices=Status.choices, required=False)
    kind = serializers.CharField(max_length=48, required=False)
    channel = serializers.CharField(max_length=16, required=False)
    user = serializers.CharField(max_length=LONGEST_ID, required=False, help_text="Inspector's id.")
    text = serializers.CharField(min_length=3, max_length=100, required=False, help_text="Words in it.")

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python's.
        more = {"from": Moment(required=False), "to": Moment(required=False)}
        return {**super().get_fields(), **more}


class MessageRow(serializers.ModelSerializer[OutboxMessage]):
    """A message in a list; numbers and addresses are masked."""

    id = serializers.IntegerField()
    to = serializers.SerializerMethodField()
    account = AccountShown(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    category = serializers.ChoiceField(choices=Category.choices)
    reason = PeoplesWords(allow_blank=True)

    class Meta:
        model = OutboxMessage
        fields: tuple[str, ...] = (
            *("id", "kind", "channel", "to", "account", "category", "status", "reason", "error_code"),
            *("attempts", "created_at", "accepted_at", "sent_at", "delivered_at", "read_at", "failed_at"),
        )

    def get_to(self, message: OutboxMessage) -> str | None:
        return recipient(message.contact, message.account)


class StoryLine(serializers.Serializer[story.Line]):
    """A step of its way."""

    at = serializers.DateTimeField(allow_null=True)
    step = serializers.CharField()
    says = PeoplesWords(allow_blank=True)


class MessageWhole(MessageRow):
    """A message, with where it stands and how it came there."""

    text = PeoplesWords(allow_blank=True)
    standing = serializers.SerializerMethodField()
    story = serializers.SerializerMethodField()

    class Meta(MessageRow.Meta):
        fields = (*MessageRow.Meta.fields, "key", "text", "standing", "story")

    def get_standing(self, message: OutboxMessage) -> str:
        return story.standing(message)

    @extend_schema_field(StoryLine(many=True))
    def get_story(self, message: OutboxMessage) -> list[dict[str, Any]]:
        return [StoryLine(line).data for line in story.of(message)]


class Messages(Door):
    """Everything that leaves."""

    rights = {"GET": (MAY_SEE,)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS,
        operation_id="admin_list_messages",
        parameters=[Which],
        responses=MessageRow(many=True),
    )
    def get(self, request: Request) -> Response:
        """Find messages, the newest first."""
        pages = Pages()
        found = pages.paginate_queryset(_some(read(Which, request)), request, self) or []
        return pages.get_paginated_response([MessageRow(one).data for one in found])


class OneMessage(Door):
    """A message."""

    rights = {"GET": (MAY_SEE,)}

    @extend_schema(tags=TAGS, operation_id="admin_get_message", responses=MessageWhole)
    def get(self, request: Request, pk: int) -> Response:
        """Show a message with the story of it."""
        message = _of(pk)
        seen(request, message)
        return Response(MessageWhole(message).data)


class RetryMessage(Door):
    """Saying a message once more."""

    rights = {"POST": (MAY_ACT,)}

    @extend_schema(tags=TAGS, operation_id="admin_retry_message", request=None, responses={202: MessageWhole})
    def post(self, request: Request, pk: int) -> Response:
        """Say a message again that did not arrive, or of which nobody knows: once, in a row of its own."""
        return idempotency.once(request, lambda: self._retry(request, pk))

    def _retry(self, request: Request, pk: int) -> Response:
        message = _of(pk)
        if message.channel in TO_INSPECTOR:
            if not gateway.replay(message):
                raise outbox.CannotRetry
            again = message
        else:
            again = outbox.retry(message, actor=account_of(request))
        log(request, message, f"Said again as message {again.pk}.")
        return Response(MessageWhole(_of(again.pk)).data, status=202)


class CancelMessage(Door):
    """Stopping a message."""

    rights = {"POST": (MAY_ACT,)}

    @extend_schema(tags=TAGS, operation_id="admin_cancel_message", request=None, responses=MessageWhole)
    def post(self, request: Request, pk: int) -> Response:
        """Stop a message that has not left yet; one that is stopped already stays so."""
        return idempotency.once(request, lambda: self._cancel(request, pk))

    def _cancel(self, request: Request, pk: int) -> Response:
        message = _of(pk)
        if message.channel in TO_INSPECTOR:
            raise Problem(409, "to_inspector", "What Inspector is to hear is not stopped by hand.")
        if outbox.cancel(message, actor=account_of(request)):
            log(request, message, "Stopped before it left.")
        return Response(MessageWhole(_of(pk)).data)


def _of(pk: int) -> OutboxMessage:
    rows = OutboxMessage.objects.select_related("contact", "account", "cause__actor")
    return get_object_or_404(rows, pk=pk)


def _some(which: dict[str, Any]) -> QuerySet[OutboxMessage]:
    wanted = Q()
    for name in ("status", "kind", "channel"):
        if name in which:
            wanted &= Q(**{name: which[name]})
    if "user" in which:
        wanted &= Q(account__platform_id=which["user"])
    if "text" in which:
        wanted &= Q(text__icontains=which["text"])
    if "from" in which:
        wanted &= Q(created_at__gte=which["from"])
    if "to" in which:
        wanted &= Q(created_at__lt=which["to"])
    return OutboxMessage.objects.filter(wanted).select_related("contact", "account")
