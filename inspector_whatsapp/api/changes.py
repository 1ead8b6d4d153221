"""GET /changes: what happened here, in an order that skips nothing."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from inspector_whatsapp.api.bodies import Query
from inspector_whatsapp.api.doors import Door, Service
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.gateway import events, feed


class Wanted(Query):
    """From where on, and how many."""

    after = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=80,
        help_text="The `cursor` of the page before; none: from the beginning.",
    )
    limit = serializers.IntegerField(required=False, min_value=1, max_value=100, default=50)


class Happening(serializers.Serializer[Any]):
    """One change."""

    id = serializers.CharField(help_text="The same as `webhook-id`.")
    type = serializers.ChoiceField(choices=list(events.EVENTS))
    timestamp = serializers.DateTimeField()
    data = serializers.DictField(  # type: ignore[assignment]
        help_text="What it is about as that is now, null once it is gone."
    )


class Happenings(serializers.Serializer[Any]):
    """A page of the feed."""

    results = Happening(many=True)
    next = serializers.URLField(allow_null=True, help_text="The following page; null where this is the last.")
    cursor = serializers.CharField(
        allow_blank=True, help_text="Keep it: it is `after` of the next call, now or tomorrow."
    )


EXAMPLE = OpenApiExample(
    "An inspection was called off in the chat",
    response_only=True,
    value={
        "results": [
            {
                "id": "change-812",
                "type": "inspection_cancelled",
                "timestamp": "2026-12-01T09:00:00+00:00",
                "data": {
                    "origin": "chat",
                    "actor": "user-2041",
                    "subject": "IN-3107",
                    "inspection": {"ref": "IN-3107", "id": "inspection-5", "state": "cancelled"},
                },
            }
        ],
        "next": None,
        "cursor": "OTE4LjgxMg",
    },
)


class Changes(Door):
    """For a service that follows what people do here."""

    rights = {"GET": (Service("read"),)}

    @extend_schema(
        operation_id="changes", parameters=[Wanted], responses={200: Happenings}, examples=[EXAMPLE]
    )
    def get(self, request: Request) -> Response:
        """Changes after `after`, oldest first; what came from Inspector itself has the origin `sync`."""
        wanted = Wanted(data=request.query_params.dict())
        wanted.is_valid(raise_exception=True)
        limit = wanted.validated_data["limit"]
        try:
            page = feed.after(wanted.validated_data.get("after", ""), limit=limit)
        except feed.BadCursor:
            raise Problem(400, "bad_cursor", "This cursor is none of ours.") from None
        following = f"{settings.PUBLIC_URL}{reverse('changes')}?after={page.cursor}&limit={limit}"
        return Response(
            {
                "results": events.shown_as(page.changes),
                "next": following if page.more else None,
                "cursor": page.cursor,
            }
        )
