"""What has happened at Inspector, event by event."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock
from inspector_whatsapp.api.bodies import Body, Moment, read
from inspector_whatsapp.api.doors import Door, Service
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.deadlocks import retried
from inspector_whatsapp.models import InspectorEvent
from notifications.api.event_types import TYPES, Type

AHEAD: Final = timedelta(days=1)  # of our clock: zones that were mixed up are less


class Envelope(Body):
    """What every event says."""

    id = serializers.RegexField(
        r"^[A-Za-z0-9._:-]+$", max_length=128, help_text="Yours; each does its work once."
    )
    type = serializers.ChoiceField(
        choices=[(name, name) for name in TYPES],
        error_messages={"invalid_choice": f"There is no such type; there are {', '.join(TYPES)}."},
    )
    at = Moment(help_text="When it happened.")
    data = serializers.DictField()  # type: ignore[assignment]

    def validate_at(self, at: datetime) -> datetime:
        """By a clock that is far ahead, everything told later would be stale."""
        if at > clock.now() + AHEAD:
            raise serializers.ValidationError("That is more than a day ahead.")
        return at


def _documented(name: str, type_: Type) -> type[Body]:
    """The envelope as it is with this type: for the schema."""
    fields = {
        "__doc__": type_.data.__doc__,
        "type": serializers.ChoiceField(choices=[(name, name)]),
        "data": type_.data(),
    }
    words = name.replace(".", "_").split("_")
    return type("".join(word.capitalize() for word in words) + "Event", (Envelope,), fields)


EVENT: Final = PolymorphicProxySerializer(
    component_name="Event",
    serializers={name: _documented(name, type_) for name, type_ in TYPES.items()},
    resource_type_field_name="type",
)


class Taken(serializers.Serializer[dict[str, Any]]):
    """What came of it."""

    id = serializers.CharField()
    result = serializers.ChoiceField(
        choices=[
            ("done", "it was done, or was so already"),
            ("seen", "this very event has been here before"),
            ("stale", "something newer is known of it"),
        ]
    )


class Events(Door):
    """Inspector tells what has happened there. Nothing of it is told back."""

    rights = {"POST": (Service("events"),)}

    @extend_schema(
        tags=["Events"],
        operation_id="tell_event",
        request=EVENT,
        responses=Taken,
        examples=[
            OpenApiExample(
                name,
                {"id": f"evt-{name}", "type": name, "at": "2026-11-27T10:00:00+01:00", "data": type_.example},
                request_only=True,
            )
            for name, type_ in TYPES.items()
        ],
    )
    def post(self, request: Request) -> Response:
        """Take an event: once by its id, in any order; what is older than what is known changes nothing."""
        event = read(Envelope, request)
        type_ = TYPES[event["type"]]
        data = type_.data(data=event["data"])
        if not data.is_valid():
            raise serializers.ValidationError({"data": data.errors})
        # As it came: what was read of it may be told in several ways.
        said = hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
        result = retried(lambda: _take(event, type_, data.validated_data, said))
        return Response({"id": event["id"], "result": result})


def _take(event: dict[str, Any], type_: Type, data: dict[str, Any], said: str) -> str:
    """In the caller's transaction: the event is known from when its work is done, and not before."""
    # Whoever brings the same event at the same time waits here for the first.
    row, new = InspectorEvent.objects.get_or_create(
        event_id=event["id"],
        defaults={
            "type": event["type"],
            "at": event["at"],
            "fingerprint": said,
            "received_at": clock.now(),
        },
    )
    if not new:
        if row.fingerprint != said:
            raise Problem(409, "event_id_reused", "This id came with another event before.")
        return "seen"
    subject, work = type_.prepare(event["id"], data)
    if subject:
        row.subject = subject
        row.save(update_fields=["subject"])
        if _is_old(subject, event["at"]):
            return "stale"
    work()
    return "done"


def _is_old(subject: str, at: datetime) -> bool:
    """Whether a newer word on it has been here; of several at once, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"event {subject}"])
    return InspectorEvent.objects.filter(subject=subject, at__gt=at).exists()
