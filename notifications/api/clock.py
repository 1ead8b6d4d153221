"""The simulator's door to the clock. Closed, as if it were not there, unless SIMULATOR is set."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from inspector_whatsapp import clock, doorbell
from inspector_whatsapp.cloud_api import signature
from notifications.models import Reminder, ReminderState

FURTHEST = 31 * 24 * 3600  # seconds in one step


class ClockMove(serializers.Serializer[dict[str, Any]]):
    """How far: so many seconds, or just past the moment at which the next reminder is due."""

    advance_seconds = serializers.IntegerField(min_value=1, max_value=FURTHEST, required=False)
    to = serializers.ChoiceField(choices=["next_reminder"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either advance_seconds or to.")
        return attrs


@extend_schema(exclude=True)
class ClockDoor(APIView):
    """GET tells the clock, POST moves it ahead for everybody; both signed with the app secret."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not settings.SIMULATOR:
            raise Http404
        raw = request._request.body  # before anything parses it: the bytes are what was signed
        secrets = settings.WHATSAPP_APP_SECRETS[:1]
        if not signature.verify(raw, request.headers.get("X-Hub-Signature-256"), secrets):
            raise PermissionDenied("The signature is missing or wrong.")
        super().initial(request, *args, **kwargs)

    def get(self, request: Request) -> Response:
        return Response(_state())

    def post(self, request: Request) -> Response:
        wish = ClockMove(data=request.data)
        wish.is_valid(raise_exception=True)
        by = _how_far(wish.validated_data)
        if by is None:
            return Response({"detail": "No reminder is planned."}, status=status.HTTP_409_CONFLICT)
        clock.move(by)
        doorbell.ring_on_commit(doorbell.OUTBOX)
        return Response(_state())


def _how_far(wish: dict[str, Any]) -> timedelta | None:
    if "advance_seconds" in wish:
        return timedelta(seconds=wish["advance_seconds"])
    reminder = _next_reminder()
    return None if reminder is None else reminder.due_at - clock.now() + timedelta(seconds=1)


def _next_reminder() -> Reminder | None:
    """The one that will be due next, of a rule that is switched on."""
    planned = Reminder.objects.filter(state=ReminderState.PLANNED, due_at__gt=clock.Now())
    return planned.filter(rule__schedule__enabled=True).order_by("due_at").first()


def _state() -> dict[str, Any]:
    reminder = _next_reminder()
    return {
        "now": clock.now().isoformat(),
        "offset_seconds": int(clock.offset().total_seconds()),
        "next_reminder": reminder.due_at.isoformat() if reminder else None,
    }
