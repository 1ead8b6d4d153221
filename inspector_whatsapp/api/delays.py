"""An inspector who is late for a visit."""

from typing import Any, Final

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import inspections
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Body, read
from inspector_whatsapp.api.doors import Door, Person
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Delay, Inspection, User
from inspector_whatsapp.models.delays import MINUTES

TAGS: Final = ["Bookings"]


class HowLate(Body):
    """By how much its inspector is late for an inspection of today."""

    minutes = serializers.ChoiceField(choices=[(each, each) for each in MINUTES])


class DelayShown(serializers.Serializer[Any]):
    """When its inspector will be there."""

    inspection = serializers.CharField()
    expected_at = serializers.DateTimeField(allow_null=True, help_text="Null: as it was booked.")


class DelayOfOne(Door):
    """Whether the inspector of an inspection is late; they say so themselves."""

    rights = {"PUT": (Person(),), "DELETE": (Person(),)}

    @extend_schema(
        tags=TAGS,
        operation_id="say_late",
        request=HowLate,
        responses={200: DelayShown},
    )
    def put(self, request: Request, ref: str) -> Response:
        """Say that its inspector is late: who waits is told at once, and again only if it changes."""
        return idempotency.once(request, lambda: self._late(request, ref))

    def _late(self, request: Request, ref: str) -> Response:
        person, minutes = account_of(request), read(HowLate, request)["minutes"]
        delay = inspections.run_late(
            inspection=_of(person, ref), minutes=minutes, actor=person, origin=Origin.API
        )
        return _shown(ref, delay)

    @extend_schema(tags=TAGS, operation_id="say_there", responses={200: DelayShown})
    def delete(self, request: Request, ref: str) -> Response:
        """Say that they are there, or will be in time after all; where they were not late nothing happens."""
        return idempotency.once(request, lambda: self._there(account_of(request), ref))

    def _there(self, person: User, ref: str) -> Response:
        inspections.be_there(inspection=_of(person, ref), actor=person, origin=Origin.API)
        return _shown(ref, None)


def _of(person: User, ref: str) -> Inspection:
    found = inspections.of(person).filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _shown(ref: str, delay: Delay | None) -> Response:
    shown = {"inspection": ref, "expected_at": delay.expected_at if delay else None}
    return Response(DelayShown(shown).data)
