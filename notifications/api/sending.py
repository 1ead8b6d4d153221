"""Telling somebody something from Inspector's website, and what became of it."""

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.bodies import Body, Listing, read
from inspector_whatsapp.api.doors import Door, Service
from inspector_whatsapp.api.paging import Pages
from inspector_whatsapp.api.people import LONGEST_ID, known
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.schema import KEY
from inspector_whatsapp.models import OutboxMessage
from inspector_whatsapp.models.outbox import Status
from notifications import messages
from notifications.recipients import CHANNELS

TAGS: Final = ["Notifications"]
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()-]{5,}[0-9]")
_ADDRESS: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_TIMES: Final = ("accepted", "sent", "delivered", "read", "failed", "uncertain")


class Words(Body):
    """What is said."""

    text = serializers.CharField(max_length=messages.LONGEST)


class Wish(Body):
    """What to tell whom."""

    kind = serializers.ChoiceField(choices=[("inspector_message", "A message in Inspector's own words")])
    user = serializers.CharField(max_length=LONGEST_ID, help_text="Inspector's id of the person.")
    parameters = Words()
    id = serializers.RegexField(
        r"^[A-Za-z0-9._-]+$",
        max_length=64,
        required=False,
        help_text="A name of yours: what was said by this name to this person is not said again.",
    )


class Wanted(Listing):
    """Whose."""

    user = serializers.CharField(max_length=LONGEST_ID, help_text="Inspector's id of the person.")


class MessageInShort(serializers.Serializer[OutboxMessage]):
    """It, on one channel."""

    id = serializers.IntegerField(source="pk")
    channel = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)


class Accepted(serializers.Serializer[dict[str, Any]]):
    """Under which id to ask what became of it."""

    id = serializers.CharField()
    messages = MessageInShort(many=True)


class Entry(serializers.Serializer[dict[str, Any]]):
    """A step, and its reason where there is one."""

    at = serializers.DateTimeField()
    step = serializers.CharField()
    says = serializers.CharField(allow_blank=True)


class MessageTold(MessageInShort):
    """It, on one channel, with everything that happened to it, oldest first."""

    reason = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()

    def get_reason(self, message: OutboxMessage) -> str:
        return discreet(message.reason)

    @extend_schema_field(Entry(many=True))
    def get_timeline(self, message: OutboxMessage) -> list[dict[str, Any]]:
        return _timeline(message)


class NotificationShown(serializers.Serializer[dict[str, Any]]):
    """A notification on all channels together."""

    id = serializers.CharField()
    kind = serializers.CharField()
    user = serializers.CharField(allow_null=True, help_text="Inspector's id of the person.")
    created_at = serializers.DateTimeField()
    messages = MessageTold(many=True)


class MessageOfList(MessageInShort):
    """A message; `notification` is the id of what it belongs to."""

    notification = serializers.SerializerMethodField()
    kind = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_notification(self, message: OutboxMessage) -> str:
        return name_of(message)


class Notifications(Door):
    """What somebody is told."""

    rights = {"GET": (Service("notify"), Service("read")), "POST": (Service("notify"),)}
    pagination_class = Pages

    @extend_schema(
        tags=TAGS,
        operation_id="list_notifications",
        parameters=[Wanted],
        responses=MessageOfList(many=True),
    )
    def get(self, request: Request) -> Response:
        """List what somebody was told, message by message, the newest first."""
        account, pages = known(read(Wanted, request)["user"]), Pages()
        rows = OutboxMessage.objects.filter(account=account, key__isnull=False, channel__in=CHANNELS)
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([MessageOfList(one).data for one in found])

    @extend_schema(
        tags=TAGS,
        operation_id="notify",
        parameters=[KEY],
        request=Wish,
        responses={202: Accepted},
        examples=[
            OpenApiExample(
                "a message",
                {
                    "kind": "inspector_message",
                    "user": "user-2041",
                    "parameters": {"text": "Your papers are ready."},
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Tell somebody something, on WhatsApp where they are connected and by e-mail, as they want it."""
        return idempotency.once(request, lambda: self._tell(request), demanded=True)

    def _tell(self, request: Request) -> Response:
        wish = read(Wish, request)
        account, text = known(wish["user"]), wish["parameters"]["text"]
        try:
            name = messages.tell(account=account, text=text, name=wish.get("id") or str(uuid.uuid4()))
        except messages.NotAMessage as why:
            raise serializers.ValidationError({"parameters": {"text": str(why)}}) from why
        rows = list(_rows(name))
        if any(row.arguments.get("text") != text.strip() for row in rows):
            raise Problem(409, "id_reused", "Something else was said to this person by that id.")
        return Response({"id": name, "messages": [MessageInShort(row).data for row in rows]}, status=202)


class OneNotification(Door):
    """What became of a notification."""

    rights = {"GET": (Service("notify"), Service("read"))}

    @extend_schema(tags=TAGS, operation_id="get_notification", responses=NotificationShown)
    def get(self, request: Request, id: str) -> Response:
        """Show what became of a notification on every channel, step by step, with the reasons."""
        rows = list(_rows(id))
        if not rows:
            raise Http404
        first = rows[0]
        shown = {
            "id": id,
            "kind": first.kind,
            "user": first.account.platform_id if first.account else None,
            "created_at": first.created_at,
            "messages": rows,
        }
        return Response(NotificationShown(shown).data)


def name_of(message: OutboxMessage) -> str:
    """What a message is called together with the same on other channels."""
    return (message.key or "").partition(":again:")[0].removesuffix(f":{message.channel}")


def discreet(text: str) -> str:
    """A reason without numbers and addresses of people, whoever wrote it."""
    return _ADDRESS.sub("•••", _NUMBER.sub("•••", text))


def _rows(name: str) -> QuerySet[OutboxMessage]:
    # What goes by one channel alone, as a code does, has a key that does not name it.
    same = (Q(key=name) | Q(key__startswith=f"{name}:again:")) & Q(account__isnull=False)
    for channel in CHANNELS:
        same |= Q(key=f"{name}:{channel}") | Q(key__startswith=f"{name}:{channel}:again:")
    rows = OutboxMessage.objects.filter(same, channel__in=CHANNELS)
    return rows.select_related("account").order_by("pk")


def _timeline(message: OutboxMessage) -> list[dict[str, Any]]:
    lines: list[tuple[datetime, str, str]] = []
    for told in message.story:
        at = parse_datetime(told["at"]) or message.created_at
        lines.append((at, told["step"], discreet(told["says"])))
    lines += _times(message)
    # Providers tell whole seconds, which may lie before it was written.
    lines.sort(key=lambda line: max(line[0], message.created_at))
    return [
        {"at": at.isoformat(), "step": step, "says": says}
        for at, step, says in [(message.created_at, "written", ""), *lines]
    ]


def _times(message: OutboxMessage) -> Iterable[tuple[datetime, str, str]]:
    for step in _TIMES:
        at: datetime | None = getattr(message, f"{step}_at")
        if at is not None:
            yield at, step, ""
