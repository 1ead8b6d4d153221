"""Safe visits: the code for the door, being there and out again, and a call for help."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, inspections
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Body, read
from inspector_whatsapp.api.doors import Door, Person
from inspector_whatsapp.api.inspections import inspection_of
from inspector_whatsapp.api.shown import plain
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Distress, Inspection, User

STEPS: Final[Mapping[str, Callable[..., object]]] = {
    "arrived": inspections.arrive,
    "left": inspections.depart,
    "stays": inspections.stay,
    "unsafe": inspections.call_for_help,
    "fine": inspections.take_back_call,
}


class Step(Body):
    """What the person says of the visit."""

    step = serializers.ChoiceField(
        choices=[(step, step) for step in STEPS],
        help_text="`arrived`, `stays`: whoever shows the property; `left`: they, or the seeker; "
        "`unsafe`, `fine`: anybody who has a part in it.",
    )


class SafetyShown(serializers.Serializer[Any]):
    """How the visit stands for the person."""

    arrived_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)
    asked_by = serializers.DateTimeField(
        allow_null=True, help_text="When they are asked, or looked for, unless they leave."
    )
    unsafe_since = serializers.DateTimeField(allow_null=True, help_text="Null: they did not call for help.")
    emergency_number = serializers.CharField()


class SafetyWithCode(SafetyShown):
    """The same, with the code for the door."""

    door_code = serializers.CharField(
        allow_null=True, help_text="On the day, for the seeker and whoever shows the property; else null."
    )


class Safety(Door):
    """The person's visit, on its day; any other is not there."""

    rights = {"GET": (Person(),), "POST": (Person(),)}

    @extend_schema(tags=["Safe visits"], operation_id="get_safety", responses={200: SafetyWithCode})
    def get(self, request: Request, ref: str) -> Response:
        """Show the code for the door, and how the visit stands. Do not keep the code."""
        person = account_of(request)
        inspection = inspection_of(person, ref)
        code = inspections.code_for(inspection, person.pk, now=clock.now())
        shown = {"door_code": code.removeprefix(f"{inspections.KEY} ") or None, **_shown(inspection, person)}
        return Response(plain(SafetyWithCode(shown)), headers={"Cache-Control": "no-store"})

    @extend_schema(
        tags=["Safe visits"],
        operation_id="say_of_visit",
        request=Step,
        responses={200: SafetyShown},
        examples=[OpenApiExample("a call for help", {"step": "unsafe"}, request_only=True)],
    )
    def post(self, request: Request, ref: str) -> Response:
        """Say that one is there, has left, stays, feels unsafe or is fine; said again it changes nothing."""
        return idempotency.once(request, lambda: self._say(request, ref))

    def _say(self, request: Request, ref: str) -> Response:
        person, step = account_of(request), read(Step, request)["step"]
        inspection = inspection_of(person, ref)
        STEPS[step](inspection=inspection, actor=person, origin=Origin.API)
        return Response(plain(SafetyShown(_shown(inspection, person))))


def _shown(inspection: Inspection, person: User) -> dict[str, Any]:
    stay = inspections.stay_of(person, inspection)
    distress = Distress.objects.filter(person=person, inspection=inspection, taken_back_at=None).first()
    return {
        "arrived_at": stay.arrived_at if stay else None,
        "left_at": stay.left_at if stay else None,
        "asked_by": stay.due_at if stay else None,
        "unsafe_since": distress.at if distress else None,
        "emergency_number": settings.EMERGENCY_NUMBER,
    }
