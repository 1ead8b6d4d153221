"""Whether a property is still there: how it stands with it, asking its agent, and the agent's answer."""

from typing import Final

from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inspector_whatsapp import clock, enquiries
from inspector_whatsapp.api import idempotency
from inspector_whatsapp.api.authentication import account_of
from inspector_whatsapp.api.bodies import Body, read
from inspector_whatsapp.api.doors import Door, Person, Service
from inspector_whatsapp.api.problems import Problem
from inspector_whatsapp.api.properties import TAGS, seen
from inspector_whatsapp.changes import Origin
from inspector_whatsapp.models import Property
from inspector_whatsapp.models.enquiries import EnquiryState

UNKNOWN: Final = "unknown"
SHOWN: Final = inline_serializer(
    "StillThere",
    {
        "property": serializers.CharField(help_text="Its ref."),
        "state": serializers.ChoiceField(
            choices=[
                (EnquiryState.THERE, "its agent has confirmed it"),
                (EnquiryState.ASKED, "its agent is being asked"),
                (EnquiryState.UNANSWERED, "its agent has not answered"),
                (UNKNOWN, "nobody has asked lately, or it is not on offer: see its status"),
            ],
        ),
        "at": serializers.DateTimeField(
            allow_null=True, help_text="When it was confirmed, or when its agent was asked."
        ),
    },
)


class AgentsAnswer(Body):
    """What the agent says."""

    answer = serializers.ChoiceField(choices=[(each, each.label) for each in enquiries.ANSWERS])


class StillThere(Door):
    """Whether a property is still there."""

    rights = {"GET": (Person(), Service("read")), "POST": (Person(),), "PATCH": (Person(),)}

    @extend_schema(tags=TAGS, operation_id="get_still_there", responses={200: SHOWN})
    def get(self, request: Request, ref: str) -> Response:
        """Show whether its agent has confirmed lately that it is still there."""
        return Response(_shown(seen(request, ref)))

    @extend_schema(tags=TAGS, operation_id="ask_still_there", request=None, responses={200: SHOWN})
    def post(self, request: Request, ref: str) -> Response:
        """Ask its agent, for the person; a fresh answer is enough, and many who ask are one question."""
        return idempotency.once(request, lambda: self._ask(request, ref))

    def _ask(self, request: Request, ref: str) -> Response:
        property = seen(request, ref)
        enquiries.ask(seeker=account_of(request), property=property, origin=Origin.API)
        return Response(_shown(property))

    @extend_schema(
        tags=TAGS,
        operation_id="answer_still_there",
        request=AgentsAnswer,
        responses={200: SHOWN},
        examples=[OpenApiExample("it is there", {"answer": "there"}, request_only=True)],
    )
    def patch(self, request: Request, ref: str) -> Response:
        """Answer, as its agent. Taken is let or sold: the inspections to come are cancelled."""
        return idempotency.once(request, lambda: self._answer(request, ref))

    def _answer(self, request: Request, ref: str) -> Response:
        says = EnquiryState(read(AgentsAnswer, request)["answer"])
        agent, property = account_of(request), seen(request, ref)
        if property.agent_id != agent.pk:
            raise Problem(403, "not_yours", "Only its agent says whether a property is still there.")
        enquiry = enquiries.standing(property, now=clock.now())
        if enquiry is None:
            raise Problem(409, "not_asked", "Nobody has asked lately whether it is still there.")
        answer = enquiries.answer(enquiry=enquiry, says=says, actor=agent, origin=Origin.API)
        return Response(_shown(answer.enquiry.property))


def _shown(property: Property) -> dict[str, str | None]:
    known = enquiries.standing(property, now=clock.now())
    if known is None:
        return {"property": property.ref, "state": UNKNOWN, "at": None}
    at = known.ended_at if known.state == EnquiryState.THERE else known.asked_at
    return {"property": property.ref, "state": known.state, "at": at.isoformat() if at else None}
